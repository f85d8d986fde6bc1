"""Read articles with their counts, one by one and in lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from circulation.article import Article
from circulation.breakdown import Readership
from circulation.count import Count, DayCount, Total
from circulation.errors import ArticleGone, ArticleNotFound, PageNotFound
from circulation.listing import Kind, Listing
from circulation.popularity import Window
from circulation.store import Store
from circulation.times import day_of

MAX_PAGE_BYTES = 1_400_000
"""Of texts: Lambda answers with at most 6 MB, in which a quote takes four bytes: it is escaped
twice."""
CHUNK = 20
"""Articles read at once: what is read and not shown, because the page was full, is less than so
many."""
MAX_PASSED = 100
"""Ranks that a page goes beyond its limit for those that went or moved; then it ends early."""
MAX_SECTIONS = 1_000

T = TypeVar("T")


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
    after: tuple[str, int] | None = None
    """The rank, an article and its views, that the next page starts after, where there is one."""


def read_article(article_id: str, store: Store, *, now: datetime) -> CountedArticle:
    """Give a published article.

    Raises ArticleNotFound, also before the article's time of publication, and ArticleGone.
    """
    shelved = store.library.find(article_id)
    if shelved is None:
        raise ArticleNotFound(article_id)
    if shelved.article is None:
        raise (ArticleGone if shelved.was_public else ArticleNotFound)(article_id)
    if shelved.article.published > now:
        raise ArticleNotFound(article_id)
    return CountedArticle(shelved.article, store.counters.get(article_id), shelved.version)


def read_page_article(url: str, article_id: str | None, store: Store, *, now: datetime) -> Article:
    """Give the published article that an address is or was of; None is an address of none.

    Raises PageNotFound, also before the article's time, as nobody is told its id then; ArticleGone.
    """
    if article_id is None:
        raise PageNotFound(url)
    try:
        return read_article(article_id, store, now=now).article
    except ArticleNotFound as error:
        raise PageNotFound(url) from error


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
    """Give the number of articles in each section that has any, by its name: at most 1,000.

    It reads every section's listing, so that what it gives is to be kept for as long as the edition
    of the whole site stays the same.
    """
    editions = store.editions.all(now=now, kind=Kind.SECTION, limit=MAX_SECTIONS)
    sections = [listing for listing, edition in editions if edition.shown]
    return {each.name: store.library.count(each, until=now) for each in sections}


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
    articles, taken = fitting(
        [place.article for place in places[:limit]],
        store.library.with_counts,
        lambda found: found[0],
    )
    after = places[taken - 1].key if taken < len(places) else None
    return Page([CountedArticle(*each) for each in articles], after)


def fitting(
    article_ids: Sequence[str],
    read: Callable[[Sequence[str]], Mapping[str, T]],
    article_of: Callable[[T], Article],
) -> tuple[list[T], int]:
    """Read articles in their order until one answer is full: give them, and how many were passed.

    One that is not found any more is passed over.
    """
    size, taken = 0, list[T]()
    for start in range(0, len(article_ids), CHUNK):
        asked = article_ids[start : start + CHUNK]
        found = read(asked)
        for passed, article_id in enumerate(asked, start):
            if article_id not in found:
                continue
            size += _size(article_of(found[article_id]))
            if taken and size > MAX_PAGE_BYTES:
                return taken, passed
            taken.append(found[article_id])
    return taken, len(article_ids)


def _size(article: Article) -> int:
    """Give the bytes of an article's texts."""
    texts = (
        article.body, article.title, article.summary, article.url, article.image, article.section,
        *article.tags, *article.authors,
    )  # fmt: skip
    return sum(len(text.encode()) for text in texts if text)


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
    next ones move up. After is the rank that a page ended with: views, and the article. A page ends
    early when its bodies grow too large for one answer, or when too many were left out.
    """
    ranked = store.rankings.get(window, section)
    if ranked is None:
        return Popular([], None)
    ranks = ranks_after(ranked.ranking, after)
    views = dict(ranks)
    counts, passed = shown_of([article for article, _ in ranks], section, store, now, limit)
    found, taken = fitting(
        [count.article for count in counts],
        lambda asked: store.library.articles(asked, consistent=False),
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
    store: Store,
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
        found = store.counters.of(asked, consistent=consistent)
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
