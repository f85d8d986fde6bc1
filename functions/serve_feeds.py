"""ServeFeeds: feeds for readers, and lists of them; sitemaps for search engines."""

from dataclasses import replace
from datetime import datetime

from circulation.articles.listing import ALL, Kind, Listing
from circulation.feeds.addresses import POPULAR, feed_path
from circulation.feeds.channel import Format, Popularity
from circulation.feeds.opml import CONTENT_TYPE as OPML
from circulation.feeds.selection import (
    WHOLE_SITE,
    PopularEdition,
    Selection,
    changed_since,
    news_start,
    read_directory,
    read_edition,
    read_pages,
    read_popular_edition,
    read_sitemap_index,
    read_sitemap_part,
    select,
    select_news,
    select_popular,
)
from circulation.feeds.sitemap import CONTENT_TYPE as SITEMAP
from circulation.feeds.sitemap import MAX_NEWS, news_sitemap
from circulation.feeds.sitemap import sitemap as written_sitemap
from circulation.popularity.windows import Window
from circulation.runtime import container, warm_up
from circulation.web import parameters
from circulation.web.cursors import cursor, cursor_of
from circulation.web.feed_readers import noting_feed_readers
from circulation.web.handler import http_handler
from circulation.web.renditions import Rendition
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.web.syndication import (
    FeedResource,
    changes_response,
    delta_since,
    directory_opml,
    feed_resource,
    feed_response,
    site_resource,
    site_response,
    sitemap_index,
    sitemap_of_month,
    unchanged_response,
    write_feed,
)

SITEMAP_PATH = "sitemap.xml"
_ROUTES = ("", "/sections/{section}", "/tags/{tag}", "/authors/{author}")


def feed(request: Request) -> Response:
    """Give the feed of the site, or of one section, tag or author."""
    listing, before = parameters.listing_of_path(request), cursor(request, "before")
    runtime, now = container(), request.at
    edition = read_edition(listing, runtime.catalogue, now=now)
    query = {"before": cursor_of(before)} if before else {}
    resource = feed_resource(request, feed_path(listing), edition, runtime.settings, query)
    unchanged = unchanged_response(request, resource)
    return unchanged or _feed(request, resource, listing, before)


def _feed(request: Request, feed: FeedResource, listing: Listing, before: str | None) -> Response:
    """Answer with a feed as it was written before, else anew; or with its changes alone (A-IM)."""
    runtime, settings = container(), container().settings
    renditions = runtime.archive if before else runtime.renditions
    rendition, moment = renditions.find(feed.url, feed.name), delta_since(request, feed)
    if rendition and moment is None:
        return feed_response(request, feed, rendition)
    limit = settings.feed_style.items
    selected = select(listing, runtime.catalogue, now=request.at, limit=limit, before=before)
    if moment and (changed := changed_since(selected.articles, moment)):
        changes = write_feed(feed, Selection(changed), listing, settings)
        return changes_response(request, feed, changes)
    rendition = rendition or write_feed(feed, selected, listing, settings)
    return feed_response(request, feed, renditions.keep(feed.url, feed.name, rendition))


def popular_feed(request: Request) -> Response:
    """Give the feed of the most read articles."""
    window, section = parameters.window(request), parameters.section(request)
    runtime, now = container(), request.at
    popular = read_popular_edition(window, section, runtime.rankings, runtime.catalogue, now=now)
    query = {"window": window if window is not Window.DAY else "", "section": section or ""}
    resource = feed_resource(request, POPULAR, popular.edition, runtime.settings, query)
    if unchanged := unchanged_response(request, resource):
        return unchanged
    renditions = runtime.renditions if popular.views else runtime.archive  # perhaps of no section
    rendition = renditions.find(resource.url, resource.name)
    if rendition is None:
        rendition = _write_popular(resource, popular, window, section, now)
        renditions.keep(resource.url, resource.name, rendition)
    return feed_response(request, resource, rendition)


def _write_popular(
    feed: FeedResource,
    popular: PopularEdition,
    window: Window,
    section: str | None,
    now: datetime,
) -> Rendition:
    runtime = container()
    limit = runtime.settings.feed_style.items
    selected = select_popular(
        popular, section, runtime.catalogue, runtime.books, now=now, limit=limit
    )
    listing = Listing(Kind.SECTION, section) if section else ALL
    views = Popularity(window, popular.views)
    return write_feed(feed, selected, listing, runtime.settings, views)


def opml(request: Request) -> Response:
    """List every feed."""
    runtime, now = container(), request.at
    edition = read_edition(ALL, runtime.catalogue, now=now)
    resource = site_resource(request, "feeds.opml", edition, runtime.settings)

    def write() -> bytes:
        return directory_opml(request, read_directory(runtime.catalogue, now=now), runtime.settings)

    return site_response(request, resource, OPML, runtime.renditions, write)


def sitemap(request: Request) -> Response:
    """Give the index of the sitemaps, or one of them; of a small site, the only one."""
    if asked := parameters.sitemap_part(request):
        return _sitemap_of_month(request, *asked)
    runtime, now = container(), request.at
    edition = read_edition(ALL, runtime.catalogue, now=now)
    resource = site_resource(request, SITEMAP_PATH, edition, runtime.settings)
    if "page" in request.query:  # as they were named before
        return Response(301, headers={"location": resource.url})

    def write() -> bytes:
        parts = read_sitemap_index(runtime.catalogue, now=now)
        return sitemap_index(resource.url, parts) if parts else _whole_sitemap(now)

    return site_response(request, resource, SITEMAP, runtime.renditions, write)


def _whole_sitemap(now: datetime) -> bytes:
    return written_sitemap(read_pages(container().catalogue, WHOLE_SITE, now=now))


def _sitemap_of_month(request: Request, month: Listing, number: int) -> Response:
    runtime, now = container(), request.at
    edition = read_edition(month, runtime.catalogue, now=now)
    path = sitemap_of_month(SITEMAP_PATH, month, number)
    resource = site_resource(request, path, edition, runtime.settings)

    def write() -> bytes:
        part = read_sitemap_part(month, number, runtime.catalogue, now=now)
        return written_sitemap(read_pages(runtime.catalogue, part, now=now))

    # Crawlers ask for all of them in turn; they drive out no feed.
    return site_response(request, resource, SITEMAP, runtime.archive, write)


def news(request: Request) -> Response:
    """Give the articles of the last two days."""
    runtime, now = container(), request.at
    edition = read_edition(ALL, runtime.catalogue, now=now)
    resource = site_resource(request, "news-sitemap.xml", edition, runtime.settings)
    # Articles leave it although nothing changes.
    resource = replace(resource, name=f"{resource.name}-{news_start(now):%Y%m%d%H}")

    def write() -> bytes:
        pages = select_news(runtime.catalogue, now=now, limit=MAX_NEWS)
        return news_sitemap(pages, runtime.settings.publication)

    return site_response(request, resource, SITEMAP, runtime.renditions, write)


handler = http_handler(
    "ServeFeeds",
    {
        **noting_feed_readers(
            {
                **{f"GET {path}/feed.{form}": feed for path in _ROUTES for form in Format},
                **{f"GET /popular/feed.{form}": popular_feed for form in Format},
            },
            lambda: container().feed_readers,
        ),
        "GET /feeds.opml": opml,
        "GET /sitemap.xml": sitemap,
        "GET /news-sitemap.xml": news,
    },
)
warm_up()
