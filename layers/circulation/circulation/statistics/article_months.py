"""Note the sealed days of articles in their months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.aws.parallel import for_each
from circulation.counting.canary import belongs_to_site
from circulation.statistics.article_month import ArticleDay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circulation.counting.day_book import DayBook
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


def note_missing_days(
    articles: Iterable[str], day: str, day_book: DayBook, rollups: Rollups
) -> None:
    """Add a settled day to the months of those articles that lack it.

    Usually of none: whoever sealed the day has noted it, unless that was broken off for good.
    """
    lacking = rollups.lacking_day(articles, day)
    for_each(lacking, lambda article: note_article_day(article, day, day_book, rollups))
