"""Queue what the hub is to be told, without the publisher's waiting for it or failing with it."""

import logging
from collections.abc import Sequence

from circulation.errors import StoreUnavailable
from circulation.store import Store

_log = logging.getLogger(__name__)


def queue_ping(feeds: Sequence[str], store: Store) -> None:
    """Queue the addresses of the feeds that changed.

    A ping that cannot be queued is logged and no more: the article is published all the same, and
    who subscribed is told with the next change.
    """
    try:
        store.ping_queue.send(feeds)
    except StoreUnavailable as error:
        _log.error("the hub is not told of %d feeds: %s", len(feeds), error)
