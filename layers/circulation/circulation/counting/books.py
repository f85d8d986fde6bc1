"""The books: the day book and the lifetime counters, which sum up the ledger."""

from collections.abc import Iterable, Iterator, Mapping

from circulation.aws.table import Table
from circulation.counting.counters import Counters, counter_of_item
from circulation.counting.counts import Count, LifetimeCounter, Page
from circulation.counting.day_book import DayBook, page_of_item
from circulation.counting.keys import count_key, page_key
from circulation.errors import ArticleNotFound


class Books:
    """The day book and the counters, in the library's table.

    The number shown of an article is that of its counter and of the pages of those days that the
    counter calls open. They may be read at different moments, in any order: a day is settled after
    its page has its final numbers, which do not change any more.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self.day_book = DayBook(table)
        self.counters = Counters(table)

    def count(self, article: str, *, today: str = "", consistent: bool = False) -> Count:
        """Read an article's count. Raises ArticleNotFound.

        The page of today, nearly always the only open day, is read in the same request, if that day
        is given; the pages of other open days in a second one.
        """
        keys = [count_key(article), *([page_key(article, today)] if today else [])]
        counter, pages = None, dict[str, Page]()
        for item in self._table.get_many(keys, consistent=consistent):
            if item["sk"] == "COUNT":
                counter = counter_of_item(item)
            else:
                pages[today] = page_of_item(item)
        if counter is None:
            raise ArticleNotFound(article)
        others = [(article, day) for day in counter.open_days if day != today]
        for page in self._pages(others, consistent=consistent):
            pages[page.day] = page
        return counter.shown(pages)

    def counts(self, articles: Iterable[str], *, consistent: bool = False) -> dict[str, Count]:
        """Read the counts of articles by id, of those that have one."""
        return self.shown(self.counters.of(articles, consistent=consistent), consistent=consistent)

    def shown(
        self, counters: Mapping[str, LifetimeCounter], *, consistent: bool = False
    ) -> dict[str, Count]:
        """Give the numbers shown by counters that were read; only pages of open days are read."""
        open_pages = (
            (counter.article, day) for counter in counters.values() for day in counter.open_days
        )
        pages: dict[str, dict[str, Page]] = {}
        for page in self._pages(open_pages, consistent=consistent):
            pages.setdefault(page.article, {})[page.day] = page
        return {
            article: counter.shown(pages.get(article, {})) for article, counter in counters.items()
        }

    def _pages(self, pages: Iterable[tuple[str, str]], *, consistent: bool) -> Iterator[Page]:
        """Read those pages of articles and days that exist, in any order."""
        keys = (page_key(article, day) for article, day in pages)
        return map(page_of_item, self._table.get_many(keys, consistent=consistent))
