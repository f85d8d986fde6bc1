"""Fetch a source over HTTPS, from public addresses alone.

A name is resolved once, every address it has must be public, and the connection goes to the one
that was looked at: a name that resolves otherwise a moment later leads nowhere else (OWASP:
Server-Side Request Forgery Prevention).
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Lock, Timer
from typing import Any, Self
from urllib.parse import urlsplit

from circulation.importing.found import SourceError
from circulation.outgoing.special_addresses import is_public
from circulation.urls import resolve_address, web_address

MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT = 10.0
"""Seconds, of connecting and of each read."""
DEADLINE = 60.0
"""Seconds, of all connections and reads together."""

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was answered; nothing new has no content."""

    content: bytes | None
    headers: Mapping[str, str]


def fetch(url: str, headers: Mapping[str, str] | None = None) -> Fetched:
    """Get what an https address answers, following redirects to others of that kind.

    Raises SourceError in one line, whatever goes wrong.
    """
    with _Deadline(DEADLINE) as deadline:
        for _ in range(1 + MAX_REDIRECTS):
            try:
                status, answered, content = _get(url, headers or {}, deadline)
                if status in _REDIRECTS and "location" in answered:
                    url = resolve_address(answered["location"], url)
                    continue
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = f"it took longer than {DEADLINE:g} seconds" if deadline.passed else error
                raise SourceError(f"{url} cannot be read: {reason}") from error
            if status == http.HTTPStatus.NOT_MODIFIED:
                return Fetched(None, answered)
            if status != http.HTTPStatus.OK:
                raise SourceError(f"{url} answered {status}")
            return Fetched(content, answered)
    raise SourceError(f"{url} leads on and on")


def public_address(host: str, port: int) -> str:
    """Resolve a name to an address that is public. Raises SourceError for one that is not."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    for address in addresses:
        if not is_public(address):
            raise SourceError(f"{host} is at {address}, which is no public address")
    return addresses[0]


class _Deadline:
    """Ends the connection once the time is over, whatever it is waiting for.

    A timeout is of one read: a server that sends a byte now and then never meets it.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._connection: socket.socket | None = None
        self._lock = Lock()
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._watch(None)

    def watch(self, connection: socket.socket) -> None:
        """Watch this connection in place of the last one. Raises TimeoutError once time is over."""
        # A second name of the same connection: TLS takes the first one over.
        self._watch(connection.dup())
        self.check()

    def check(self) -> None:
        """Raise TimeoutError once the time is over: a connection that was ended seems complete."""
        if self.passed:
            raise TimeoutError

    def _watch(self, connection: socket.socket | None) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = connection

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            if self._connection:
                with suppress(OSError):  # it has ended by itself
                    self._connection.shutdown(socket.SHUT_RDWR)


def _get(
    url: str, headers: Mapping[str, str], deadline: _Deadline
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(web_address(url))
    if parts.scheme != "https" or not parts.hostname:
        raise SourceError(f"{url} is not an https address")
    port = parts.port or 443
    address = public_address(parts.hostname, port)
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(parts.hostname, port, timeout=TIMEOUT, context=context)
    # The certificate is still that of the name: only where the socket leads is told.
    connection._create_connection = partial(_connect, address, deadline)  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("GET", path, headers={"user-agent": "circulation", **headers})
        answer = connection.getresponse()
        content = bytearray()
        while chunk := answer.read(_CHUNK):
            content += chunk
            if len(content) > MAX_BYTES:
                raise SourceError(f"{url} is longer than {MAX_BYTES // 2**20} MB")
        deadline.check()
        answered = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, answered, bytes(content)
    finally:
        connection.close()


def _connect(address: str, deadline: _Deadline, told: tuple[str, int], *rest: Any) -> socket.socket:  # noqa: ANN401
    connection = socket.create_connection((address, told[1]), *rest)
    try:
        deadline.watch(connection)
    except OSError:
        connection.close()
        raise
    return connection
