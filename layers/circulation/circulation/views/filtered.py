"""Filtered hits: how many hits were no reader's. The numbers are approximate.

They are summed in one place for two uses: by article and day in the library's table, for
statistics, and over all articles as metrics, for operators.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from circulation.aws.table import Change, Table
from circulation.counting.canary import belongs_to_site
from circulation.counting.keys import BUCKETS
from circulation.errors import StoreUnavailable
from circulation.rate_limited_sums import MAX_KEYS, Gathered
from circulation.views.hit import FILTERED, Reason
from circulation.views.keys import filtered_key, filtered_partition

METRICS_INTERVAL = timedelta(minutes=1)
WRITE_INTERVAL = timedelta(seconds=10)
"""The shortest time between two writes of a container for one article."""

MAX_PAST_WRITES = 3
"""Writes of an earlier day's sums that one hit causes, at most."""

_log = logging.getLogger(__name__)


class Filtered:
    """Filtered hits in the library's table, in items of their own beside the day book."""

    def __init__(self, table: Table, emit: Callable[[Mapping[str, int]], None]) -> None:
        """Take the library's table, and a function that emits sums by name as metrics."""
        self._table = table
        self._emit = emit
        self._metrics = Gathered[str](METRICS_INTERVAL)
        self._gathered = Gathered[tuple[str, str]](WRITE_INTERVAL)
        self._day = ""
        self._past: list[tuple[str, str, dict[str, int]]] = []
        """Sums of earlier days that are not written yet: article, day, hits by reason."""

    def count(self, article: str, day: str, reason: Reason, *, now: datetime) -> None:
        """Count a filtered hit, and write the article's sums if WRITE_INTERVAL has passed.

        An article may have no later hit on that day. So sums left from earlier days are written
        with any hits of a new day, a few at a time. If the table fails, the hit does not: the sums
        stay in memory, and no write is tried for a while, so that at most one response is delayed.
        """
        self._emit(self._metrics.add("", f"Filtered{reason.capitalize()}", now=now))
        if day > self._day:
            unwritten = [(*key, waiting) for key, waiting in self._gathered.empty()]
            self._past = (self._past + unwritten)[-MAX_KEYS:]
            self._day = day
        sums = self._gathered.add((article, day), reason, now=now)
        if not sums:
            return
        if not self._write(article, day, sums):
            self._gathered.take_back((article, day), sums, now=now)
            return
        for _ in range(min(MAX_PAST_WRITES, len(self._past))):
            past = self._past.pop()
            if not self._write(*past):
                self._past.append(past)
                self._gathered.wait(now=now)
                return

    def _write(self, article: str, day: str, sums: Mapping[str, int]) -> bool:
        """Add sums to an article's item of a day; tell whether they were written."""
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

    def of_site(self, day: str) -> dict[str, int]:
        """Sum all articles' filtered hits of a day by reason, of those reasons that have any.

        The canary's are left out.
        """
        sums: Counter[str] = Counter()
        for bucket in BUCKETS:
            for item in self._table.query(filtered_partition(day, bucket), only=("sk", *FILTERED)):
                if not belongs_to_site(item["sk"]):
                    continue
                sums.update({str(reason): item[reason] for reason in FILTERED if reason in item})
        return dict(sums)

    def of(self, article: str, days: Iterable[str]) -> dict[str, int]:
        """Sum an article's filtered hits over days by reason; a reason without hits has 0."""
        sums = Counter({str(reason): 0 for reason in FILTERED})
        for item in self._table.get_many(filtered_key(article, day) for day in days):
            sums.update({reason: item.get(reason, 0) for reason in FILTERED})
        return dict(sums)
