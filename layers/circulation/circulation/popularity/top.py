"""The top of a period: its most read articles, and what the others amount to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circulation.popularity.day_views import ViewsByArticle
    from circulation.popularity.windows import Ranking

MAX_LISTED = 500


@dataclass(frozen=True, slots=True)
class Top:
    """The most read articles of a UTC day or a month, and the sum of the rest.

    Of a day the numbers are exact. A month's are sums of what its days list, so that an article's
    number lacks its views of the days on which it was not among the listed ones.
    """

    ranking: Ranking
    """Articles and their views, most first, then by id."""
    rest: int
    """The views of all articles that are not listed."""
    visitors: int
    """The visitors of all articles."""
    error: int = 0
    """The most views that the number of a listed article may lack."""
    unlisted: int = 0
    """The most views that an article which is not listed may have."""
    closed: bool = False
    """Whether the period is over and its numbers are final."""

    @property
    def views(self) -> int:
        """The views of all articles."""
        return self.rest + sum(views for _, views in self.ranking)

    @property
    def is_complete(self) -> bool:
        """Whether every article is listed, with its exact number."""
        return not (self.rest or self.error)


def top_of_day(views: ViewsByArticle, visitors: int, *, closed: bool) -> Top:
    """List the most read articles of a day by their views, of all articles, in the day book."""
    listed, others = _split(views)
    return Top(
        listed,
        rest=sum(number for _, number in others),
        visitors=visitors,
        unlisted=others[0][1] if others else 0,
        closed=closed,
    )


def top_of_month(days: Iterable[Top], *, closed: bool) -> Top:
    """List the most read articles of a month by the lists of its days."""
    sums: Counter[str] = Counter()
    rest = visitors = error = 0
    for day in days:
        sums.update(dict(day.ranking))
        rest += day.rest
        visitors += day.visitors
        error += day.unlisted
    listed, others = _split(sums)
    return Top(
        listed,
        rest=rest + sum(number for _, number in others),
        visitors=visitors,
        error=error,
        unlisted=error + (others[0][1] if others else 0),
        closed=closed,
    )


def _split(views: ViewsByArticle) -> tuple[Ranking, Ranking]:
    """Give the articles that are listed, in order, and the others."""
    ranked = [(article, number) for article, number in views.items() if number > 0]
    ranked.sort(key=lambda rank: (-rank[1], rank[0]))
    return tuple(ranked[:MAX_LISTED]), tuple(ranked[MAX_LISTED:])
