"""DynamoDB without the SDK for the calls that readers wait for, and with it for all others.

A view is a few calls, and most of what they cost is what the SDK does around them. So GetItem,
BatchGetItem, Query and UpdateItem are signed and sent here, and a plain answer is taken; whatever
else becomes of one, the SDK makes the same call, with its retries and its errors (decision 29).
Every write bears to be made twice, which the SDK's own retries ask of it, too.
"""

from __future__ import annotations

import json
import logging
import time
from base64 import b64encode
from functools import lru_cache
from ssl import SSLCertVerificationError
from threading import Lock
from typing import TYPE_CHECKING, Any

from circulation.aws.connection import Broken, Connection, NoPlainAnswer
from circulation.aws.roots import Roots
from circulation.aws.signature import Credentials, signed_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circulation.aws.connection import Answer, Open

API = "DynamoDB_20120810"
_DONE, _REFUSED = 200, 400
_CONDITION_FAILED = "ConditionalCheckFailedException"

_log = logging.getLogger(__name__)


class CallRefused(Exception):  # noqa: N818
    """The condition of a write did not hold; response is as in the SDK's error."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        super().__init__(_CONDITION_FAILED)
        self.response = {"Error": {"Code": _CONDITION_FAILED}, "Item": item}


class DirectClient:
    """A client with the methods of the SDK's, which threads may share.

    An answer of one of the four calls has bytes in Base64, as DynamoDB sends them.
    """

    def __init__(
        self,
        endpoint: str,
        environment: Mapping[str, str],
        make_sdk: Callable[[], Any],
        clock: Callable[[], float] = time.time,
        open_connection: Open | None = None,
    ) -> None:
        """Endpoint is such as https://dynamodb.eu-central-1.amazonaws.com.

        Environment has the credentials, which are read for every call, and the region; make_sdk
        makes the SDK's client on its first use; clock gives the seconds since 1970. Without
        open_connection connections are the network's.
        """
        scheme, _, self._host = endpoint.rstrip("/").partition("://")
        self._roots = Roots(self._host, environment) if scheme == "https" else None
        self._environment = environment
        self._make_sdk = make_sdk
        self._sdk_client: Any = None
        self._sdk_lock = Lock()
        self._clock = clock
        self._open = open_connection or Connection.open
        self._resting: list[Connection] = []
        """Open connections that no call uses; those that rested least are at the end."""

    def get_item(self, **request: Any) -> Any:  # noqa: ANN401  as the SDK's
        """Read an item (API_GetItem)."""
        return self._call("GetItem", "get_item", request)

    def batch_get_item(self, **request: Any) -> Any:  # noqa: ANN401
        """Read up to 100 items (API_BatchGetItem)."""
        return self._call("BatchGetItem", "batch_get_item", request)

    def query(self, **request: Any) -> Any:  # noqa: ANN401
        """Read items of a partition (API_Query)."""
        return self._call("Query", "query", request)

    def update_item(self, **request: Any) -> Any:  # noqa: ANN401
        """Change an item (API_UpdateItem). Raises CallRefused."""
        return self._call("UpdateItem", "update_item", request)

    def close(self) -> None:
        """Close the connections that no call uses."""
        while self._resting:
            self._resting.pop().close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Give whatever else the SDK's client has."""
        return getattr(self._sdk(), name)

    def _call(self, operation: str, method: str, request: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Make a call, and by the SDK if it has no plain answer."""
        body = _ENCODER.encode(request).encode()
        try:
            answer = self._sent(operation, body)
            content = json.loads(answer.body.decode())
            if not isinstance(content, dict):
                raise NoPlainAnswer("no object")  # noqa: TRY301  as if none had come
            if answer.status == _DONE:
                return content
            code = str(content["__type"]).rpartition("#")[2]
        except (OSError, NoPlainAnswer, LookupError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
        else:
            if answer.status == _REFUSED and code == _CONDITION_FAILED:
                raise CallRefused(content.get("Item", {}))
            reason = f"{answer.status} {code}"
        _log.info("%s is made again by the SDK: %s", operation, reason)
        return getattr(self._sdk(), method)(**request)

    def _sent(self, operation: str, body: bytes) -> Answer:
        """Send a call and read what comes. Raises OSError, NoPlainAnswer and KeyError."""
        request = self._signed(operation, body)
        connection = self._rested()
        if connection:
            try:
                return self._exchanged(connection, request)
            except Broken:  # DynamoDB ends connections that rest, and it need not have been seen
                pass
        return self._exchanged(self._opened(), request)

    def _opened(self) -> Connection:
        """Open a connection. Raises OSError."""
        name, _, port = self._host.partition(":")
        roots = self._roots
        if not roots:
            return self._open(name, int(port or 80), None)
        tls = roots.context
        try:
            return self._open(name, int(port or 443), tls)
        except SSLCertVerificationError:
            if not roots.widen(tls):
                raise
            _log.info("Amazon's own roots do not vouch for %s: the SDK's are loaded", self._host)
        return self._open(name, int(port or 443), roots.context)

    def _exchanged(self, connection: Connection, request: bytes) -> Answer:
        """Send a request over a connection, which is used again after a plain answer alone."""
        try:
            answer = connection.exchange(request)
        except BaseException:
            connection.close()
            raise
        if answer.keeps_open:
            self._resting.append(connection)
        else:
            connection.close()
        return answer

    def _rested(self) -> Connection | None:
        """Take an open connection that rested, if there is one."""
        while self._resting:
            try:
                connection = self._resting.pop()
            except IndexError:  # another thread took it
                break
            if not connection.is_closed():
                return connection
            connection.close()
        return None

    def _signed(self, operation: str, body: bytes) -> bytes:
        """Write a request. Raises KeyError where the environment has no credentials."""
        environment = self._environment
        credentials = Credentials(
            environment["AWS_ACCESS_KEY_ID"],
            environment["AWS_SECRET_ACCESS_KEY"],
            environment.get("AWS_SESSION_TOKEN", ""),
        )
        headers = signed_headers(
            f"{API}.{operation}",
            self._host,
            environment["AWS_DEFAULT_REGION"],
            body,
            credentials,
            _written(int(self._clock())),
        )
        return (
            f"POST / HTTP/1.1\r\n{headers}accept-encoding:identity\r\n"
            f"content-length:{len(body)}\r\nuser-agent:circulation\r\n\r\n"
        ).encode() + body

    def _sdk(self) -> Any:  # noqa: ANN401
        """Give the SDK's client, which is made by one thread."""
        with self._sdk_lock:
            if self._sdk_client is None:
                self._sdk_client = self._make_sdk()
            return self._sdk_client


@lru_cache(maxsize=1)
def _written(second: int) -> str:
    """Write a moment, in seconds since 1970, in ISO 8601's basic format."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(second))


def _in_base64(value: object) -> str:
    """Write bytes as DynamoDB reads them."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"a {type(value).__name__} has no place in a request")


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_in_base64, check_circular=False)
