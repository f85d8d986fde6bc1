"""The tops: one item for each UTC day and each month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circulation.popularity.keys import TOP, top_key
from circulation.popularity.rankings import ranking_of_item, written_ranking
from circulation.popularity.top import Top
from circulation.times import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from circulation.aws.table import Item, Table
    from circulation.popularity.periods import Period


@dataclass(frozen=True, slots=True)
class StoredTop:
    """The top of a period, and the time that it is as of."""

    top: Top
    as_of: datetime


class Tops:
    """The tops in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, period: Period) -> StoredTop | None:
        """Read the top of a day or a month; None if there is none."""
        item = self._table.get(top_key(period))
        return _top_of_item(item) if item else None

    def between(self, first: str, last: str) -> dict[str, StoredTop]:
        """Read the tops of the periods from first to last, both included, by name.

        In the order of the names a month stands before its days.
        """
        items = self._table.query(TOP, between=(first, last))
        return {item["sk"]: _top_of_item(item) for item in items}

    def of(self, periods: Iterable[Period]) -> dict[str, StoredTop]:
        """Read the tops of periods that need not follow each other, by name."""
        items = self._table.get_many(map(top_key, periods))
        return {item["sk"]: _top_of_item(item) for item in items}

    def put(self, period: Period, top: Top, *, as_of: datetime, clock: datetime) -> bool:
        """Write the top of a period unless a later run has written it; say whether it did.

        Clock is the current time: a stored top of the future is not a later one.
        """
        numbers = {
            "rest": top.rest,
            "visitors": top.visitors,
            "error": top.error,
            "unlisted": top.unlisted,
            "closed": top.closed,
        }
        attributes = written_ranking(top.ranking) | numbers
        return self._table.put_latest(top_key(period), attributes, as_of=as_of, clock=clock)


def _top_of_item(item: Item) -> StoredTop:
    top = Top(
        ranking_of_item(item),
        rest=item["rest"],
        visitors=item["visitors"],
        error=item["error"],
        unlisted=item["unlisted"],
        closed=item["closed"],
    )
    return StoredTop(top, moment_of(item["as_of"]))
