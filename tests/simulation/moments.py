"""Moments: what an eventually consistent read may still show of an item, and for how long.

Time is counted in calls: a moment is one attempt at a call, whoever makes it.
"""

import random
from collections import deque
from dataclasses import dataclass, field

from tests.simulation.expressions import Item

Place = tuple[str, tuple[str, str]]
"""A table's name and an item's key in it."""


@dataclass(slots=True)
class Moments:
    """The versions of items, each as long as a read may show it."""

    dice: random.Random
    lag: int
    """No read shows an item older than this many moments."""
    now: int = 0
    _versions: dict[Place, deque[tuple[int, Item | None]]] = field(default_factory=dict)
    """Each item's versions, the oldest first, with the moments since which they stand."""

    def note(
        self, table: str, key: tuple[str, str], before: Item | None, after: Item | None
    ) -> None:
        """Note a write; before or after is None where the item was made or deleted."""
        versions = self._versions.setdefault((table, key), deque([(-1, before)]))
        versions.append((self.now, after))
        while versions[1][0] <= self.now - self.lag:
            versions.popleft()

    def read(self, table: str, key: tuple[str, str], item: Item | None) -> Item | None:
        """Give an item as it stands now, or as it stood within the lag."""
        versions = self._versions.get((table, key))
        if versions is None or self.dice.random() < 0.5:
            return item
        moment = self.now - self.dice.randrange(self.lag)
        return next((version for since, version in reversed(versions) if since <= moment), item)

    def wait(self) -> None:
        """Let so much time pass that every read shows what was written."""
        self.now += self.lag + 1
