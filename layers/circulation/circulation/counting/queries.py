"""Read the numbers of articles: lifetime counts, days and hours. Days are UTC dates: 2026-01-31."""

from collections.abc import Sequence
from datetime import datetime

from circulation.counting.books import Books
from circulation.counting.counts import Count, DayCount, Total
from circulation.times import day_of


def read_count(article_id: str, books: Books, *, now: datetime) -> Count:
    """Read a published article's count. Raises ArticleNotFound and ArticleGone."""
    count = books.count(article_id, today=day_of(now))
    count.check_public(now)
    return count


def read_counts(
    article_ids: Sequence[str], books: Books, *, now: datetime
) -> tuple[list[Count], list[str]]:
    """Read the counts of those articles that are public, and give the ids of the others."""
    counts = books.counts(article_ids)
    public = {count.article: count for count in counts.values() if count.is_public(now)}
    return (
        [public[article_id] for article_id in article_ids if article_id in public],
        [article_id for article_id in article_ids if article_id not in public],
    )


def read_total(
    article_id: str, days: Sequence[str] | None, books: Books, *, now: datetime
) -> Total:
    """Sum an article's views over UTC days, or over all time if days is None.

    Raises ArticleNotFound and ArticleGone.
    """
    count = read_count(article_id, books, now=now)
    if days is None:
        return Total(count.views, count.visitors)
    pages = books.day_book.days(article_id, days).values() if days else ()
    return Total(sum(page.views for page in pages), sum(page.visitors for page in pages))


def read_days(
    article_id: str, days: list[str], books: Books, *, now: datetime
) -> dict[str, DayCount]:
    """Read the views and visitors of an article on each of the UTC days.

    Raises ArticleNotFound and ArticleGone.
    """
    read_count(article_id, books, now=now)
    pages = books.day_book.days(article_id, days)
    return {day: pages.get(day, DayCount(0, 0, {})) for day in days}


def read_hours(
    article_id: str, hours: list[datetime], books: Books, *, now: datetime
) -> dict[datetime, int]:
    """Read the views of an article in each of the UTC hours, each given by its start.

    Raises ArticleNotFound and ArticleGone.
    """
    days = read_days(article_id, list(dict.fromkeys(map(day_of, hours))), books, now=now)
    return {hour: days[day_of(hour)].hours.get(hour.hour, 0) for hour in hours}
