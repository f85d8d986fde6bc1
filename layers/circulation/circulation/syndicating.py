"""What the feeds and sitemaps show, and by which edition it is known before it is read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from circulation.article import Article
from circulation.edition import Edition
from circulation.errors import ListingNotFound, ListingRetired
from circulation.listing import ALL, Kind, Listing
from circulation.popularity import EVERYWHERE, Window
from circulation.reading import fitting, is_shown
from circulation.store import Store
from circulation.store.editions import SETTLES
from circulation.store.library import Place
from circulation.times import hour_of

NEWS = timedelta(days=2)

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


def read_edition(listing: Listing, store: Store, *, now: datetime) -> Edition:
    """Tell how a listing stands.

    Raises ListingNotFound where no article ever was, and ListingRetired where none is left; the
    whole site is there from the beginning.
    """
    edition = store.editions.get(listing, now=now)
    if listing == ALL:
        return edition or Edition(0, _NEVER)
    if edition is None:
        raise ListingNotFound(listing.name)
    if not edition.shown:
        raise ListingRetired(listing.name)
    return edition


def select(
    listing: Listing, store: Store, *, now: datetime, limit: int, before: str | None = None
) -> Selection:
    """Give the newest articles of a listing, those before a key where one is given.

    What is shown for an edition must not be older than it, so that it is read consistently.
    Raises ListingNotFound where none of its articles' time has come, but for the whole site.
    """
    places = list(
        store.library.places(listing, until=now, limit=limit + 1, after=before, consistent=True)
    )
    if not places and listing != ALL and before is None:
        raise ListingNotFound(listing.name)
    found = store.library.articles(place.article for place in places[:limit])
    articles, after = fitting(places, found, limit)
    return Selection(articles, after)


def read_popular_edition(
    window: Window, section: str | None, store: Store, *, now: datetime
) -> PopularEdition:
    """Tell how a ranking stands: it changes when it is ranked anew, and with any article."""
    edition, ranked = store.editions.ranked(window, section or EVERYWHERE, now=now)
    edition = edition or Edition(0, _NEVER)
    if ranked is None:
        return PopularEdition(edition, {})
    # Each ranking that is written has a time of its own.
    number = edition.number + round(ranked.as_of.timestamp() * 1000)
    return PopularEdition(Edition(number, max(edition.moment, ranked.as_of)), dict(ranked.ranking))


def select_popular(
    popular: PopularEdition, section: str | None, store: Store, *, now: datetime, limit: int
) -> Selection:
    """Give the most read articles; those that went or moved leave their places to the next."""
    chosen: list[Article] = []
    left = list(popular.views)
    while left and len(chosen) < limit:
        asked, left = left[: limit - len(chosen)], left[limit - len(chosen) :]
        found = store.library.articles(asked)
        chosen += [
            found[each] for each in asked if each in found and is_shown(found[each], section, now)
        ]
    places = [Place(each.id, each.id) for each in chosen]
    return Selection(fitting(places, {each.id: each for each in chosen}, limit)[0])


def changed_since(articles: list[Article], since: datetime) -> list[Article]:
    """Give the articles that may have come or changed after an edition's moment."""
    return [
        each
        for each in articles
        if max(each.changed or each.revised(), each.published) >= since - SETTLES
    ]


def read_pages(store: Store, *, now: datetime) -> list[Place]:
    """Give the place of every article of the site, the oldest first."""
    return list(store.library.places(ALL, until=now, consistent=True))[::-1]


def select_news(store: Store, *, now: datetime, limit: int) -> list[Article]:
    """Give the articles of the last two days, newest first."""
    start = news_start(now)
    places = store.library.places(ALL, until=now, limit=limit, consistent=True)
    asked = [each.article for each in places]
    found = store.library.articles(asked)
    return [found[each] for each in asked if each in found and found[each].published >= start]


def news_start(now: datetime) -> datetime:
    """Give the whole hour from which on articles are news, at most two days back."""
    return hour_of(now) + timedelta(hours=1) - NEWS


def read_directory(store: Store, *, now: datetime) -> dict[Kind, list[str]]:
    """Name every section, tag and author with an article, sorted."""
    shown = [listing for listing, edition in store.editions.all(now=now) if edition.shown]
    return {
        kind: sorted(each.name for each in shown if each.kind is kind)
        for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR)
    }
