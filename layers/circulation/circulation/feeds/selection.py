"""Select the articles of feeds and sitemaps, and read the editions that identify their versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from circulation.articles.article import Article
from circulation.articles.catalogue import Catalogue
from circulation.articles.edition import Edition
from circulation.articles.editions import SETTLES
from circulation.articles.keys import listing_end, listing_start, month_of_place, past
from circulation.articles.library import Place
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.queries import is_shown, read_until_full, size_of
from circulation.counting.books import Books
from circulation.errors import ListingNotFound, ListingRetired
from circulation.feeds.sitemap import Page, bounds_of_parts
from circulation.popularity.queries import read_shown_counts
from circulation.popularity.rankings import Rankings
from circulation.popularity.windows import Window
from circulation.times import hour_of

NEWS = timedelta(days=2)
MAX_NAMES = 1_000
"""Sections, tags or authors in the list of feeds at most; the first ones by name."""
MAX_MONTHS = 2_400
"""Months in the index of sitemaps at most, the newest: 200 years."""
FEW_MILESTONES = 4
"""A site with fewer has one sitemap, of some 1,600 articles; MAX_URLS are improbable."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Selection:
    """A feed's articles in order, and the key before which the next page starts, if any."""

    articles: list[Article]
    before: str | None = None


@dataclass(frozen=True, slots=True)
class PopularEdition:
    """A ranking, and its edition."""

    edition: Edition
    views: dict[str, int]
    """Views in the window by article, most first."""


@dataclass(frozen=True, slots=True)
class SitemapPart:
    """A part of the sitemap of a month, or that of the whole site."""

    listing: Listing
    number: int
    """From 1."""
    first: str
    """The sort key from which on its entries are; they are before the end."""
    end: str
    changed: datetime
    """When the month changed last."""


WHOLE_SITE = SitemapPart(ALL, 1, "0", "~", _NEVER)
"""The only sitemap of a small site."""


def read_edition(listing: Listing, catalogue: Catalogue, *, now: datetime) -> Edition:
    """Read the edition of a listing.

    The whole site always has one. Raises ListingNotFound if the listing never had a visible
    article, and ListingRetired if it has none any more.
    """
    edition = catalogue.editions.get(listing, now=now)
    if listing == ALL:
        return edition or Edition(0, _NEVER)
    if edition is None:
        raise ListingNotFound(listing.name)
    if not edition.shown:
        raise ListingRetired(listing.name)
    return edition


def select(
    listing: Listing, catalogue: Catalogue, *, now: datetime, limit: int, before: str | None = None
) -> Selection:
    """Select the newest articles of a listing, or those before a key.

    The read is consistent, as the articles must not be older than the edition they are shown for.
    Raises ListingNotFound if the listing, other than the whole site, has no visible article.
    """
    places = list(
        catalogue.library.places(listing, until=now, limit=limit + 1, after=before, consistent=True)
    )
    if not places and listing != ALL and before is None:
        raise ListingNotFound(listing.name)
    ids = [place.article for place in places[:limit]]
    articles, number = read_until_full(ids, catalogue.library.articles, size_of)
    return Selection(articles, places[number - 1].key if number < len(places) else None)


def read_popular_edition(
    window: Window, section: str | None, rankings: Rankings, catalogue: Catalogue, *, now: datetime
) -> PopularEdition:
    """Read a ranking and its edition, which changes with the ranking and with any article."""
    edition, ranked = rankings.with_edition(window, section, catalogue.editions, now=now)
    edition = edition or Edition(0, _NEVER)
    if ranked is None:
        return PopularEdition(edition, {})
    # Every stored ranking has a different time.
    number = edition.number + round(ranked.as_of.timestamp() * 1000)
    return PopularEdition(Edition(number, max(edition.moment, ranked.as_of)), dict(ranked.ranking))


def select_popular(  # noqa: PLR0913  stores and time are arguments
    popular: PopularEdition,
    section: str | None,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    limit: int,
) -> Selection:
    """Select the most read articles; those that went or moved make room for the next ones."""
    counts, _ = read_shown_counts(list(popular.views), section, books, now, limit, consistent=True)
    ids = [count.article for count in counts]
    articles, _ = read_until_full(ids, catalogue.library.articles, size_of)
    return Selection([article for article in articles if is_shown(article, section, now)])


def changed_since(articles: list[Article], since: datetime) -> list[Article]:
    """Give the articles that may have appeared or changed after an edition's moment.

    None are given if all did: then the whole feed is no longer than its changes, and can be cached.
    """
    changed = [
        article
        for article in articles
        if max(article.changed or article.revised(), article.published) >= since - SETTLES
    ]
    return changed if len(changed) < len(articles) else []


def read_pages(catalogue: Catalogue, part: SitemapPart, *, now: datetime) -> Iterator[Page]:
    """Read what a part of the sitemaps has: the visible articles, the oldest first."""
    end = min(part.end, past(now))
    places = catalogue.library.pages(part.first, end) if part.first <= end else ()
    return (Page(place.url, place.revised) for place in places if place.revised)


def read_sitemap_index(catalogue: Catalogue, *, now: datetime) -> list[SitemapPart]:
    """Read the parts of the sitemaps of all months, the oldest first; none of a small site.

    That has one sitemap. Only the newest MAX_MONTHS months are looked at.
    """
    milestones = _milestones(ALL, catalogue, now)
    if len(milestones) < FEW_MILESTONES:
        return []
    found = catalogue.editions.all(now=now, kind=Kind.MONTH, limit=MAX_MONTHS, descending=True)
    months = [(month, edition.moment) for month, edition in found if edition.shown][::-1]
    by_month = {name: list(places) for name, places in groupby(milestones, month_of_place)}
    return [
        part
        for month, changed in months
        for part in _parts_of_month(month, by_month.get(month.name, ()), changed)
    ]


def read_sitemap_part(
    month: Listing, number: int, catalogue: Catalogue, *, now: datetime
) -> SitemapPart:
    """Read which entries a part of a month's sitemap has. Raises ListingNotFound."""
    parts = list(_parts_of_month(month, _milestones(month, catalogue, now), _NEVER))
    if number > len(parts):
        raise ListingNotFound(f"{month.name}, part {number}")
    return parts[number - 1]


def _milestones(listing: Listing, catalogue: Catalogue, now: datetime) -> list[str]:
    """Read the milestones that are visible: no part has only articles that are to appear later."""
    bound = past(now)
    return [place for place in catalogue.library.milestones(listing) if place < bound]


def _parts_of_month(
    month: Listing, milestones: Sequence[str], changed: datetime
) -> Iterator[SitemapPart]:
    bounds = bounds_of_parts(milestones, listing_start(month), listing_end(month))
    for number, (first, end) in enumerate(bounds, 1):
        yield SitemapPart(month, number, first, end, changed)


def select_news(catalogue: Catalogue, *, now: datetime, limit: int) -> list[Place]:
    """Read the entries of up to limit articles of the last two days, newest first."""
    since = news_start(now)
    return list(catalogue.library.places(ALL, until=now, since=since, limit=limit, consistent=True))


def news_start(now: datetime) -> datetime:
    """Give the whole hour from which on articles are news, at most two days before now."""
    return hour_of(now) + timedelta(hours=1) - NEWS


def read_directory(catalogue: Catalogue, *, now: datetime) -> dict[Kind, list[str]]:
    """Read the sorted names of sections, tags and authors with articles, up to MAX_NAMES each."""
    return {
        kind: [
            listing.name
            for listing, edition in catalogue.editions.all(now=now, kind=kind, limit=MAX_NAMES)
            if edition.shown
        ]
        for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR)
    }
