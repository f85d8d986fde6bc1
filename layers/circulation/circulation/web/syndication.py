"""Feeds over HTTP, versioned by edition, so that most requests read only one small item."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from circulation.articles.edition import Edition
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publication import FeedStyle, Publication
from circulation.feeds.addresses import DIGESTS, POPULAR, feed_path
from circulation.feeds.atom import atom
from circulation.feeds.channel import MEDIA_TYPES, Channel, Format, Popularity
from circulation.feeds.json_feed import json_feed
from circulation.feeds.opml import Outline, opml
from circulation.feeds.revision import revision
from circulation.feeds.rss import rss
from circulation.feeds.selection import Selection, SitemapPart
from circulation.feeds.sitemap import Page, index
from circulation.popularity.windows import Window
from circulation.settings import Settings
from circulation.web.conditional import (
    VARY,
    apply_coding,
    coding_for,
    content_hash,
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
from circulation.words.texts import words_in

CHARSET = "charset=utf-8"

WRITERS: Mapping[Format, Callable[[Channel], bytes]] = {
    Format.RSS: rss,
    Format.ATOM: atom,
    Format.JSON: json_feed,
}

_TAG = re.compile(r'"([0-9a-f]{16})-[0-9a-f]+-([0-9a-f]{8,10})(?:-gzip)?"')
_LAST = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())
"""A client can send any ETag; later times are out of the calendar's range, so not ours."""


@dataclass(frozen=True)
class FeedResource:
    """A feed at its address, in its current edition."""

    base_url: str
    path: str
    """The path of its address, without a leading slash and the format's extension."""
    query: Mapping[str, str]
    format: Format
    edition: Edition
    variant: str
    """What decides the bytes besides the edition: the writers' code and the settings."""
    hub: str
    max_age: int

    @cached_property
    def url(self) -> str:
        """The address."""
        return self.url_as(self.format)

    @property
    def archived(self) -> bool:
        """Whether this is a page of older articles, which newer ones do not change."""
        return "before" in self.query

    def url_as(self, other: Format) -> str:
        """Give the address in another format."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{self.base_url}/{self.path}.{other}{query}"

    @cached_property
    def name(self) -> str:
        """Identifies the content of this edition: it changes whenever the content does."""
        return _edition_name_of(self.variant, self.url, self.edition)

    def moment_known_to(self, request: Request) -> datetime | None:
        """Give the moment of the edition that the client has; None if it has none of this feed."""
        for tag in entity_tags(request):
            match = _TAG.fullmatch(tag)
            if match and match[1] == _hash_of(self.variant, self.url):
                seconds = int(match[2], 16)
                return datetime.fromtimestamp(seconds, UTC) if seconds <= _LAST else None
        return None


@dataclass(frozen=True, slots=True)
class SiteResource:
    """A document about the whole site in its current edition: a sitemap, a list of feeds."""

    url: str
    name: str
    """Identifies the content of this edition: it changes whenever the content does."""
    max_age: int


def feed_resource(
    request: Request, path: str, edition: Edition, settings: Settings, query: Mapping[str, str]
) -> FeedResource:
    """Make the resource of the feed that a request asks for, in the format that its route ends in.

    Path is the feed's, without the extension. Empty parameters of the query are left out.
    """
    return FeedResource(
        request.public_url(settings.api_url),
        path,
        {name: value for name, value in query.items() if value},
        Format(request.route.rpartition(".")[2]),
        edition,
        _variant_of(settings.publication, settings.feed_style),
        settings.feed_style.hub,
        settings.feed_style.max_age,
    )


def site_resource(
    request: Request, path: str, edition: Edition, settings: Settings
) -> SiteResource:
    """Make the resource of a document about the whole site, at a path with its query."""
    url = f"{request.public_url(settings.api_url)}/{path}"
    style = settings.feed_style
    name = _edition_name_of(_variant_of(settings.publication, style), url, edition)
    return SiteResource(url, name, style.max_age)


def write_feed(
    feed: FeedResource,
    selection: Selection,
    listing: Listing,
    settings: Settings,
    popularity: Popularity | None = None,
) -> Rendition:
    """Write a feed of the selected articles in its format.

    Listing is what the articles are of; with popularity, they are the most read ones of it.
    """
    next_url = feed_url(feed, selection.before) if selection.before else ""
    channel = Channel(
        settings.publication,
        feed.url,
        selection.articles,
        feed.path,
        _name_of(listing, popularity.window if popularity else None, settings.publication),
        settings.publication.page_of(listing),
        next_url,
        settings.feed_style,
        popularity,
    )
    return Rendition(WRITERS[feed.format](channel), next_url)


def channel_response(channel: Channel, form: Format) -> Response:
    """Answer with a feed that is no listing's, and so has no editions."""
    content_type = f"{MEDIA_TYPES[form]}; {CHARSET}"
    return Response(200, WRITERS[form](channel), content_type, channel.style.max_age)


def feed_url(feed: FeedResource, before: str) -> str:
    """Give the address of the page of older articles, those before a key."""
    return replace(feed, query={**feed.query, "before": cursor_of(before)}).url


def directory_opml(
    request: Request, names: Mapping[Kind, Sequence[str]], settings: Settings
) -> bytes:
    """Write the list of all feeds, each in RSS."""
    base_url, publication = request.public_url(settings.api_url), settings.publication

    words = words_in(publication.language)

    def outline(name: str, path: str, listing: Listing = ALL) -> Outline:
        return Outline(name, f"{base_url}/{path}.{Format.RSS}", publication.page_of(listing))

    def group(kind: Kind) -> list[Outline]:
        listings = [Listing(kind, name) for name in names[kind]]
        return [outline(listing.name, feed_path(listing), listing) for listing in listings]

    popular = _name_of(ALL, Window.DAY, publication)
    site = [
        outline(publication.title, feed_path(ALL)),
        outline(f"{publication.title}: {popular}", POPULAR),
    ]
    if settings.sends_mail:
        site.append(outline(f"{publication.title}: {words('digest.archive.title')}", DIGESTS))
    groups = {"feed.sections": Kind.SECTION, "feed.authors": Kind.AUTHOR, "feed.tags": Kind.TAG}
    return opml(publication, site, [(words(key), group(kind)) for key, kind in groups.items()])


def sitemap_index(url: str, parts: Sequence[SitemapPart]) -> bytes:
    """Write the index of sitemaps; url is its own address."""
    return index(
        Page(sitemap_of_month(url, part.listing, part.number), part.changed) for part in parts
    )


def sitemap_of_month(index_url: str, month: Listing, part: int) -> str:
    """Give the address of a part of a month's sitemap, or its path, from that of the index."""
    query = {"month": month.name} | ({"part": str(part)} if part > 1 else {})
    return f"{index_url}?{urlencode(query)}"


def site_response(
    request: Request,
    site: SiteResource,
    content_type: str,
    renditions: Renditions,
    write: Callable[[], bytes],
) -> Response:
    """Answer with a document about the site; with 304 before it is read if the client has it."""
    coding = coding_for(request)
    headers = {"etag": entity_tag(site.name, coding), "vary": VARY}
    answer = Response(200, b"", content_type, site.max_age, headers)
    if is_fresh(request, headers["etag"]):
        return not_modified(answer)
    rendition = renditions.find(site.url, site.name)
    rendition = rendition or renditions.keep(site.url, site.name, Rendition(write()))
    body = rendition.zipped if coding else rendition.body
    return apply_coding(request, replace(answer, body=body), coding)


def unchanged_response(request: Request, feed: FeedResource) -> Response | None:
    """Answer with 304, before any article is read, if the client has this edition; else None.

    A page of older articles is identified by its bytes, so it has to be read first.
    """
    if feed.archived:
        return None
    answer, is_known = _head_of(request, feed, feed.name)
    return not_modified(answer) if is_known else None


def feed_response(request: Request, feed: FeedResource, rendition: Rendition) -> Response:
    """Answer with a feed, or with 304 if the client has it.

    A page of older articles is identified by its bytes, which do not change with the edition.
    """
    name = content_hash(rendition.body) if feed.archived else feed.name
    answer, is_known = _head_of(request, feed, name)
    return not_modified(answer) if is_known else _add_body(request, answer, feed, rendition)


def changes_response(request: Request, feed: FeedResource, changes: Rendition) -> Response:
    """Answer with the changes alone (226) to a client that asked for it (RFC 3229; A-IM: feed)."""
    headers = {
        "etag": entity_tag(feed.name, coding_for(request)),
        "im": "feed",
        "cache-control": "no-store, im",
        "vary": f"{VARY}, a-im, if-none-match",
    }
    answer = Response(226, b"", _content_type_of(feed), headers=headers)
    return _add_body(request, answer, feed, changes)


def delta_since(request: Request, feed: FeedResource) -> datetime | None:
    """Give the moment since which a client wants the changes; None if it wants the whole feed.

    It must ask with A-IM: feed (not with a weight of 0), and have an older edition of this feed.
    """
    manipulations = request.headers.get("a-im")
    if manipulations is None or feed.archived:
        return None
    names = manipulations.replace(" ", "").lower().split(",")
    if not any(re.fullmatch(r"feed(?:;q=(?!0(?:\.0*)?$).+)?", name) for name in names):
        return None
    if is_fresh(request, entity_tag(feed.name, coding_for(request))):
        return None
    return feed.moment_known_to(request)


def _name_of(listing: Listing, window: str | None, publication: Publication) -> str:
    """Say what a feed is, in the publication's language; empty for the whole site.

    Window is that of a ranking, if the feed has the most read articles.
    """
    words = words_in(publication.language)
    if window:
        key = "feed.popular_section" if listing.name else "feed.popular"
        return words(key, window=window, section=listing.name)
    return "" if listing == ALL else words(f"feed.{listing.kind}", name=listing.name)


@lru_cache(maxsize=1)
def _variant_of(publication: Publication, style: FeedStyle) -> str:
    return f"{revision()}\n{publication}\n{style}"


@lru_cache(maxsize=1_000)
def _hash_of(variant: str, url: str) -> str:
    return hashlib.blake2b(f"{variant}\n{url}".encode(), digest_size=8).hexdigest()


def _edition_name_of(variant: str, url: str, edition: Edition) -> str:
    return f"{_hash_of(variant, url)}-{edition.name}"


def _content_type_of(feed: FeedResource) -> str:
    return f"{MEDIA_TYPES[feed.format]}; {CHARSET}"


def _head_of(request: Request, feed: FeedResource, name: str) -> tuple[Response, bool]:
    """Give a feed's answer without its body, and whether the client already has it."""
    tag = entity_tag(name, coding_for(request))
    headers = {"etag": tag, "vary": VARY}
    modified = _modified_at(request, feed)
    if modified:
        headers["last-modified"] = http_date(modified)
    answer = Response(200, b"", _content_type_of(feed), feed.max_age, headers)
    return answer, is_fresh(request, tag, modified)


def _modified_at(request: Request, feed: FeedResource) -> datetime | None:
    """Give the time of the last change; None while more may come within its second."""
    moment = feed.edition.moment.replace(microsecond=0)
    return moment if request.at - moment >= timedelta(seconds=2) else None


def _add_body(
    request: Request, answer: Response, feed: FeedResource, rendition: Rendition
) -> Response:
    coding = coding_for(request)
    body = rendition.zipped if coding else rendition.body
    headers = {**answer.headers, "link": _link_header(feed, rendition.next_url)}
    return apply_coding(request, replace(answer, body=body, headers=headers), coding)


def _link_header(feed: FeedResource, next_url: str) -> str:
    """Give the Link header (RFC 8288): the feed itself, its other formats, next page, and hub."""
    links = [f'<{feed.url}>; rel="self"; type="{MEDIA_TYPES[feed.format]}"']
    links += [f'<{feed.hub}>; rel="hub"'] if feed.hub else []
    links += [f'<{next_url}>; rel="next"'] if next_url else []
    links += [
        f'<{feed.url_as(other)}>; rel="alternate"; type="{MEDIA_TYPES[other]}"'
        for other in Format
        if other is not feed.format
    ]
    return ", ".join(links)
