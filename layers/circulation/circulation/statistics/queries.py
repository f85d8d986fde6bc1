"""Read what editors see of an article's views."""

from dataclasses import dataclass
from datetime import datetime

from circulation.counting.books import Books
from circulation.counting.breakdown import Readership
from circulation.counting.queries import read_count
from circulation.views.filtered import Filtered


@dataclass(frozen=True, slots=True)
class Statistics:
    """What became of an article's hits on the UTC days from first to last."""

    article: str
    first: str
    last: str
    readership: Readership
    filtered: dict[str, int]
    """Hits that were no reader's, by reason."""


def read_statistics(
    article_id: str, days: list[str], books: Books, filtered: Filtered, *, now: datetime
) -> Statistics:
    """Give an article's statistics of some days. Raises ArticleNotFound and ArticleGone."""
    read_count(article_id, books, now=now)
    return Statistics(
        article_id,
        days[0],
        days[-1],
        books.day_book.readership(article_id, days),
        filtered.of(article_id, days),
    )
