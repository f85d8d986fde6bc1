"""Filtered hits: how many were no reader's; about right, not exact.

They are counted once, for two readers: by article and day in the library's table, for statistics,
and over all articles as metrics, for whoever operates the stack.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from circulation.aws.table import Change, Table
from circulation.errors import StoreUnavailable
from circulation.rate_limited_sums import MAX_KEYS, Gathered
from circulation.views.hit import FILTERED, Reason
from circulation.views.keys import filtered_key

METRICS_EVERY = timedelta(minutes=1)
EVERY = timedelta(seconds=10)
"""How often a container writes for one article at most, however many crawlers come."""

PAST_AT_ONCE = 3
"""Writes for articles of an earlier day with one hit."""

_log = logging.getLogger(__name__)


class Filtered:
    """The filtered hits in the library's table, beside the day book and never in it."""

    def __init__(self, table: Table, emit: Callable[[Mapping[str, int]], None]) -> None:
        """Take the table, and what emits sums as metrics."""
        self._table = table
        self._emit = emit
        self._metrics = Gathered[str](METRICS_EVERY)
        self._gathered = Gathered[tuple[str, str]](EVERY)
        self._day = ""
        self._past: list[tuple[str, str, dict[str, int]]] = []
        """What was still gathered of a day when the next one began."""

    def count(self, article: str, day: str, reason: Reason, *, now: datetime) -> None:
        """Count a hit: in the table now or with the next one of the article that comes later.

        An article may have no other hit that day: what waits of earlier days is written with any
        hit of the new one, a few at a time. A table that fails is no reason to fail the hit: the
        sums wait, and nothing is written for a while, so that at most one answer is late for it.
        """
        self._emit(self._metrics.add("", f"Filtered{reason.capitalize()}", now=now))
        if day > self._day:
            left = [(*key, waiting) for key, waiting in self._gathered.empty()]
            self._past = (self._past + left)[-MAX_KEYS:]
            self._day = day
        sums = self._gathered.add((article, day), reason, now=now)
        if not sums:
            return
        if not self._write(article, day, sums):
            self._gathered.take_back((article, day), sums, now=now)
            return
        for _ in range(min(PAST_AT_ONCE, len(self._past))):
            past = self._past.pop()
            if not self._write(*past):
                self._past.append(past)
                self._gathered.wait(now=now)
                return

    def _write(self, article: str, day: str, sums: Mapping[str, int]) -> bool:
        """Add sums to an article's day; tell whether that was done."""
        change = Change(
            update="ADD " + ", ".join(f"#{reason} :{reason}" for reason in sums),
            names={f"#{reason}": reason for reason in sums},
            values={f":{reason}": hits for reason, hits in sums.items()},
        )
        try:
            self._table.update(filtered_key(article, day), change)
        except StoreUnavailable as error:
            _log.warning("filtered hits wait: %s", error)
            return False
        return True

    def of(self, article: str, days: Iterable[str]) -> dict[str, int]:
        """Sum an article's filtered hits of some days by reason, every reason named."""
        sums = Counter({str(reason): 0 for reason in FILTERED})
        for item in self._table.get_many(filtered_key(article, day) for day in days):
            sums.update({reason: item.get(reason, 0) for reason in FILTERED})
        return dict(sums)
