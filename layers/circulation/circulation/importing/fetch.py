"""Fetch a source over HTTPS, from public addresses alone.

A name is resolved once, every address it has must be public, and the connection goes to the first
of them: a name that resolves to another a moment later leads nowhere else (OWASP: Server-Side
Request Forgery Prevention). The certificate has to be the name's. No proxy that the environment
names is used, for it would resolve the name again.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from threading import Lock, Timer
from typing import Self
from urllib.parse import urlsplit

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Timeout

from circulation.importing.items import SourceError
from circulation.outgoing.special_addresses import is_public
from circulation.urls import resolve_address, web_address

MAX_BYTES = 20 * 1024 * 1024
"""Of the content, once it is decoded."""
MAX_REDIRECTS = 5
TIMEOUT = 10.0
"""Seconds, of connecting and of each read."""
DEADLINE = 60.0
"""Seconds, of all connections and reads together."""

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its content, None where nothing is new (304), and its headers, lower case."""

    content: bytes | None
    headers: Mapping[str, str]


def fetch(url: str, headers: Mapping[str, str] | None = None) -> Fetched:
    """Get what an https address answers, following redirects to others of that kind.

    Raises SourceError in one line, whatever goes wrong.
    """
    with Deadline(DEADLINE) as deadline:
        for _ in range(1 + MAX_REDIRECTS):
            try:
                status, answered, content = get_once(url, headers or {}, deadline)
                if status in _REDIRECTS and "location" in answered:
                    url = resolve_address(answered["location"], url)
                    continue
            except (OSError, HTTPError, HTTPException, ValueError) as error:
                reason = f"it took longer than {DEADLINE:g} seconds" if deadline.passed else error
                raise SourceError(f"{url} cannot be read: {reason}") from error
            if status == HTTPStatus.NOT_MODIFIED:
                return Fetched(None, answered)
            if status != HTTPStatus.OK:
                raise SourceError(f"{url} answered {status}")
            return Fetched(content, answered)
    raise SourceError(f"{url} leads on and on")


def public_address(host: str, port: int) -> str:
    """Resolve a name to an address that is public. Raises SourceError for one that is not."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]).partition("%")[0] for info in found]
    for address in addresses:
        if not is_public(address):
            raise SourceError(f"{host} is at {address}, which is no public address")
    return addresses[0]


class Deadline:
    """Ends the connection once the time is over, whatever it is waiting for.

    A timeout is of one read: a server that sends a byte now and then never meets it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._clock = Timeout()
        self._connection: socket.socket | None = None
        self._lock = Lock()
        self._timer = Timer(seconds, self._end_connection)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._clock.start_connect()
        self._timer.start()  # after the clock, so that what it ends is over by the clock, too
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._watch(None)

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return self._left() <= 0

    def limit(self, seconds: float) -> float:
        """Give these seconds, or what is left of them. Raises TimeoutError once time is over."""
        left = self._left()
        if left <= 0:
            raise TimeoutError
        return min(seconds, left)

    def watch(self, connection: socket.socket) -> None:
        """Watch this connection in place of the last one. Raises TimeoutError once time is over."""
        # A second name of the same connection, of which TLS knows nothing.
        self._watch(socket.fromfd(connection.fileno(), connection.family, connection.type))
        self.check()

    def check(self) -> None:
        """Raise TimeoutError once the time is over: a connection that was ended seems complete."""
        if self.passed:
            raise TimeoutError

    def _left(self) -> float:
        return self._seconds - self._clock.get_connect_duration()

    def _watch(self, connection: socket.socket | None) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = connection

    def _end_connection(self) -> None:
        with self._lock:
            if self._connection:
                with suppress(OSError):  # it has ended by itself
                    self._connection.shutdown(socket.SHUT_RDWR)


def get_once(
    url: str, headers: Mapping[str, str], deadline: Deadline
) -> tuple[int, dict[str, str], bytes]:
    """Get once, without following a redirect; give status, headers and body.

    Header names are in lower case. Raises SourceError.
    """
    with _asking("GET", url, headers, deadline) as response:
        content = bytearray()
        # What is sent in gzip is decoded no further than it is taken: a little may be a lot.
        for chunk in response.stream(_CHUNK, decode_content=True):
            content += chunk
            if len(content) > MAX_BYTES:
                raise SourceError(f"{url} is longer than {MAX_BYTES // 2**20} MB")
        deadline.check()
        answered = {name.lower(): value for name, value in response.headers.items()}
        return response.status, answered, bytes(content)


def post_once(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Post to an https address by the same rules, and give the status; no redirect is followed.

    What else is answered is not read: whatever it is, the body was taken or refused by then.
    Raises SourceError in one line, whatever goes wrong.
    """
    with Deadline(DEADLINE) as deadline:
        try:
            with _asking("POST", url, headers, deadline, body) as response:
                deadline.check()
                return response.status
        except (OSError, HTTPError, HTTPException, ValueError) as error:
            reason = f"it took longer than {DEADLINE:g} seconds" if deadline.passed else error
            # The address may have a secret in it; its host has none.
            raise SourceError(f"{urlsplit(url).hostname} cannot be reached: {reason}") from error


@contextmanager
def _asking(
    method: str,
    url: str,
    headers: Mapping[str, str],
    deadline: Deadline,
    body: bytes | None = None,
) -> Iterator[BaseHTTPResponse]:
    """Make one request, and give its answer, of which the content is not read yet."""
    parts = urlsplit(web_address(url))
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("it is not an https address")
    port = parts.port or 443
    address = public_address(parts.hostname, port)
    connection = HTTPSConnection(
        address,
        port,
        # Of connecting, and once more of all of TLS's handshake.
        timeout=deadline.limit(TIMEOUT),
        server_hostname=parts.hostname,
        ssl_context=ssl.create_default_context(),
    )
    with closing(connection):
        connection.connect()
        deadline.watch(connection.sock)
        connection.timeout = TIMEOUT
        connection.request(
            method,
            f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
            headers={"host": parts.netloc, "user-agent": "circulation", **headers},
            body=body,
            preload_content=False,
        )
        with connection.getresponse() as response:
            yield response
