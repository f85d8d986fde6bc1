"""SyncFeed: scheduled, takes in what is new in the site's own feed; off without its address."""

import logging
from collections.abc import Mapping
from typing import Any

from circulation.container import container, warm_up
from circulation.feeds.addresses import feed_urls
from circulation.pinging import queue_ping
from circulation.sources.fetch import fetch
from circulation.sources.found import Ground
from circulation.syncing import NOTHING_NEW, Synced, sync
from circulation.times import parse_time

_log = logging.getLogger(__name__)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Sync, log what could not be taken, and answer with how many articles were."""
    settings, store, now = container().settings, container().store, parse_time(event["time"])
    url = settings.sync_feed_url
    ground = Ground(url, settings.sync_section, settings.zone)
    synced = sync(url, ground, store, fetch, now=now) if url else NOTHING_NEW
    for each in synced.refused:
        _log.warning("not taken from the feed: %s", each)
    _tell_hub(synced)
    return {"found": synced.found, "published": synced.published}


def _tell_hub(synced: Synced) -> None:
    """Tell the hub, where the address that the feeds are found at is known without a request."""
    held = container()
    if held.settings.api_url and held.settings.hub and synced.changed:
        queue_ping(list(feed_urls(held.settings.api_url, synced.changed)), held.store)


warm_up()
