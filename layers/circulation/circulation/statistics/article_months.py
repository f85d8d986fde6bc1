"""Note the sealed days of articles in their months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.aws.parallel import for_each, portions
from circulation.aws.table import MAX_KEYS
from circulation.counting.canary import belongs_to_site
from circulation.statistics.article_month import ArticleDay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circulation.counting.day_book import DayBook
    from circulation.counting.sealing import Sealed
    from circulation.statistics.rollups import Rollups


def note_article_day(article: str, day: str, day_book: DayBook, rollups: Rollups) -> bool:
    """Add a sealed day of an article to its month, once; say whether it was missing.

    The canary has no months. An article's traits are those that were tallied. What was cut off is
    made good by doing it again. Raises StoreUnavailable.
    """
    if not belongs_to_site(article):
        return False
    for page, breakdown in day_book.breakdowns(article, [day]):
        if page.sealed and page.count.views:
            added = ArticleDay(day, page.count.views, page.count.visitors, breakdown)
            return rollups.add_article_day(article, added)
    return False


def note_sealed(
    results: Iterable[Sealed], day: str, day_book: DayBook, rollups: Rollups
) -> Iterator[Sealed]:
    """Pass on what was sealed of a day; then note that in the articles' months, several at a time.

    It is noted of those that were sealed also if another one failed, which is raised after that.
    """
    articles = []
    try:
        for sealed in results:
            articles.append(sealed.drift.article)
            yield sealed
    finally:
        for_each(articles, lambda article: note_article_day(article, day, day_book, rollups))


def note_missing_days(
    articles: Iterable[str], day: str, day_book: DayBook, rollups: Rollups
) -> None:
    """Add a settled day to the months of those articles that lack it.

    Usually of none: whoever sealed the day has noted it, unless that was broken off for good.
    """
    lacking = set[str]()
    for found in for_each(
        portions(articles, MAX_KEYS), lambda portion: rollups.lacking_day(portion, day)
    ):
        lacking |= found
    for_each(lacking, lambda article: note_article_day(article, day, day_book, rollups))
