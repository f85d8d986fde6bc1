"""Feed readers' apps: how many subscribers one tells in its user agent.

Services that fetch a feed once for many people say for how many, so that publishers may count them:

    NewsBlur Feed Fetcher - 16 subscribers - https://www.newsblur.com/site/1/a (Mozilla/5.0 …)
    Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)
    Mozilla/5.0 (compatible; theoldreader.com; 1 subscribers; feed-id=5a3f)

An app on somebody's own device tells no number. Nobody can check one: it is what is claimed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_APP = 40
"""Characters of an app's name."""
MAX_FEED_ID = 40
"""Characters of an app's own id of a feed."""
_DIGITS = 7  # more are no number of subscribers
_EXAMINED = 512  # characters; the services' are shorter

KNOWN_APPS = {
    # The first two mention Google's fetcher, too.
    "feedly": "Feedly",
    "feedbin": "Feedbin",
    "bazqux": "BazQux",
    "feedhq": "FeedHQ",
    "feedspot": "Feedspot",
    "inoreader": "Inoreader",
    "livejournal": "LiveJournal",
    "netvibes": "Netvibes",
    "newsblur": "NewsBlur",
    "overcast": "Overcast",
    "theoldreader": "The Old Reader",
    "feedfetcher-google": "Google Feedfetcher",
}
"""The names of the largest services, by what their user agents have, in lower case."""

_NUMBER = re.compile(rf"(?<![\d.,])(\d{{1,{_DIGITS}}})[ _](?:subscriber|reader)", flags=re.ASCII)
_FEED_ID = re.compile(rf"feed-?id[=:] ?([\w.-]{{1,{MAX_FEED_ID}}})", flags=re.ASCII)
_OTHER_APP = re.compile(
    r"(?:mozilla/[\d.]{1,9} \(compatible; ?)?([a-z][\w.-]*(?: [a-z][\w.-]*){0,3})", flags=re.ASCII
)


class AppReaders(NamedTuple):
    """What a user agent tells: an app, its own id of the feed, and the feed's subscribers."""

    app: str
    feed_id: str
    """Empty if it tells none. An app that has several for one feed tells each one's subscribers."""
    subscribers: int


def read_subscribers(user_agent: str) -> AppReaders | None:
    """Read how many subscribers a feed has by a user agent; None if it tells no number or app."""
    text = user_agent[:_EXAMINED].lower()
    number = _NUMBER.search(text)
    if number is None or int(number[1]) == 0:
        return None
    app = _app_in(user_agent[:_EXAMINED], text)
    feed_id = _FEED_ID.search(text)
    return AppReaders(app, feed_id[1] if feed_id else "", int(number[1])) if app else None


def _app_in(user_agent: str, lower: str) -> str:
    """Give the name of a user agent's app; empty if it has none. Lower is it in lower case."""
    for word, name in KNOWN_APPS.items():
        if word in lower:
            return name
    found = _OTHER_APP.match(lower)
    if found is None or found[1].startswith("mozilla"):
        return ""
    start, end = found.span(1)
    return user_agent[start:end][:MAX_APP]


def is_known(app: str) -> bool:
    """Tell whether an app is one of the largest services, by its name."""
    return app in KNOWN_APPS.values()
