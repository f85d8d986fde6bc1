"""Read what editors see: of the site, of an article, and of the last minutes."""

from dataclasses import dataclass
from datetime import datetime

from circulation.counting.books import Books
from circulation.counting.breakdown import OTHER, Readership
from circulation.counting.queries import read_count
from circulation.statistics.article_queries import read_article, read_article_now
from circulation.statistics.figure_stores import FigureStores
from circulation.statistics.figures import Now
from circulation.statistics.now import moving, now_of
from circulation.statistics.rollup import THE_SITE
from circulation.statistics.rows import sum_tables
from circulation.statistics.site_queries import read_site
from circulation.times import day_before, day_of
from circulation.views.filtered import Filtered

__all__ = [
    "Statistics",
    "read_article",
    "read_article_now",
    "read_now",
    "read_section_names",
    "read_site",
    "read_statistics",
]


@dataclass(frozen=True, slots=True)
class Statistics:
    """An article's hits on the UTC days from first to last."""

    article: str
    first: str
    last: str
    readership: Readership
    filtered: dict[str, int]
    """Hits that did not count, by reason."""


def read_statistics(
    article_id: str, days: list[str], books: Books, filtered: Filtered, *, now: datetime
) -> Statistics:
    """Read an article's statistics for UTC days that follow each other.

    Raises ArticleNotFound and ArticleGone.
    """
    read_count(article_id, books, now=now)
    return Statistics(
        article_id,
        days[0],
        days[-1],
        books.day_book.readership(article_id, days),
        filtered.of(article_id, days),
    )


def read_section_names(stores: FigureStores, *, now: datetime) -> tuple[str, ...]:
    """Read which sections have had views since yesterday, the most read first: one query."""
    today = day_of(now)
    read = stores.rollups.days(THE_SITE, day_before(today), today)
    views = sum_tables(stored.rollup.sections for stored in read.values())
    return tuple(sorted((name for name in views if name != OTHER), key=lambda name: -views[name]))


def read_now(stores: FigureStores, *, now: datetime) -> Now:
    """Read the last half hour: at most two queries, and one call for what moves is called."""
    minutes = stores.live_views.since(now)
    counters = stores.books.counters.of(moving(minutes, now))
    labels = {article: counter.labels for article, counter in counters.items()}
    return now_of(minutes, labels, now)
