"""ServeFeeds: feeds for readers, and lists of them; sitemaps for search engines."""

from collections.abc import Callable
from functools import partial

from circulation.articles.listing import ALL
from circulation.feeds.addresses import POPULAR, feed_path
from circulation.feeds.channel import Popularity
from circulation.feeds.opml import CONTENT_TYPE as OPML
from circulation.feeds.selection import (
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
from circulation.web.handler import http_handler
from circulation.web.renditions import Rendition
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.web.syndication import (
    Resource,
    changes_response,
    directory_opml,
    feed_response,
    feed_url,
    resource,
    since,
    sitemap_of,
    sitemaps_of,
    written,
)

_ROUTES = ("", "/sections/{section}", "/tags/{tag}", "/authors/{author}")


def feed(request: Request) -> Response:
    """Give the feed of the site, or of one section, tag or author."""
    listing, before = parameters.listing_of_path(request), cursor(request, "before")
    runtime, now = container(), request.at
    edition = read_edition(listing, runtime.catalogue, now=now)
    query = {"before": cursor_of(before)} if before else {}
    told = resource(request, feed_path(listing), edition, runtime.settings, query)
    limit = runtime.settings.feed_style.items
    choose = partial(select, listing, runtime.catalogue, now=now, limit=limit, before=before)
    kept = runtime.archive if before else runtime.renditions
    return _changes(request, told, choose, listing.name) or feed_response(
        request, told, kept, lambda: _written(told, choose(), listing.name)
    )


def popular_feed(request: Request) -> Response:
    """Give the feed of the most read articles."""
    window, section = parameters.window(request), parameters.section(request)
    runtime, now = container(), request.at
    popular = read_popular_edition(window, section, runtime.rankings, runtime.catalogue, now=now)
    query = {"window": window if window is not Window.DAY else "", "section": section or ""}
    told = resource(request, POPULAR, popular.edition, runtime.settings, query)
    limit = runtime.settings.feed_style.items
    choose = partial(
        select_popular, popular, section, runtime.catalogue, runtime.books, now=now, limit=limit
    )
    name = f"{section}, {window}" if section else window
    views = Popularity(window, popular.views)
    kept = runtime.renditions if popular.views else runtime.archive  # of a section that may be none
    return feed_response(request, told, kept, lambda: _written(told, choose(), name, views))


def opml(request: Request) -> Response:
    """List every feed."""
    runtime, now = container(), request.at
    edition = read_edition(ALL, runtime.catalogue, now=now)
    told = resource(request, "feeds.opml", edition, runtime.settings, {})
    rendition = runtime.renditions.get(
        told.url,
        told.name,
        lambda: Rendition(
            directory_opml(request, read_directory(runtime.catalogue, now=now), runtime.settings)
        ),
    )
    return Response(200, rendition.body, OPML, told.max_age)


def sitemap(request: Request) -> Response:
    """Give every article's address, or the index of the sitemaps that hold them."""
    runtime, page = container(), parameters.page_number(request)
    edition = read_edition(ALL, runtime.catalogue, now=request.at)
    told = resource(request, "sitemap.xml", edition, runtime.settings, {})
    sitemaps = runtime.renditions.get(
        told.url,
        told.name,
        lambda: sitemaps_of(read_pages(runtime.catalogue, now=request.at), told.url),
    )
    return Response(200, sitemap_of(sitemaps, page), SITEMAP, told.max_age)


def news(request: Request) -> Response:
    """Give the articles of the last two days."""
    runtime = container()
    edition = read_edition(ALL, runtime.catalogue, now=request.at)
    told = resource(request, "news-sitemap.xml", edition, runtime.settings, {})
    choose = partial(select_news, runtime.catalogue, now=request.at, limit=MAX_NEWS)
    rendition = runtime.renditions.get(
        told.url,
        f"{told.name}-{news_start(request.at)}",  # articles leave it though nothing changes
        lambda: Rendition(news_sitemap(choose(), runtime.settings.publication)),
    )
    return Response(200, rendition.body, SITEMAP, told.max_age)


def _changes(
    request: Request, told: Resource, choose: Callable[[], Selection], name: str
) -> Response | None:
    """Give what changed alone, None where the client did not ask for it or everything did."""
    moment = since(request, told)
    if moment is None:
        return None
    articles = choose().articles
    changed = changed_since(articles, moment)
    if not 0 < len(changed) < len(articles):
        return None
    return changes_response(request, told, _written(told, Selection(changed), name))


def _written(
    told: Resource, selection: Selection, name: str, views: Popularity | None = None
) -> Rendition:
    next_url = feed_url(told, selection.before) if selection.before else ""
    return written(told, selection.articles, name, next_url, container().settings, views)


handler = http_handler(
    "ServeFeeds",
    {
        **{f"GET {path}/feed.{each}": feed for path in _ROUTES for each in ("rss", "atom", "json")},
        **{f"GET /popular/feed.{each}": popular_feed for each in ("rss", "atom", "json")},
        "GET /feeds.opml": opml,
        "GET /sitemap.xml": sitemap,
        "GET /news-sitemap.xml": news,
    },
)
warm_up()
