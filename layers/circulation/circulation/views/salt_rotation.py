"""Rotate the salts: make the next day's in the evening, and delete those of past days."""

from collections.abc import Callable
from datetime import datetime, timedelta

from circulation.times import day_of
from circulation.views.salts import Salts
from circulation.views.visitor import salt_life

MAKE_AHEAD = timedelta(hours=6)
"""How long before a day its salt is made."""
RECORD_LIFE = timedelta(days=2)
"""How long after a day the record is kept that its salt was deleted."""


def rotate_salts(
    salts: Salts,
    *,
    now: datetime,
    repeat_window: timedelta,
    random_bytes: Callable[[int], bytes],
) -> list[str]:
    """Make the salts that are due, delete those not needed any more, and give the latter's days."""
    for day in sorted({day_of(now), day_of(now + MAKE_AHEAD)}):
        salts.of(day, random_bytes)
    oldest = day_of(now - salt_life(repeat_window))
    past = [day for day in salts.days() if day < oldest]
    for day in past:
        salts.delete(day)
    for day in salts.deleted_days():
        if day < day_of(now - RECORD_LIFE):
            salts.erase(day)
    salts.forget(before=oldest)
    return past
