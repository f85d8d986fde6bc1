"""Ask for a look at the site's own feed: a reader is on a page that no article is at yet."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from urllib.parse import urljoin

from circulation.articles.canonical_path import canonical_path, host_of
from circulation.errors import StoreUnavailable
from circulation.importing.sync_state import Syncs
from circulation.importing.unknown_pages import UnknownPages


def ask_for_news(  # noqa: PLR0913  what is kept and time are arguments
    page: str,
    sites: Iterable[str],
    feed_url: str,
    unknown_pages: UnknownPages,
    syncs: Syncs,
    *,
    host: str,
    now: datetime,
) -> None:
    """Have the feed looked at if a page is one of the site's own, and was not asked for before.

    Page is its address, or its path at the host; sites are addresses of the site. It is no fault of
    the page if that cannot be stored: the feed is looked at anyway, some minutes later.
    """
    try:
        page = urljoin(f"https://{host}", page)
    except ValueError:  # no address at all, such as "https://["
        return
    hosts = {host_of(site) for site in (feed_url, *sites)} - {""}
    if host_of(page) in hosts and unknown_pages.are_news(canonical_path(page), now=now):
        with suppress(StoreUnavailable):
            syncs.ask(feed_url, now=now)
