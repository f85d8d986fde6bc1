"""Threads that the stack cannot do without: one that dies is noticed, and ends the stack."""

import logging
import os
import signal
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Worker:
    """A thread that does one round after another until it is stopped.

    A round answers with the seconds until the next one. What it raises ends the worker for good:
    whoever watches it is told, once.
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
        """Begin with the first round."""
        self._thread.start()

    def stop(self) -> None:
        """End when the round that is under way is over; where it has not started, it will not."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def is_stopping(self) -> bool:
        """Whether the round that is under way is the last."""
        return self._stopping.is_set()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._work())
        except BaseException as error:  # noqa: BLE001  whatever it is, nobody else would see it
            _log.exception("%s has ended", self.name)
            self._died(f"the {self.name} has ended: {type(error).__name__}: {error}")


class Supervisor:
    """Knows whether every worker lives; the first that dies has this process stop in order."""

    def __init__(self) -> None:
        self.reason = ""
        """Why the stack cannot go on; empty while it can."""

    def died(self, reason: str) -> None:
        """Take note of a worker that died."""
        self.reason = self.reason or reason
        os.kill(os.getpid(), signal.SIGTERM)
