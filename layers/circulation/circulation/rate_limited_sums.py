"""Gathered sums: handed out at most once in a while, so that what is done with them stays cheap."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

MAX_KEYS = 10_000

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class _Sums:
    """The sums of one key since they were last handed out."""

    handed_out: datetime
    sums: Counter[str] = field(default_factory=Counter)


class Gathered(Generic[Key]):
    """Sums in memory, by key and name. What is not handed out when the process ends is lost."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._keys: dict[Key, _Sums] = {}
        self._waits_since: datetime | None = None

    def add(self, key: Key, name: str, *, now: datetime) -> dict[str, int]:
        """Count one. Answers with the key's sums when it is time for them, and else with nothing.

        It is time at the first one, and then when the last answer was long enough ago. Beyond
        MAX_KEYS the key that was handed out longest ago is forgotten.
        """
        known = self._keys.get(key)
        if known is None:
            if len(self._keys) >= MAX_KEYS:
                del self._keys[next(iter(self._keys))]
            known = self._keys[key] = _Sums(now - self._every)
        known.sums[name] += 1
        waits = self._waits_since is not None and self._is_recent(self._waits_since, now)
        if waits or self._is_recent(known.handed_out, now):
            return {}
        self._keys.pop(key)  # and to the end, so that the first is the one of longest ago
        self._keys[key] = _Sums(now)
        return dict(known.sums)

    def empty(self) -> list[tuple[Key, dict[str, int]]]:
        """Hand out everything that waits, and forget every key."""
        waiting = [(key, dict(known.sums)) for key, known in self._keys.items() if known.sums]
        self._keys.clear()
        return waiting

    def take_back(self, key: Key, sums: dict[str, int], *, now: datetime) -> None:
        """Keep sums that could not be used; nothing is handed out for a while, whatever its key."""
        self._keys[key].sums.update(sums)
        self.wait(now=now)

    def wait(self, *, now: datetime) -> None:
        """Hand nothing out for a while."""
        self._waits_since = now

    def _is_recent(self, moment: datetime, now: datetime) -> bool:
        """Tell whether a moment is less than a while away; further ahead, the clock was set back.

        Hits that come at once may come a little out of their order.
        """
        return abs(now - moment) < self._every
