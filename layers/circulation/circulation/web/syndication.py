"""Feeds over HTTP: known by their edition, so that most requests read one small item."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlencode

from circulation.articles.article import Article
from circulation.articles.edition import Edition
from circulation.articles.library import Place
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publication import FeedStyle, Publication
from circulation.errors import ListingNotFound
from circulation.feeds.addresses import POPULAR, feed_path
from circulation.feeds.atom import atom
from circulation.feeds.channel import MEDIA_TYPES, Channel, Format, Popularity
from circulation.feeds.json_feed import json_feed
from circulation.feeds.opml import Outline, opml
from circulation.feeds.revision import revision
from circulation.feeds.rss import rss
from circulation.feeds.sitemap import MAX_URLS, Page, index, split
from circulation.settings import Settings
from circulation.web.conditional import (
    VARY,
    coding_for,
    content_hash,
    encoded,
    entity_tag,
    entity_tags,
    http_date,
    is_fresh,
    not_modified,
)
from circulation.web.cursors import cursor_of
from circulation.web.renditions import Rendition, Renditions
from circulation.web.request import Request
from circulation.web.response import Response

CHARSET = "charset=utf-8"

WRITERS: Mapping[Format, Callable[[Channel], bytes]] = {
    Format.RSS: rss,
    Format.ATOM: atom,
    Format.JSON: json_feed,
}

_TAG = re.compile(r'"([0-9a-f]{16})-[0-9a-f]+-([0-9a-f]{8,10})(?:-gzip)?"')
_LAST = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())
"""A client can write any tag; what is no time of the calendar is none of ours."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A feed or a sitemap at its address, in the edition that it has now."""

    base_url: str
    path: str
    """Of its address, without a format behind it."""
    query: Mapping[str, str]
    format: Format | None
    edition: Edition
    variant: str
    """What else decides the bytes: the writers' code and the deployment's settings."""
    hub: str
    max_age: int

    @property
    def url(self) -> str:
        """The address."""
        return self.url_as(self.format)

    @property
    def archived(self) -> bool:
        """Whether this is a page of older articles: it stays the same whatever comes after it."""
        return "before" in self.query

    def url_as(self, told: Format | None) -> str:
        """Give the address in a format."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{self.base_url}/{self.path}{f'.{told}' if told else ''}{query}"

    @property
    def name(self) -> str:
        """What names the content of this edition: it changes whenever the content does."""
        return f"{_hashed(self.variant, self.url)}-{self.edition.name}"

    def known_by(self, request: Request) -> datetime | None:
        """Give the moment of the edition that the client has, None where it has none of ours."""
        for each in entity_tags(request):
            told = _TAG.fullmatch(each)
            if told and told[1] == _hashed(self.variant, self.url):
                seconds = int(told[2], 16)
                return datetime.fromtimestamp(seconds, UTC) if seconds <= _LAST else None
        return None


def resource(
    request: Request, path: str, edition: Edition, settings: Settings, query: Mapping[str, str]
) -> Resource:
    """Make the resource that a request asks for; of the query, what is empty is left out."""
    ending = request.route.rpartition(".")[2]
    style = settings.feed_style
    return Resource(
        settings.api_url or request.base_url,
        path,
        {name: value for name, value in query.items() if value},
        Format(ending) if ending in set(Format) else None,
        edition,
        _variant(settings.publication, style),
        style.hub,
        style.max_age,
    )


def written(  # noqa: PLR0913, PLR0917  a feed is made of all of it
    feed: Resource,
    articles: Sequence[Article],
    name: str,
    next_url: str,
    settings: Settings,
    popularity: Popularity | None,
) -> Rendition:
    """Write a feed of some articles in its format."""
    assert feed.format  # noqa: S101  its route ends with one
    channel = Channel(
        settings.publication,
        feed.url,
        articles,
        feed.path,
        name,
        next_url,
        settings.feed_style,
        popularity,
    )
    return Rendition(WRITERS[feed.format](channel), next_url)


def feed_url(feed: Resource, before: str) -> str:
    """Give the address of the page of older articles, those that come before a key."""
    return replace(feed, query={**feed.query, "before": cursor_of(before)}).url


def directory_opml(
    request: Request, names: Mapping[Kind, Sequence[str]], settings: Settings
) -> bytes:
    """Write the list of every feed, each once, as RSS."""
    base_url, publication = settings.api_url or request.base_url, settings.publication

    def outline(name: str, path: str) -> Outline:
        return Outline(name, f"{base_url}/{path}.{Format.RSS}")

    site = [
        outline(publication.title, feed_path(ALL)),
        outline(f"{publication.title}: 24h", POPULAR),
    ]
    groups = {"Sections": Kind.SECTION, "Authors": Kind.AUTHOR, "Tags": Kind.TAG}
    return opml(
        publication,
        site,
        [
            (title, [outline(each, feed_path(Listing(kind, each))) for each in names[kind]])
            for title, kind in groups.items()
        ],
    )


def sitemaps_of(places: Sequence[Place], url: str) -> Rendition:
    """Write the sitemaps of all places, and as the body the index of them, or the only one."""
    pages = (Page(each.url, each.revised) for each in places if each.revised)
    sitemaps = split(pages, urls=MAX_URLS)
    urls = [f"{url}?page={number}" for number, _ in enumerate(sitemaps, 1)]
    return Rendition(index(urls) if len(sitemaps) > 1 else sitemaps[0], parts=sitemaps)


def sitemap_of(sitemaps: Rendition, page: int | None) -> bytes:
    """Give one of the sitemaps, or what leads to all of them. Raises ListingNotFound."""
    if page is None:
        return sitemaps.body
    if page > len(sitemaps.parts):
        raise ListingNotFound(f"page {page}")
    return sitemaps.parts[page - 1]


def feed_response(
    request: Request, feed: Resource, renditions: Renditions, write: Callable[[], Rendition]
) -> Response:
    """Answer with a feed, or 304 before it is written where the client has this edition.

    A page of older articles is named by its bytes, which stay the same whatever comes after it.
    """
    coding = coding_for(request)
    known = renditions.get(feed.url, feed.name, write) if feed.archived else None
    tag = entity_tag(content_hash(known.body) if known else feed.name, coding)
    headers = {"etag": tag, "vary": VARY}
    modified = _modified(request, feed)
    if modified:
        headers["last-modified"] = http_date(modified)
    answer = Response(200, b"", f"{_media_type(feed)}; {CHARSET}", feed.max_age, headers)
    if is_fresh(request, tag, modified):
        return not_modified(answer)
    rendition = known or renditions.get(feed.url, feed.name, write)
    body = rendition.zipped if coding else rendition.body
    answer = _linked(answer, feed, rendition.next_url, body)
    return encoded(request, answer, coding)


def changes_response(request: Request, feed: Resource, changes: Rendition) -> Response:
    """Answer with what changed alone: 226, to who asked for it (RFC 3229; A-IM: feed)."""
    coding = coding_for(request)
    headers = {
        "etag": entity_tag(feed.name, coding),
        "im": "feed",
        "cache-control": "no-store, im",
        "vary": f"{VARY}, a-im, if-none-match",
    }
    answer = Response(226, b"", f"{_media_type(feed)}; {CHARSET}", headers=headers)
    body = changes.zipped if coding else changes.body
    answer = _linked(answer, feed, "", body)
    return encoded(request, answer, coding)


def since(request: Request, feed: Resource) -> datetime | None:
    """Give the moment after which a client wants the changes alone, None where it wants all.

    It must ask with A-IM: feed (a weight of 0 refuses), and have an older edition of this feed.
    """
    told = [each.replace(" ", "").lower() for each in request.headers.get("a-im", "").split(",")]
    asks = any(re.fullmatch(r"feed(?:;q=(?!0(?:\.0*)?$).+)?", each) for each in told)
    if not asks or feed.archived:
        return None
    if is_fresh(request, entity_tag(feed.name, coding_for(request))):
        return None
    return feed.known_by(request)


@lru_cache(maxsize=1)
def _variant(publication: Publication, style: FeedStyle) -> str:
    return f"{revision()}\n{publication}\n{style}"


@lru_cache(maxsize=1_000)
def _hashed(variant: str, url: str) -> str:
    return hashlib.blake2b(f"{variant}\n{url}".encode(), digest_size=8).hexdigest()


def _media_type(feed: Resource) -> str:
    return MEDIA_TYPES[feed.format or Format.RSS]


def _modified(request: Request, feed: Resource) -> datetime | None:
    """Give the time of the last change, None while more may come within its second."""
    moment = feed.edition.moment.replace(microsecond=0)
    return moment if request.at - moment >= timedelta(seconds=2) else None


def _linked(response: Response, feed: Resource, next_url: str, body: bytes = b"") -> Response:
    """Add the Link header (RFC 8288): the feed itself, its other formats, next page, and hub."""
    told = [f'<{feed.url}>; rel="self"; type="{_media_type(feed)}"']
    told += [f'<{feed.hub}>; rel="hub"'] if feed.hub else []
    told += [f'<{next_url}>; rel="next"'] if next_url else []
    told += [
        f'<{url}>; rel="alternate"; type="{MEDIA_TYPES[each]}"'
        for each in Format
        if each is not feed.format and (url := feed.url_as(each))
    ]
    headers = {**response.headers, "link": ", ".join(told)}
    return Response(response.status, body, response.content_type, response.max_age, headers)
