"""Read articles with their counts, one by one and in lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from circulation.article import Article
from circulation.breakdown import Readership
from circulation.count import Count, DayCount, Total
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.listing import Kind, Listing
from circulation.popularity import EVERYWHERE, Window
from circulation.store import Store
from circulation.store.library import Place
from circulation.times import day_of

MAX_PAGE_BYTES = 1_400_000
"""Lambda answers with at most 6 MB, in which a quote takes four bytes: it is escaped twice."""


@dataclass(frozen=True, slots=True)
class CountedArticle:
    """An article and its count."""

    article: Article
    count: Count
    version: int = 0
    """Of the article, 0 where it was not asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some articles of a list, and where the next page starts when there is one."""

    articles: list[CountedArticle]
    after: str | None


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


def read_article(article_id: str, store: Store, *, now: datetime) -> CountedArticle:
    """Give a published article.

    Raises ArticleNotFound, also before the article's time of publication, and ArticleGone.
    """
    shelved = store.library.find(article_id)
    if shelved is None:
        raise ArticleNotFound(article_id)
    if shelved.article is None:
        raise ArticleGone(article_id)
    if shelved.article.published > now:
        raise ArticleNotFound(article_id)
    return CountedArticle(shelved.article, store.counters.get(article_id), shelved.version)


def read_count(article_id: str, store: Store, *, now: datetime) -> Count:
    """Give a published article's count. Raises ArticleNotFound and ArticleGone."""
    count = store.counters.get(article_id)
    count.check_public(now)
    return count


def read_counts(
    article_ids: Sequence[str], store: Store, *, now: datetime
) -> tuple[list[Count], list[str]]:
    """Give the counts of the articles that can be read, and the ids of the others, in order."""
    found = store.counters.of(article_ids)
    public = {each.article: each for each in found.values() if each.is_public(now)}
    return (
        [public[each] for each in article_ids if each in public],
        [each for each in article_ids if each not in public],
    )


def read_total(
    article_id: str, days: Sequence[str] | None, store: Store, *, now: datetime
) -> Total | None:
    """Sum an article's views over UTC days, or over all time where none are named.

    None where no such article can be read.
    """
    count = store.counters.of([article_id]).get(article_id)
    if count is None or not count.is_public(now):
        return None
    if days is None:
        return Total(count.views, count.visitors)
    pages = store.day_book.days(article_id, days).values() if days else ()
    return Total(sum(page.views for page in pages), sum(page.visitors for page in pages))


def read_site(days: Sequence[str] | None, store: Store) -> Total:
    """Sum the whole site's views over UTC days that follow each other, or over all time.

    It is as of the last ranking: RankPopular sums it, every five minutes.
    """
    if days is None:
        return store.site.total()
    return store.site.days(days[0], days[-1]) if days else Total(0, 0)


def read_sections(store: Store, *, now: datetime) -> dict[str, int]:
    """Give the number of articles in each section that has any, by its name."""
    sections = sorted(
        listing.name
        for listing, edition in store.editions.all(now=now)
        if listing.kind is Kind.SECTION and edition.shown
    )
    return {each: store.library.count(Listing(Kind.SECTION, each), until=now) for each in sections}


@dataclass(frozen=True, slots=True)
class Statistics:
    """What became of an article's hits on the UTC days from first to last."""

    article: str
    first: str
    last: str
    readership: Readership
    filtered: dict[str, int]
    """Hits that were no reader's, by reason."""


def read_statistics(article_id: str, days: list[str], store: Store, *, now: datetime) -> Statistics:
    """Give an article's statistics of some days. Raises ArticleNotFound and ArticleGone."""
    read_count(article_id, store, now=now)
    return Statistics(
        article_id,
        days[0],
        days[-1],
        store.day_book.readership(article_id, days),
        store.filtered.of(article_id, days),
    )


def check_library(store: Store) -> None:
    """See whether the library answers. Raises StoreUnavailable."""
    store.library.find("health")


def list_articles(  # noqa: PLR0913  what a list is made of
    listing: Listing,
    store: Store,
    *,
    now: datetime,
    limit: int,
    after: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """Give up to limit articles of a listing, newest first, from the place after names.

    Since and until bound when they were published, both included. A page ends early when its
    bodies grow too large for one answer; its after goes on from there.
    """
    latest = min(now, until) if until else now
    places = list(
        store.library.places(listing, until=latest, since=since, limit=limit + 1, after=after)
    )
    found = store.library.with_counts(place.article for place in places[:limit])
    articles, after = fitting(places, {each: told[0] for each, told in found.items()}, limit)
    return Page([CountedArticle(*found[each.id]) for each in articles], after)


def fitting(
    places: Sequence[Place], found: Mapping[str, Article], limit: int
) -> tuple[list[Article], str | None]:
    """Give the found articles of up to limit places that fit in one answer, in their order.

    And the key of the last place that was taken, when there are more.
    """
    taken, size = 0, 0
    articles: list[Article] = []
    for place in places[:limit]:
        article = found.get(place.article)
        # Unpublished since the listing was read: the place is passed over, not repeated.
        if article:
            size += _size(article)
            if articles and size > MAX_PAGE_BYTES:
                break
            articles.append(article)
        taken += 1
    return articles, places[taken - 1].key if taken < len(places) else None


def _size(article: Article) -> int:
    """Give the bytes of an article's longest parts."""
    return sum(len(text.encode()) for text in (article.body, article.summary or "", article.title))


def read_popular(  # noqa: PLR0913  likewise
    window: Window,
    section: str | None,
    store: Store,
    *,
    now: datetime,
    limit: int,
    after: tuple[int, str] | None = None,
) -> Popular:
    """Give up to limit of the most read articles, of one section or of the whole site.

    Those that were unpublished or moved to another section since the ranking are left out, and the
    next ones move up. After is the rank that a page ended with: views, and the article.
    """
    ranked = store.rankings.get(window, section or EVERYWHERE)
    if ranked is None:
        return Popular([], None)
    articles: list[PopularArticle] = []
    left = ranks_after(ranked.ranking, after)
    while left and len(articles) < limit:
        missing = limit - len(articles)
        asked, left = left[:missing], left[missing:]
        found = store.library.with_counts(article for article, _ in asked)
        articles += [
            PopularArticle(CountedArticle(*found[article]), views)
            for article, views in asked
            if article in found and is_shown(found[article][0], section, now)
        ]
    return Popular(articles, ranked.as_of)


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


def read_days(
    article_id: str, days: list[str], store: Store, *, now: datetime
) -> dict[str, DayCount]:
    """Give the views and visitors of an article on each of the UTC days.

    Raises ArticleNotFound and ArticleGone.
    """
    read_count(article_id, store, now=now)
    pages = store.day_book.days(article_id, days)
    return {day: pages.get(day, DayCount(0, 0, {})) for day in days}


def read_hours(
    article_id: str, hours: list[datetime], store: Store, *, now: datetime
) -> dict[datetime, int]:
    """Give the views of an article in each of the UTC hours.

    Raises ArticleNotFound and ArticleGone.
    """
    days = read_days(article_id, list(dict.fromkeys(map(day_of, hours))), store, now=now)
    return {hour: days[day_of(hour)].hours.get(hour.hour, 0) for hour in hours}


def is_shown(article: Article, section: str | None, now: datetime) -> bool:
    """Tell whether an article's time has come and it is in the section that is asked for."""
    return article.published <= now and section in (None, article.section)
