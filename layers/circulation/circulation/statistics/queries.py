"""Read an article's statistics for editors."""

from dataclasses import dataclass
from datetime import datetime

from circulation.counting.books import Books
from circulation.counting.breakdown import Readership
from circulation.counting.queries import read_count
from circulation.views.filtered import Filtered


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
