"""Note what is nice to know beside what has to be done, without any harm to that."""

from __future__ import annotations

import logging
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)


class Notes:
    """Notes of one kind: an error is logged and the note dropped, and one goes on at a time."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = Lock()

    def begin(self, note: Callable[[], None]) -> Thread:
        """Begin to take a note; give the thread, for which nobody has to wait."""
        thread = Thread(target=self._take, args=(note,), daemon=True)
        thread.start()
        return thread

    def _take(self, note: Callable[[], None]) -> None:
        if not self._lock.acquire(blocking=False):
            _log.warning("%s are dropped: an earlier note goes on", self._what)
            return
        try:
            note()
        except Exception as error:  # noqa: BLE001  whatever it is, nobody waits for it
            _log.warning("%s are dropped: %s", self._what, error)
        finally:
            self._lock.release()
