"""ServeFeeds: the feeds for RSS readers."""

from circulation.container import container, warm_up
from circulation.feeds.channel import ITEMS, MAX_AGE, Channel
from circulation.feeds.rss import CONTENT_TYPE, rss
from circulation.listing import ALL
from circulation.reading import list_articles
from circulation.web.handler import http_handler
from circulation.web.request import Request
from circulation.web.response import Response


def feed_rss(request: Request) -> Response:
    """Give the newest articles as RSS 2.0."""
    page = list_articles(ALL, container().store, now=request.at, limit=ITEMS)
    channel = Channel(
        container().settings.publication,
        url=f"{request.base_url}/feed.rss",
        articles=[each.article for each in page.articles],
    )
    return Response(200, rss(channel), CONTENT_TYPE, max_age=MAX_AGE)


handler = http_handler({"GET /feed.rss": feed_rss})
warm_up()
