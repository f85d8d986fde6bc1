"""Read the most read articles, and the whole site's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.queries import (
    CountedArticle,
    complete_heads,
    is_shown,
    read_until_full,
    size_of,
)
from circulation.counting.counts import Count, Total
from circulation.popularity.periods import Period
from circulation.popularity.windows import EVERYTHING
from circulation.times import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from circulation.articles.catalogue import Catalogue
    from circulation.counting.books import Books
    from circulation.popularity.charts import Charts
    from circulation.popularity.site import Site
    from circulation.popularity.windows import Among, Ranking, Window

MAX_PASSED = 100
"""Ranks that a page may skip because their articles went or moved; then it ends early."""


MAX_CHOSEN = 1_000
"""Articles of a listing that are looked at when only some of the ranked ones are wanted."""


@dataclass(frozen=True, slots=True)
class _Ranks:
    ranking: Ranking
    as_of: datetime
    error: int = 0


@dataclass(frozen=True, slots=True)
class PopularArticle:
    """A ranked article, and its views in the window at the time of the ranking."""

    counted: CountedArticle
    window_views: int


@dataclass(frozen=True, slots=True)
class Popular:
    """The most read articles in order, and the time of the ranking; None if there is none."""

    articles: list[PopularArticle]
    as_of: datetime | None
    after: tuple[str, int] | None = None
    """The rank (article, views) that the next page starts after; None on the last page."""
    error: int = 0
    """The most views that an article's number may lack: of a month of many articles."""


def read_site(days: Sequence[str] | None, site: Site) -> Total:
    """Read the whole site's views on UTC days that follow each other, or over all time (None).

    They are as of the last run of RankPopular, which sums them every five or ten minutes.
    """
    if days is None:
        return site.total()
    return site.days(days[0], days[-1]) if days else Total(0, 0)


def read_popular(  # noqa: PLR0913  likewise
    window: Window | Period,
    section: str | None,
    charts: Charts,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    limit: int,
    after: tuple[int, str] | None = None,
    among: Among = EVERYTHING,
    bodies: bool = True,
) -> Popular:
    """Read up to limit of the most read articles, of one section or of the whole site (None).

    Articles that were unpublished or moved to another section since the ranking are left out, and
    the next ones move up. After is the rank (views, article) that the previous page ended with. A
    page ends early when its texts grow too large for one answer, or when too many were left out.
    Without bodies, hardly an article is read.
    """
    found = _read_ranks(window, section, charts)
    if found is None:
        return Popular([], None)
    ranks = ranks_after(found.ranking, after)
    for chosen in _read_choices(window, section, among, catalogue, now):
        ranks = [rank for rank in ranks if rank[0] in chosen]
    views = dict(ranks)
    counts, position = read_shown_counts(
        [article for article, _ in ranks], section, books, now, limit
    )
    read = partial(catalogue.library.articles, consistent=False)
    if not bodies:
        heads = catalogue.library.heads_of(
            {count.article: count.published for count in counts if count.published}
        )
        read = partial(complete_heads, heads=heads, catalogue=catalogue)
    selected, number = read_until_full([count.article for count in counts], read, size_of)
    if number < len(counts):
        position = [article for article, _ in ranks].index(counts[number].article)
    by_id = {count.article: count for count in counts}
    articles = [
        PopularArticle(CountedArticle(article, by_id[article.id]), views[article.id])
        for article in selected
        if is_shown(article, section, now)
    ]
    last = ranks[position - 1] if position < len(ranks) else None
    return Popular(articles, found.as_of, last, found.error)


def _read_ranks(window: Window | Period, section: str | None, charts: Charts) -> _Ranks | None:
    """Read the ranks of a window, in which a section has its own, or of a period, which has one."""
    if isinstance(window, Period):
        stored = charts.tops.get(window)
        return _Ranks(stored.top.ranking, stored.as_of, stored.top.error) if stored else None
    ranked = charts.rankings.get(window, section)
    return _Ranks(ranked.ranking, ranked.as_of) if ranked else None


def _read_choices(
    window: Window | Period,
    section: str | None,
    among: Among,
    catalogue: Catalogue,
    now: datetime,
) -> Iterator[set[str]]:
    """Give sets of articles, each of which a rank has to be in.

    Of a listing, those are looked at that were published last before the window's end, at most
    MAX_CHOSEN.
    """
    listings = [Listing(Kind.TAG, among.tag)] if among.tag else []
    until, since = now, None
    if isinstance(window, Period):
        until = min(now, window.end - timedelta(seconds=1))
        listings += [Listing(Kind.SECTION, section)] if section else []
    if among.within is not None:
        since = max(FIRST, until - among.within)
        listings = listings or [Listing(Kind.SECTION, section) if section else ALL]
    for listing in listings:
        places = catalogue.library.places(listing, until=until, since=since, limit=MAX_CHOSEN)
        yield {place.article for place in places}


def read_shown_counts(  # noqa: PLR0913  likewise
    article_ids: Sequence[str],
    section: str | None,
    books: Books,
    now: datetime,
    limit: int,
    *,
    consistent: bool = False,
) -> tuple[list[Count], int]:
    """Read the counts of ranked articles, in order, until up to limit can be shown in a section.

    Counts suffice to decide that; no article's text is read. Answers also with the number of ranks
    gone through, at most MAX_PASSED more than the limit.
    """
    counts: list[Count] = []
    position = 0
    while position < min(len(article_ids), limit + MAX_PASSED):
        # Nearly always the first limit articles can all be shown; else one call reads the others.
        ids = article_ids[position : position + (MAX_PASSED if position else limit)]
        counts_by_id = books.counts(ids, consistent=consistent)
        for article_id in ids:
            position += 1
            count = counts_by_id.get(article_id)
            if count and count.is_public(now) and section in (None, count.section):
                counts.append(count)
                if len(counts) == limit:
                    return counts, position
    return counts, position


def ranks_after(
    ranking: Sequence[tuple[str, int]], after: tuple[int, str] | None
) -> list[tuple[str, int]]:
    """Give the ranks after one (views, article), which may be from an older ranking."""
    if after is None:
        return list(ranking)
    views, article = after
    if (article, views) in ranking:
        return list(ranking[ranking.index((article, views)) + 1 :])
    return [rank for rank in ranking if rank[1] < views]
