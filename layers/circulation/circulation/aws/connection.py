"""A connection to DynamoDB that is kept open, and as much of HTTP/1.1 as DynamoDB answers with.

Whatever else comes is no plain answer, and the connection is not used again: who calls has a whole
client to turn to.
"""

from __future__ import annotations

import select
import socket
import ssl
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Open = Callable[[str, int, ssl.SSLContext | None], "Connection"]
    """Opens a connection to a host and a port, as Connection.open does."""

CONNECT_SECONDS, ANSWER_SECONDS = 1, 2
"""How long a connection may take, and each wait for more of an answer: as with the SDK."""
CHUNK = 65_536
"""Bytes that are read at a time."""
MAX_HEAD_BYTES = 65_536
_FINAL = 200
"""The least status of an answer after which none comes (RFC 9110: Status Codes)."""


class NoPlainAnswer(Exception):  # noqa: N818
    """What came is no whole answer of the form that DynamoDB gives."""


class Broken(NoPlainAnswer):
    """The connection ended before a byte of the answer: it may have been closed while it rested."""


class Answer(NamedTuple):
    """An answer whose length and checksum are right."""

    status: int
    body: bytes
    keeps_open: bool
    """Whether the connection may be used again."""


class Connection:
    """One connection, for one call at a time."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._poll = select.poll()
        self._poll.register(opened, select.POLLIN)

    @classmethod
    def open(cls, host: str, port: int, tls: ssl.SSLContext | None) -> Connection:
        """Connect, by TLS if there is a context for it. Raises OSError."""
        # Text would be encoded by the idna codec first, whose import takes milliseconds.
        name: Any = host.encode()
        opened = socket.create_connection((name, port), CONNECT_SECONDS)
        try:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if tls:
                opened = tls.wrap_socket(opened, server_hostname=name)
            opened.settimeout(ANSWER_SECONDS)
        except BaseException:
            opened.close()
            raise
        return cls(opened)

    def is_closed(self) -> bool:
        """Tell whether the other side has closed it, or said what nobody asked for."""
        return bool(self._poll.poll(0))

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def exchange(self, request: bytes) -> Answer:
        """Send a request and read the answer. Raises OSError and NoPlainAnswer."""
        try:
            self._socket.sendall(request)
            received = self._socket.recv(CHUNK)
        except (ConnectionError, ssl.SSLEOFError) as error:
            raise Broken(type(error).__name__) from error
        if not received:
            raise Broken("it was closed")
        end = received.find(b"\r\n\r\n")
        while end < 0:
            if len(received) > MAX_HEAD_BYTES:
                raise NoPlainAnswer("headers without an end")
            received += self._more()
            end = received.find(b"\r\n\r\n")
        status, headers = _read_head(received[:end])
        if status < _FINAL:  # the answer is yet to come: no later request may have it for its own
            raise NoPlainAnswer("an answer before the answer")
        body = self._body(received[end + 4 :], _length(headers))
        checksum = headers.get(b"x-amz-crc32")
        if checksum is not None and checksum != b"%d" % zlib.crc32(body):
            raise NoPlainAnswer("its checksum is wrong")
        return Answer(status, body, b"close" not in headers.get(b"connection", b"").lower())

    def _body(self, start: bytes, length: int) -> bytes:
        """Read what is left of a body."""
        missing = length - len(start)
        if not missing:
            return start
        parts = [start]
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        if missing:
            raise NoPlainAnswer("more than its length")
        return b"".join(parts)

    def _more(self) -> bytes:
        received = self._socket.recv(CHUNK)
        if not received:
            raise NoPlainAnswer("it ended early")
        return received


def _read_head(head: bytes) -> tuple[int, Mapping[bytes, bytes]]:
    """Read the status, and the headers by their names in small letters."""
    line, *lines = head.split(b"\r\n")
    version, _, rest = line.partition(b" ")
    status = rest[:3]
    if version != b"HTTP/1.1" or not status.isdigit():
        raise NoPlainAnswer("no HTTP/1.1")
    headers: dict[bytes, bytes] = {}
    for header in lines:
        name, _, value = header.partition(b":")
        name, value = name.lower(), value.strip()
        # Two lengths are none, whichever is right (RFC 9112: Message Body Length).
        headers[name] = headers[name] + b", " + value if name in headers else value
    return int(status), headers


def _length(headers: Mapping[bytes, bytes]) -> int:
    """Give the bytes of the body, which must be told and neither cut up nor packed."""
    length = headers.get(b"content-length", b"")
    if not length.isdigit() or b"transfer-encoding" in headers or b"content-encoding" in headers:
        raise NoPlainAnswer("a body of another form")
    return int(length)
