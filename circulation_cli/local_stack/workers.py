"""Threads that the stack needs: if one dies, the stack ends."""

import logging
import os
import signal
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Worker:
    """A thread that repeats a round of work until it is stopped.

    Work does a round and gives the seconds until the next one. Any exception ends the worker, and
    died is called once, with the reason.
    """

    def __init__(
        self, name: str, work: Callable[[], float], *, died: Callable[[str], None]
    ) -> None:
        self.name = name
        self._work = work
        self._died = died
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Start with the first round."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current round, and wait for that; one that has not started never will."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def is_stopping(self) -> bool:
        """Whether the current round is the last."""
        return self._stopping.is_set()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._work())
        except BaseException as error:  # noqa: BLE001  nothing else would report it
            _log.exception("%s has ended", self.name)
            self._died(f"the {self.name} has ended: {type(error).__name__}: {error}")


class Supervisor:
    """Stops this process in order when the first worker dies."""

    def __init__(self) -> None:
        self.reason = ""
        """Why the stack has to stop; empty while all workers live."""

    def died(self, reason: str) -> None:
        """Note why a worker died, and stop this process."""
        self.reason = self.reason or reason
        os.kill(os.getpid(), signal.SIGTERM)
