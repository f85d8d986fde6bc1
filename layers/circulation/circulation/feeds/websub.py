"""The WebSub hub: who is told which feeds changed, so that subscribers need not ask."""

import http.client
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

TIMEOUT = 10.0
"""Seconds."""


class HubRefused(Exception):  # noqa: N818
    """The hub answered, and did not take the ping."""


def ping(hub: str, feeds: Iterable[str]) -> None:
    """Tell the hub, and nobody else, that some feeds changed; a redirect is not followed.

    A form with the feeds' addresses as hub.url (PubSubHubbub Core 0.3, section 7.1; WebSub leaves
    to publisher and hub how they talk, and hubs take this). Raises HubRefused unless the
    answer is one of success, and OSError or HTTPException when there is none.
    """
    parts = urlsplit(hub)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    form = urlencode([("hub.mode", "publish"), *(("hub.url", each) for each in feeds)])
    connection = connect(parts.netloc, timeout=TIMEOUT)
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        content = {"content-type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, form, content)
        status = connection.getresponse().status
    finally:
        connection.close()
    if status // 100 != 2:  # noqa: PLR2004  RFC 9110, section 15.3
        raise HubRefused(f"the hub answered {status}")
