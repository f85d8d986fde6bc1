"""What is known by a hash, cached in memory: publishers' tokens and share links."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from circulation.access.tokens import Hashed, find_matching
from circulation.aws.sdk import CALL_ERRORS
from circulation.errors import StoreUnavailable

REFRESH = timedelta(minutes=1)
"""What was revoked is accepted for no longer than this while the table answers."""
GRACE = timedelta(hours=1)
"""What was read before is accepted for no longer than this while the table fails."""
PAUSE = timedelta(seconds=2)
"""After the table failed, it is not called again for this long."""
LOOKS = 10
LOOKS_PER = timedelta(seconds=10)
"""Unknown hashes make a container read the table at most LOOKS times in any LOOKS_PER."""

_log = logging.getLogger(__name__)

T = TypeVar("T", bound=Hashed)


class HashCache(Generic[T]):
    """All that the table has of a kind, read seldom.

    Read gives all of it and raises StoreUnavailable; kind names it in the log.
    """

    def __init__(self, read: Callable[[], list[T]], kind: str) -> None:
        self._read = read
        self._kind = kind
        self._at_hand: list[T] = []
        self._read_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._looked_at: list[datetime] = []
        self._lock = Lock()

    def find(self, sha256: str, *, now: datetime) -> T | None:
        """Find what has a SHA-256 (hex) in the cache, which is at most REFRESH old.

        What is not in it may be new: then the table is read again, LOOKS times in any LOOKS_PER.
        While the table fails, the cache is used for up to GRACE.
        """
        with self._lock:
            is_read = self._is_due(now) and self._refresh(now)
            found = self._find_at_hand(sha256, now)
            if found is None and not is_read and self._may_look(now) and self._refresh(now):
                found = self._find_at_hand(sha256, now)
            return found

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt to read the table failed."""
        return self._failed_at is not None

    def _find_at_hand(self, sha256: str, now: datetime) -> T | None:
        if self._read_at is None or abs(now - self._read_at) >= GRACE:
            return None
        return find_matching(sha256, self._at_hand)

    def _is_due(self, now: datetime) -> bool:
        """Say whether the cache is too old; if the clock went back, its age is unknown."""
        return self._read_at is None or not _is_within(self._read_at, now, REFRESH)

    def _may_look(self, now: datetime) -> bool:
        self._looked_at = [look for look in self._looked_at if _is_within(look, now, LOOKS_PER)]
        if len(self._looked_at) >= LOOKS:
            return False
        self._looked_at.append(now)
        return True

    def _refresh(self, now: datetime) -> bool:
        """Read the table into the cache; say whether that worked."""
        if self._failed_at is not None and _is_within(self._failed_at, now, PAUSE):
            return False
        try:
            read = self._read()
        except (StoreUnavailable, *CALL_ERRORS):
            # Whatever the reason, those who are in the cache are not affected.
            _log.exception("the %s could not be read", self._kind)
            self._failed_at = now
            return False
        self._at_hand, self._read_at, self._failed_at = read, now, None
        return True


def _is_within(moment: datetime, now: datetime, period: timedelta) -> bool:
    """Say whether a moment is less than a period ago, and not in the future."""
    return timedelta(0) <= now - moment < period
