"""Filtered hits: how many were no reader's, by article, day and reason; about right, not exact."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from circulation.errors import StoreUnavailable
from circulation.gathered import Gathered
from circulation.store.keys import filtered_key
from circulation.store.table import Change, Table
from circulation.view import FILTERED, Reason

EVERY = timedelta(seconds=10)
"""How often a container writes for one article at most, however many crawlers come."""

_log = logging.getLogger(__name__)


class Filtered:
    """The filtered hits in the library's table, beside the day book and never in it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._gathered = Gathered(EVERY)

    def count(self, article: str, day: str, reason: Reason, *, now: datetime) -> None:
        """Count a hit, now or with the next one of the article that comes later.

        A table that fails is no reason to fail the hit: the sums wait, and nothing is written for
        a while, so that at most one answer is late for it.
        """
        sums = self._gathered.add((article, day), reason, now=now)
        if not sums:
            return
        change = Change(
            update="ADD " + ", ".join(f"#{reason} :{reason}" for reason in sums),
            names={f"#{reason}": reason for reason in sums},
            values={f":{reason}": hits for reason, hits in sums.items()},
        )
        try:
            self._table.update(filtered_key(article, day), change)
        except StoreUnavailable as error:
            _log.warning("filtered hits wait: %s", error)
            self._gathered.take_back((article, day), sums, now=now)

    def of(self, article: str, days: Iterable[str]) -> dict[str, int]:
        """Sum an article's filtered hits of some days by reason, every reason named."""
        sums = Counter({str(reason): 0 for reason in FILTERED})
        for item in self._table.get_many(filtered_key(article, day) for day in days):
            sums.update({reason: item.get(reason, 0) for reason in FILTERED})
        return dict(sums)
