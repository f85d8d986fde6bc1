"""Queue pings of the hub; a publisher neither waits for one nor fails with it."""

import logging
from collections.abc import Iterable

from circulation.articles.listing import Listing
from circulation.errors import StoreUnavailable
from circulation.feeds.addresses import feed_urls
from circulation.feeds.ping_queue import PingQueue

MAX_FEEDS = 100
"""In one message: an address has at most some 1,500 bytes, and SQS takes 256 KiB of them
(Amazon SQS message quotas)."""

_log = logging.getLogger(__name__)


def queue_ping(changed: Iterable[Listing], base_url: str, ping_queue: PingQueue | None) -> None:
    """Queue the addresses of the feeds of listings that changed, in messages of at most 100.

    None are queued where there is no hub to be told, or where it is not known by which base URL the
    feeds are found (empty). A ping that cannot be queued is logged and no more: the article is
    published all the same, and who subscribed is told with the next change.
    """
    if not (base_url and ping_queue):
        return
    feeds = list(feed_urls(base_url, changed))
    for start in range(0, len(feeds), MAX_FEEDS):
        try:
            ping_queue.send(feeds[start : start + MAX_FEEDS])
        except StoreUnavailable as error:
            # The next message would wait as long for the same.
            _log.error("the hub is not told of %d feeds: %s", len(feeds) - start, error)
            return
