"""WebSub: the hub is pinged when feeds change, so that subscribers need not ask."""

from collections.abc import Iterable

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

TIMEOUT = 10.0
"""Seconds, of connecting and of the answer's headers."""


class HubRefused(Exception):  # noqa: N818
    """The hub answered, and did not take the ping."""


def ping(hub: str, feeds: Iterable[str]) -> None:
    """Tell the hub, and nobody else, that some feeds changed.

    A form with the feeds' addresses as hub.url (PubSubHubbub Core 0.3, section 7.1; WebSub leaves
    to publisher and hub how they talk, and hubs take this). A redirect is not followed, no proxy of
    the environment is asked, and the answer's body is not read. Raises HubRefused unless the answer
    is one of success, and OSError when there is none.
    """
    form = [("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]
    with PoolManager() as pool:
        try:
            response = pool.request(
                "POST",
                hub,
                fields=form,
                encode_multipart=False,
                headers={"user-agent": "circulation"},
                redirect=False,
                retries=False,
                timeout=TIMEOUT,
                preload_content=False,
            )
        except HTTPError as error:
            raise OSError(f"the hub cannot be reached: {error}") from error
        response.close()
    if response.status // 100 != 2:  # noqa: PLR2004  RFC 9110, section 15.3
        raise HubRefused(f"the hub answered {response.status}")
