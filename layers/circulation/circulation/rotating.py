"""Rotate the salts: the next day's is ready in the evening, a past day's is gone for good."""

from collections.abc import Callable
from datetime import datetime, timedelta

from circulation.store import Store
from circulation.times import day_of
from circulation.visitor import SALT_GRACE

MAKE_AHEAD = timedelta(hours=6)


def rotate_salts(store: Store, *, now: datetime, random_bytes: Callable[[int], bytes]) -> list[str]:
    """Make the salts that are due and delete those of past days; answer with the deleted days."""
    for day in sorted({day_of(now), day_of(now + MAKE_AHEAD)}):
        store.salts.of(day, random_bytes)
    past = [day for day in store.salts.days() if day < day_of(now - SALT_GRACE)]
    for day in past:
        store.salts.delete(day)
    return past
