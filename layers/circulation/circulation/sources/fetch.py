"""Fetch a source over HTTPS, from public addresses alone.

A name is resolved once, every address it has must be public, and the connection goes to the one
that was looked at: a name that resolves otherwise a moment later leads nowhere else (OWASP:
Server-Side Request Forgery Prevention).
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from circulation.sources.found import SourceError

MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT = 10.0
"""Seconds, of connecting and of each read."""

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
    for _ in range(1 + MAX_REDIRECTS):
        try:
            status, answered, content = _get(url, headers or {})
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SourceError(f"{url} cannot be read: {error}") from error
        if status in _REDIRECTS and "location" in answered:
            url = urljoin(url, answered["location"])
            continue
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
    for each in addresses:
        address: Any = ipaddress.ip_address(each)
        address = getattr(address, "ipv4_mapped", None) or address
        if not address.is_global or address.is_multicast:
            raise SourceError(f"{host} is at {each}, which is no public address")
    return addresses[0]


def _get(url: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise SourceError(f"{url} is not an https address")
    port = parts.port or 443
    address = public_address(parts.hostname, port)
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(parts.hostname, port, timeout=TIMEOUT, context=context)
    # The certificate is still that of the name: only where the socket leads is told.
    connection._create_connection = partial(_connect, address)  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("GET", path, headers={"user-agent": "circulation", **headers})
        answer = connection.getresponse()
        content = b""
        while chunk := answer.read(_CHUNK):
            content += chunk
            if len(content) > MAX_BYTES:
                raise SourceError(f"{url} is longer than {MAX_BYTES // 2**20} MB")
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content
    finally:
        connection.close()


def _connect(address: str, told: tuple[str, int], *rest: Any) -> socket.socket:  # noqa: ANN401
    return socket.create_connection((address, told[1]), *rest)
