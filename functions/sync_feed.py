"""SyncFeed: takes in what is new in the site's own feed; off without its address.

It wakes every minute and looks at the feed every 15, or at once after a reader was on a page of the
site that no article is at yet.
"""

import logging
from collections.abc import Mapping
from typing import Any

from circulation.feeds.websub_queue import queue_ping
from circulation.importing.fetch import fetch
from circulation.importing.items import SourceDefaults
from circulation.importing.sync import NOTHING_NEW, sync
from circulation.logs import EVENT_BRIDGE, logged
from circulation.runtime import container, warm_up
from circulation.times import parse_time

_log = logging.getLogger(f"circulation.{__name__}")  # its lines name the run, as the package's do


@logged(EVENT_BRIDGE)
def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Sync, log what could not be taken, and answer with how many articles were."""
    runtime, now = container(), parse_time(event["time"])
    settings = runtime.settings
    url = settings.sync_feed_url
    defaults = SourceDefaults(url, settings.sync_section, settings.zone, now)
    synced = (
        sync(url, defaults, runtime.syncs, runtime.catalogue, runtime.books, fetch, now=now)
        if url
        else NOTHING_NEW
    )
    for refusal in synced.refused:
        _log.warning("not taken from the feed: %s", refusal)
    queue_ping(synced.changed, settings.api_url, runtime.ping_queue)
    return {"found": synced.found, "published": synced.published}


warm_up()
