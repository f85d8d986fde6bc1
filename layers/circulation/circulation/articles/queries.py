"""Read articles with their counts, one by one and in lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from circulation.articles.addresses import Addresses
from circulation.articles.article import Article
from circulation.articles.catalogue import Catalogue
from circulation.articles.edition import Edition
from circulation.articles.listing import Kind, Listing
from circulation.articles.lookup import follow
from circulation.aws.parallel import for_each
from circulation.counting.books import Books
from circulation.counting.counts import Count
from circulation.errors import ArticleGone, ArticleNotFound, PageNotFound
from circulation.times import day_of

MAX_PAGE_BYTES = 1_400_000
"""Bytes of texts in one page. Lambda answers with at most 6 MB, in which a quote takes four bytes,
as it is escaped twice."""


CHUNK = 20
"""Articles read at once. Fewer than this are read in vain when a page is full."""


MAX_SECTIONS = 1_000


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CountedArticle:
    """An article and its count."""

    article: Article
    count: Count
    version: int = 0
    """The version of the stored article; 0 if it was not read."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, and the key that the next page starts after; None on the last page."""

    articles: list[CountedArticle]
    after: str | None


def read_article(
    article_id: str, catalogue: Catalogue, books: Books, *, now: datetime
) -> CountedArticle:
    """Read a visible article with its count.

    Raises ArticleNotFound, also before the article's time of publication, and ArticleGone.
    """
    article, version = _find_visible(article_id, catalogue, now)
    return CountedArticle(article, books.count(article_id, today=day_of(now)), version)


def read_uncounted(article_id: str, catalogue: Catalogue, *, now: datetime) -> Article:
    """Read a visible article without its count. Raises ArticleNotFound and ArticleGone."""
    return _find_visible(article_id, catalogue, now)[0]


def _find_visible(article_id: str, catalogue: Catalogue, now: datetime) -> tuple[Article, int]:
    shelved = catalogue.library.find(article_id)
    if shelved is None:
        raise ArticleNotFound(article_id)
    if shelved.article is None:
        raise (ArticleGone if shelved.was_public else ArticleNotFound)(article_id)
    if shelved.article.published > now:
        raise ArticleNotFound(article_id)
    return shelved.article, shelved.version


def read_page_article(  # noqa: PLR0913  what is kept and time are arguments
    url: str,
    article_id: str | None,
    addresses: Addresses,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
) -> Article:
    """Read the visible article that is or was at an address, by its id; None if it has none.

    Raises PageNotFound, also before the article's time, so that its id is not revealed, and
    ArticleGone.
    """
    if article_id is None:
        raise PageNotFound(url)
    try:
        return follow(
            article_id,
            addresses,
            lambda found: read_article(found, catalogue, books, now=now).article,
        )
    except ArticleNotFound as error:
        raise PageNotFound(url) from error


def read_sections(catalogue: Catalogue, *, now: datetime) -> dict[str, int]:
    """Read the number of articles in each section, by its name; at most 1,000 sections.

    The sizes that are kept include articles that are to appear later, which are counted in the
    section's listing. A section that is shown has an article; if its size says that it has none, it
    was listed by an older version, and is counted.
    """
    editions = catalogue.editions.all(now=now, kind=Kind.SECTION, limit=MAX_SECTIONS)
    shown = [(listing, edition) for listing, edition in editions if edition.shown]
    sizes = catalogue.library.section_sizes.read(limit=MAX_SECTIONS)

    def count(entry: tuple[Listing, Edition]) -> int:
        section, edition = entry
        later = catalogue.library.count(section, after=now) if edition.awaiting else 0
        number = sizes[section.name] - later
        return number if number > 0 else catalogue.library.count(section) - later

    numbers = for_each(shown, count)
    return {section.name: number for (section, _), number in zip(shown, numbers, strict=True)}


def section_names(catalogue: Catalogue, *, now: datetime, limit: int = MAX_SECTIONS) -> list[str]:
    """Read the names of the sections that show an article, of the first ones by name."""
    editions = catalogue.editions.all(now=now, kind=Kind.SECTION, limit=limit)
    return [listing.name for listing, edition in editions if edition.shown]


def check_library(catalogue: Catalogue) -> None:
    """Check that the library's table answers. Raises StoreUnavailable."""
    catalogue.library.find("health")


def list_articles(  # noqa: PLR0913  what a list is made of
    listing: Listing,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    limit: int,
    after: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    bodies: bool = True,
) -> Page:
    """Read up to limit articles of a listing, newest first, after the place named by after.

    Since and until bound the time of publication, both included. A page ends early if its texts
    grow too large for one answer. Without bodies, hardly an article is read.
    """
    latest = min(now, until) if until else now
    places = list(
        catalogue.library.places(
            listing, until=latest, since=since, limit=limit + 1, after=after, heads=not bodies
        )
    )
    ids = [place.article for place in places[:limit]]
    if bodies:
        read = partial(read_counted, catalogue=catalogue, books=books)
    else:
        heads = catalogue.library.heads(listing, places[:limit])
        counts = books.counts(ids)
        read = partial(_with_counts, heads=heads, counts=counts, catalogue=catalogue)
    found, number = read_until_full(ids, read, lambda counted: size_of(counted.article))
    after = places[number - 1].key if number < len(places) else None
    return Page(found, after)


def read_counted(
    article_ids: Sequence[str], catalogue: Catalogue, books: Books
) -> dict[str, CountedArticle]:
    """Read the articles that are published, each with its count, by id."""
    found = catalogue.library.shelved_with_counters(article_ids, consistent=False)
    counts = books.shown({name: counter for name, (_, counter) in found.items()})
    return {
        name: CountedArticle(shelved.article, counts[name])
        for name, (shelved, _) in found.items()
        if shelved.article
    }


def _with_counts(
    article_ids: Sequence[str],
    *,
    heads: Mapping[str, Article],
    counts: Mapping[str, Count],
    catalogue: Catalogue,
) -> dict[str, CountedArticle]:
    articles = complete_heads(article_ids, heads, catalogue)
    return {
        name: CountedArticle(article, counts[name])
        for name, article in articles.items()
        if name in counts
    }


def complete_heads(
    article_ids: Sequence[str], heads: Mapping[str, Article], catalogue: Catalogue
) -> dict[str, Article]:
    """Give articles by id, without their bodies; those that heads lacks are read whole."""
    missing = [article_id for article_id in article_ids if article_id not in heads]
    articles = catalogue.library.articles(missing, consistent=False) if missing else {}
    return articles | {name: heads[name] for name in article_ids if name in heads}


def read_until_full(
    article_ids: Sequence[str],
    read: Callable[[Sequence[str]], Mapping[str, T]],
    size_of_value: Callable[[T], int],
) -> tuple[list[T], int]:
    """Read articles in order until one answer is full; give them, and how many ids were used.

    Ids that read does not find are skipped.
    """
    size, values = 0, list[T]()
    for start in range(0, len(article_ids), CHUNK):
        ids = article_ids[start : start + CHUNK]
        values_by_id = read(ids)
        for position, article_id in enumerate(ids, start):
            if article_id not in values_by_id:
                continue
            size += size_of_value(values_by_id[article_id])
            if values and size > MAX_PAGE_BYTES:
                return values, position
            values.append(values_by_id[article_id])
    return values, len(article_ids)


def size_of(article: Article) -> int:
    """Give the bytes of an article's texts."""
    texts = (
        article.body, article.title, article.summary, article.url, article.image, article.section,
        *article.tags, *article.authors,
    )  # fmt: skip
    return sum(len(text.encode()) for text in texts if text)


def is_shown(article: Article, section: str | None, now: datetime) -> bool:
    """Say whether an article is visible by now and in a section (None is any)."""
    return article.published <= now and section in (None, article.section)
