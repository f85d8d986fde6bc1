"""Queue what the hub is to be told, without the publisher's waiting for it or failing with it."""

import logging
from collections.abc import Sequence

from circulation.errors import StoreUnavailable
from circulation.store import Store

MAX_FEEDS = 100
"""In one message: an address has at most some 1,500 bytes, and SQS takes 256 KiB of them
(Amazon SQS message quotas)."""

_log = logging.getLogger(__name__)


def queue_ping(feeds: Sequence[str], store: Store) -> None:
    """Queue the addresses of the feeds that changed, in messages of at most 100.

    A ping that cannot be queued is logged and no more: the article is published all the same, and
    who subscribed is told with the next change.
    """
    for start in range(0, len(feeds), MAX_FEEDS):
        try:
            store.ping_queue.send(feeds[start : start + MAX_FEEDS])
        except StoreUnavailable as error:
            # The next message would wait as long for the same.
            _log.error("the hub is not told of %d feeds: %s", len(feeds) - start, error)
            return
