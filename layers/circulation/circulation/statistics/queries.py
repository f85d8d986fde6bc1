"""Read what editors see: of the site, of an article, and of the last minutes."""

from dataclasses import dataclass
from datetime import datetime

from circulation.counting.books import Books
from circulation.counting.breakdown import Readership
from circulation.counting.queries import read_count
from circulation.statistics.article_queries import read_article
from circulation.statistics.figure_stores import FigureStores
from circulation.statistics.figures import Now
from circulation.statistics.now import moving, now_of
from circulation.statistics.site_queries import read_site
from circulation.views.filtered import Filtered

__all__ = ["Statistics", "read_article", "read_now", "read_site", "read_statistics"]


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


def read_now(stores: FigureStores, *, now: datetime) -> Now:
    """Read the last half hour: at most two queries, and one call for what moves is called."""
    minutes = stores.live_views.since(now)
    counters = stores.books.counters.of(moving(minutes, now))
    labels = {article: counter.labels for article, counter in counters.items()}
    return now_of(minutes, labels, now)
