"""Read the most read articles, and the whole site's numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from circulation.articles.catalogue import Catalogue
from circulation.articles.queries import CountedArticle, fitting, is_shown
from circulation.counting.books import Books
from circulation.counting.counts import Count, Total
from circulation.popularity.rankings import Rankings
from circulation.popularity.site import Site
from circulation.popularity.windows import Window

MAX_PASSED = 100
"""Ranks that a page goes beyond its limit for those that went or moved; then it ends early."""


@dataclass(frozen=True, slots=True)
class PopularArticle:
    """An article of a ranking, and its views in the window when it was ranked."""

    counted: CountedArticle
    window_views: int


@dataclass(frozen=True, slots=True)
class Popular:
    """The most read articles in their order, and when they were; None if nothing ever was."""

    articles: list[PopularArticle]
    as_of: datetime | None
    after: tuple[str, int] | None = None
    """The rank, an article and its views, that the next page starts after, where there is one."""


def read_site(days: Sequence[str] | None, site: Site) -> Total:
    """Sum the whole site's views over UTC days that follow each other, or over all time.

    It is as of the last ranking: RankPopular sums it, every five minutes.
    """
    if days is None:
        return site.total()
    return site.days(days[0], days[-1]) if days else Total(0, 0)


def read_popular(  # noqa: PLR0913  likewise
    window: Window,
    section: str | None,
    rankings: Rankings,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    limit: int,
    after: tuple[int, str] | None = None,
) -> Popular:
    """Give up to limit of the most read articles, of one section or of the whole site.

    Those that were unpublished or moved to another section since the ranking are left out, and the
    next ones move up. After is the rank that a page ended with: views, and the article. A page ends
    early when its bodies grow too large for one answer, or when too many were left out.
    """
    ranked = rankings.get(window, section)
    if ranked is None:
        return Popular([], None)
    ranks = ranks_after(ranked.ranking, after)
    views = dict(ranks)
    counts, passed = shown_of([article for article, _ in ranks], section, books, now, limit)
    found, taken = fitting(
        [count.article for count in counts],
        lambda asked: catalogue.library.articles(asked, consistent=False),
        lambda article: article,
    )
    if taken < len(counts):
        passed = [article for article, _ in ranks].index(counts[taken].article)
    by_id = {count.article: count for count in counts}
    articles = [
        PopularArticle(CountedArticle(article, by_id[article.id]), views[article.id])
        for article in found
        if is_shown(article, section, now)
    ]
    return Popular(articles, ranked.as_of, ranks[passed - 1] if passed < len(ranks) else None)


def shown_of(  # noqa: PLR0913  likewise
    article_ids: Sequence[str],
    section: str | None,
    books: Books,
    now: datetime,
    limit: int,
    *,
    consistent: bool = False,
) -> tuple[list[Count], int]:
    """Go through ranked articles until up to limit are found that can be shown in a section.

    Gives their counts, which tell that without an article's text, and how many were gone through:
    at most 100 more than the limit.
    """
    shown: list[Count] = []
    passed = 0
    while passed < min(len(article_ids), limit + MAX_PASSED):
        # Nearly always all of the first ones are shown; beyond them, one call for all.
        asked = article_ids[passed : passed + (MAX_PASSED if passed else limit)]
        found = books.counters.of(asked, consistent=consistent)
        for article_id in asked:
            passed += 1
            count = found.get(article_id)
            if count and count.is_public(now) and section in (None, count.section):
                shown.append(count)
                if len(shown) == limit:
                    return shown, passed
    return shown, passed


def ranks_after(
    ranking: Sequence[tuple[str, int]], after: tuple[int, str] | None
) -> list[tuple[str, int]]:
    """Give what comes after a rank, which may be from an older ranking."""
    if after is None:
        return list(ranking)
    views, article = after
    if (article, views) in ranking:
        return list(ranking[ranking.index((article, views)) + 1 :])
    return [each for each in ranking if each[1] < views]
