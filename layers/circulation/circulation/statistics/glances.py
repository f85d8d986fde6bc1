"""Glances at articles: their names, newest pages and mailings, of all rows in one call."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from circulation.articles.changes import mailings_of_item
from circulation.articles.keys import mailings_key
from circulation.counting.counters import counter_of_item
from circulation.counting.day_book import page_of_item
from circulation.counting.keys import count_key, id_of_item, page_key
from circulation.statistics.rows import Glance, hours_of_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from circulation.aws.table import Key, Table
    from circulation.counting.counts import DayCount, LifetimeCounter


class Glances:
    """The items of several rooms that a list of articles needs, in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(
        self, articles: Sequence[str], days: Sequence[str], *, mailings: bool = False
    ) -> dict[str, Glance]:
        """Read articles' names, pages of UTC days and, if wanted, when digests had them.

        One call for up to 100 items: an article's counter, each of its pages, and its mailings.
        Those without a counter are left out.
        """
        counters: dict[str, LifetimeCounter] = {}
        pages: defaultdict[str, dict[str, DayCount]] = defaultdict(dict)
        mailed: dict[str, tuple[datetime, ...]] = {}
        for item in self._table.get_many(_keys_of(articles, days, mailings=mailings)):
            if item["sk"] == "COUNT":
                counters[id_of_item(item)] = counter_of_item(item)
            elif "digests" in item:
                mailed[id_of_item(item)] = mailings_of_item(item)
            else:
                page = page_of_item(item)
                pages[page.article][page.day] = page.count
        return {
            article: Glance(counter.labels, hours_of_pages(pages[article]), mailed.get(article, ()))
            for article, counter in counters.items()
        }


def _keys_of(articles: Sequence[str], days: Sequence[str], *, mailings: bool) -> Iterator[Key]:
    for article in articles:
        yield count_key(article)
        yield from (page_key(article, day) for day in days)
        if mailings:
            yield mailings_key(article)
