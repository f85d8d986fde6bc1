"""Which reports and alerts were sent, and to whom: one small item for each local date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.aws.table import Change, ConditionFailed
from circulation.mail.keys import REPORTS, reports_key
from circulation.times import day_before, days_until

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.aws.table import Table

MAX_ALERTS = 2
"""Of a local date."""
KEPT_FOR = timedelta(days=35)
REMEMBERED = 5
"""Local dates for which an article is not alerted of again: it is watched for three days."""


class Reports:
    """What was sent of each date, in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def admit_alert(self, date: str, name: str, *, now: datetime) -> bool:
        """Say whether an alert is one of those of its date, and make it one while there are few.

        Raises StoreUnavailable.
        """
        change = Change(
            update="SET #ttl = :ttl ADD #alerts :added",
            condition=(
                "attribute_not_exists(#alerts) OR contains(#alerts, :name) OR size(#alerts) < :most"
            ),
            names={"#alerts": "alerts", "#ttl": "ttl"},
            values={
                ":added": {name},
                ":name": name,
                ":most": MAX_ALERTS,
                ":ttl": int((now + KEPT_FOR).timestamp()),
            },
        )
        return self._try(date, change)

    def alerted_before(self, date: str) -> set[str]:
        """Give the names of the alerts of the dates before a date."""
        last = day_before(date)
        (first, *_) = days_until(last, REMEMBERED)
        items = self._table.query(REPORTS, between=(first, last), consistent=True)
        return {name for item in items for name in item.get("alerts", ())}

    def claimed(self, date: str) -> set[str]:
        """Give the deliveries of a date that are made or being made. Raises StoreUnavailable."""
        item = self._table.get(reports_key(date), consistent=True) or {}
        return set(item.get("claimed", ()))

    def claim(self, date: str, delivery: str, *, now: datetime) -> bool:
        """Claim a delivery, so that no other run makes it; say whether it was free.

        Raises StoreUnavailable.
        """
        change = Change(
            update="SET #ttl = :ttl ADD #claimed :added",
            condition="attribute_not_exists(#claimed) OR NOT contains(#claimed, :delivery)",
            names={"#claimed": "claimed", "#ttl": "ttl"},
            values={
                ":added": {delivery},
                ":delivery": delivery,
                ":ttl": int((now + KEPT_FOR).timestamp()),
            },
        )
        return self._try(date, change)

    def give_back(self, date: str, delivery: str) -> None:
        """Free a delivery that was surely not made, for the next run."""
        change = Change(
            update="DELETE #claimed :delivery",
            names={"#claimed": "claimed"},
            values={":delivery": {delivery}},
        )
        self._table.update(reports_key(date), change)

    def _try(self, date: str, change: Change) -> bool:
        try:
            self._table.update(reports_key(date), change)
        except ConditionFailed:
            return False
        return True
