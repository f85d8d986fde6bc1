"""The rankings: one item for each window and section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circulation.popularity.keys import ranked_section, ranking_key, ranking_partition
from circulation.times import moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.articles.edition import Edition
    from circulation.articles.editions import Editions
    from circulation.aws.table import Item, Table
    from circulation.popularity.windows import Ranking, Window


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking and the time that it is as of."""

    ranking: Ranking
    as_of: datetime


class Rankings:
    """The rankings in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, window: Window, section: str | None) -> Ranked | None:
        """Read the ranking of a section, or of the site (None); None if there is none."""
        item = self._table.get(ranking_key(window, section))
        return ranked_of_item(item) if item else None

    def with_edition(
        self, window: Window, section: str | None, editions: Editions, *, now: datetime
    ) -> tuple[Edition | None, Ranked | None]:
        """Read a ranking and the whole site's edition in one request; None if there is none."""
        edition, item = editions.get_beside(ranking_key(window, section), now=now)
        return edition, ranked_of_item(item) if item else None

    def of(self, window: Window) -> dict[str | None, Ranked]:
        """Read a window's rankings by section."""
        items = self._table.query(ranking_partition(window))
        return {ranked_section(item["sk"]): ranked_of_item(item) for item in items}

    def put(
        self,
        window: Window,
        section: str | None,
        ranking: Ranking,
        *,
        as_of: datetime,
        clock: datetime,
    ) -> bool:
        """Write a ranking unless a later run has written one; say whether it was written.

        Clock is the current time: a stored ranking of the future is not a later one.
        """
        return self._table.put_latest(
            ranking_key(window, section), written_ranking(ranking), as_of=as_of, clock=clock
        )


def ranked_of_item(item: Item) -> Ranked:
    """Read the item of a ranking."""
    return Ranked(ranking_of_item(item), moment_of(item["as_of"]))


def written_ranking(ranking: Ranking) -> Item:
    """Give the attributes of a ranking."""
    return {
        "articles": [article for article, _ in ranking],
        "views": [views for _, views in ranking],
    }


def ranking_of_item(item: Item) -> Ranking:
    """Read a ranking out of an item's attributes."""
    return tuple(zip(item["articles"], item["views"], strict=True))
