"""What the feeds and sitemaps show, and by which edition it is known before it is read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from circulation.articles.article import Article
from circulation.articles.catalogue import Catalogue
from circulation.articles.edition import Edition
from circulation.articles.editions import SETTLES
from circulation.articles.library import Place
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.queries import fitting, is_shown
from circulation.counting.books import Books
from circulation.errors import ListingNotFound, ListingRetired
from circulation.popularity.queries import shown_of
from circulation.popularity.rankings import Rankings
from circulation.popularity.windows import Window
from circulation.times import hour_of

NEWS = timedelta(days=2)
MAX_NAMES = 10_000
"""Of each kind in the list of feeds, in their order."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Selection:
    """Articles of a feed in their order, and the key that the next page comes before."""

    articles: list[Article]
    before: str | None = None


@dataclass(frozen=True, slots=True)
class PopularEdition:
    """A ranking with the edition it is shown in."""

    edition: Edition
    views: dict[str, int]
    """Views in the window, most first."""


def read_edition(listing: Listing, catalogue: Catalogue, *, now: datetime) -> Edition:
    """Tell how a listing stands.

    Raises ListingNotFound where no article ever was, and ListingRetired where none is left; the
    whole site is there from the beginning.
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
    """Give the newest articles of a listing, those before a key where one is given.

    What is shown for an edition must not be older than it, so that it is read consistently.
    Raises ListingNotFound where none of its articles' time has come, but for the whole site.
    """
    places = list(
        catalogue.library.places(listing, until=now, limit=limit + 1, after=before, consistent=True)
    )
    if not places and listing != ALL and before is None:
        raise ListingNotFound(listing.name)
    ids = [place.article for place in places[:limit]]
    articles, taken = fitting(ids, catalogue.library.articles, lambda article: article)
    return Selection(articles, places[taken - 1].key if taken < len(places) else None)


def read_popular_edition(
    window: Window, section: str | None, rankings: Rankings, catalogue: Catalogue, *, now: datetime
) -> PopularEdition:
    """Tell how a ranking stands: it changes when it is ranked anew, and with any article."""
    edition, ranked = rankings.with_edition(window, section, catalogue.editions, now=now)
    edition = edition or Edition(0, _NEVER)
    if ranked is None:
        return PopularEdition(edition, {})
    # Each ranking that is written has a time of its own.
    number = edition.number + round(ranked.as_of.timestamp() * 1000)
    return PopularEdition(Edition(number, max(edition.moment, ranked.as_of)), dict(ranked.ranking))


def select_popular(  # noqa: PLR0913  what is kept and time are arguments
    popular: PopularEdition,
    section: str | None,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    limit: int,
) -> Selection:
    """Give the most read articles; those that went or moved leave their places to the next."""
    counts, _ = shown_of(list(popular.views), section, books, now, limit, consistent=True)
    ids = [count.article for count in counts]
    articles, _ = fitting(ids, catalogue.library.articles, lambda article: article)
    return Selection([each for each in articles if is_shown(each, section, now)])


def changed_since(articles: list[Article], since: datetime) -> list[Article]:
    """Give the articles that may have come or changed after an edition's moment.

    None where all did: the whole feed has no more in it, and may be cached.
    """
    changed = [
        each
        for each in articles
        if max(each.changed or each.revised(), each.published) >= since - SETTLES
    ]
    return changed if len(changed) < len(articles) else []


def read_pages(catalogue: Catalogue, *, now: datetime) -> list[Place]:
    """Give the place of every article of the site, the oldest first."""
    return list(catalogue.library.places(ALL, until=now, consistent=True))[::-1]


def select_news(catalogue: Catalogue, *, now: datetime, limit: int) -> list[Place]:
    """Give the places of the articles of the last two days, newest first, up to limit."""
    since = news_start(now)
    return list(catalogue.library.places(ALL, until=now, since=since, limit=limit, consistent=True))


def news_start(now: datetime) -> datetime:
    """Give the whole hour from which on articles are news, at most two days back."""
    return hour_of(now) + timedelta(hours=1) - NEWS


def read_directory(catalogue: Catalogue, *, now: datetime) -> dict[Kind, list[str]]:
    """Name every section, tag and author with an article, sorted: at most 10,000 of each."""
    return {
        kind: [
            listing.name
            for listing, edition in catalogue.editions.all(now=now, kind=kind, limit=MAX_NAMES)
            if edition.shown
        ]
        for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR)
    }
