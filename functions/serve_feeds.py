"""ServeFeeds: feeds for readers, and lists of them; sitemaps for search engines."""

from datetime import datetime

from circulation.articles.listing import ALL, Kind, Listing
from circulation.feeds.addresses import POPULAR, feed_path
from circulation.feeds.channel import Format, Popularity
from circulation.feeds.opml import CONTENT_TYPE as OPML
from circulation.feeds.selection import (
    PopularEdition,
    Selection,
    changed_since,
    news_start,
    read_directory,
    read_edition,
    read_pages,
    read_popular_edition,
    select,
    select_news,
    select_popular,
)
from circulation.feeds.sitemap import CONTENT_TYPE as SITEMAP
from circulation.feeds.sitemap import MAX_NEWS, news_sitemap
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
    sitemap_of,
    sitemaps_of,
    unchanged_response,
    write_feed,
)

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
    rendition = runtime.renditions.find(resource.url, resource.name)
    if rendition is None:
        names = read_directory(runtime.catalogue, now=now)
        rendition = Rendition(directory_opml(request, names, runtime.settings))
        runtime.renditions.keep(resource.url, resource.name, rendition)
    return Response(200, rendition.body, OPML, resource.max_age)


def sitemap(request: Request) -> Response:
    """Give every article's address, or the index of the sitemaps that hold them."""
    runtime, page = container(), parameters.page_number(request)
    edition = read_edition(ALL, runtime.catalogue, now=request.at)
    resource = site_resource(request, "sitemap.xml", edition, runtime.settings)
    sitemaps = runtime.renditions.find(resource.url, resource.name)
    if sitemaps is None:
        sitemaps = sitemaps_of(read_pages(runtime.catalogue, now=request.at), resource.url)
        runtime.renditions.keep(resource.url, resource.name, sitemaps)
    return Response(200, sitemap_of(sitemaps, page), SITEMAP, resource.max_age)


def news(request: Request) -> Response:
    """Give the articles of the last two days."""
    runtime = container()
    edition = read_edition(ALL, runtime.catalogue, now=request.at)
    resource = site_resource(request, "news-sitemap.xml", edition, runtime.settings)
    # Articles leave it although nothing changes.
    name = f"{resource.name}-{news_start(request.at)}"
    rendition = runtime.renditions.find(resource.url, name)
    if rendition is None:
        pages = select_news(runtime.catalogue, now=request.at, limit=MAX_NEWS)
        rendition = Rendition(news_sitemap(pages, runtime.settings.publication))
        runtime.renditions.keep(resource.url, name, rendition)
    return Response(200, rendition.body, SITEMAP, resource.max_age)


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
