"""What stands of one article in several rooms' items, read in as few calls as it takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circulation.articles.items import shelved_of_item
from circulation.articles.keys import article_key
from circulation.counting.breakdown import Breakdown, empty_breakdown
from circulation.counting.counters import counter_of_item
from circulation.counting.day_book import breakdown_of_sums, page_of_item
from circulation.counting.keys import count_key, page_key
from circulation.views.hit import FILTERED
from circulation.views.keys import filtered_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circulation.aws.table import Item, Table
    from circulation.counting.counts import LifetimeCounter, Page


@dataclass(frozen=True, slots=True)
class Head:
    """An article's counter, and where it is."""

    counter: LifetimeCounter | None
    url: str


@dataclass(slots=True)
class DayPages:
    """An article's pages, and its hits that did not count."""

    pages: dict[str, Page] = field(default_factory=dict)
    """By UTC day."""
    breakdowns: dict[str, Breakdown] = field(default_factory=dict)
    """Likewise."""
    filtered: Counter[str] = field(default_factory=Counter)
    """By reason, summed over the days that were asked for."""

    def breakdown(self, days: Iterable[str]) -> Breakdown:
        """Sum the views by trait over some of the days."""
        total = empty_breakdown()
        for day in days:
            for sums, more in zip(total, self.breakdowns.get(day, ()), strict=False):
                sums.update(more)
        return total


class ArticlePages:
    """The items about an article in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def head(self, article: str) -> Head:
        """Read an article's counter and address, in one call."""
        counter, url = None, ""
        for item in self._table.get_many((count_key(article), article_key(article))):
            if item["sk"] == "COUNT":
                counter = counter_of_item(item)
            elif (published := shelved_of_item(item).article) is not None:
                url = published.url
        return Head(counter, url)

    def of(self, article: str, days: Iterable[str], filtered: Iterable[str]) -> DayPages:
        """Read an article's pages of UTC days, and its filtered hits of some; 100 items a call."""
        read = DayPages()
        keys = [
            *(page_key(article, day) for day in days),
            *(filtered_key(article, day) for day in filtered),
        ]
        for item in self._table.get_many(keys):
            _add(read, item)
        return read


def _add(read: DayPages, item: Item) -> None:
    if item["pk"].startswith("FILTERED#"):
        read.filtered.update({str(reason): item.get(reason, 0) for reason in FILTERED})
        return
    page = page_of_item(item)
    read.pages[page.day] = page
    read.breakdowns[page.day] = breakdown_of_sums(item)
