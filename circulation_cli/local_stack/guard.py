"""The guard: refuses requests of other sites' pages, which any browser on this machine may send.

A page can send requests to this machine without reading the responses (a pixel, a form), or let its
own host name resolve to this machine (DNS rebinding). So a request's host must be this machine or
the stack's own, and the page that sends it must be of this machine or of an allowed origin.
Programs other than browsers send no such headers, and are admitted.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from circulation.web.problems import problem_response
from circulation_cli.local_stack.workers import Supervisor

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose requests the stack admits."""

    url: str
    """The URL at which pages reach the stack."""
    origins: Collection[str] = ()
    """Other origins whose pages are admitted, such as https://staging.example; * for any."""

    def refusal(self, method: str, headers: Mapping[str, str]) -> tuple[HTTPStatus, str] | None:
        """Give status and reason of a refusal, or None. Header names are in lower case."""
        host = _host(f"//{headers.get('host', '')}")
        if host not in _THIS_MACHINE and host != _host(self.url):
            return HTTPStatus.MISDIRECTED_REQUEST, "This stack is not reached by that host name."
        if not self._is_welcome(method, headers):
            return (
                HTTPStatus.FORBIDDEN,
                "Pages of that origin may not use this stack; AllowedOrigins names those that may.",
            )
        return None

    def _is_welcome(self, method: str, headers: Mapping[str, str]) -> bool:
        if "*" in self.origins:
            return True
        if headers.get("origin") == "null":
            # So it is written of a page without a referrer, such as those of subscriptions (Fetch
            # standard, "append a request Origin header"); no page can write the other header.
            return headers.get("sec-fetch-site") == "same-origin"
        if "origin" in headers:
            return self._is_known(headers["origin"])
        # Browsers send no origin for an image, a script or a link, but say whether its page is of
        # another site (W3C: Fetch Metadata Request Headers).
        crosses = headers.get("sec-fetch-site", "none") == "cross-site"
        if crosses and method == "GET" and headers.get("sec-fetch-user") == "?1":
            return headers.get("sec-fetch-dest") == "document"  # the reader follows a link
        referrer = headers.get("referer", "")
        return self._is_known(_origin(referrer)) if referrer else not crosses

    def _is_known(self, origin: str) -> bool:
        is_web_page = origin.startswith(("http://", "https://"))
        return (
            (is_web_page and _host(origin) in _THIS_MACHINE)
            or origin == _origin(self.url)
            or origin.lower() in self.origins
        )


class Guard:
    """An ASGI application that passes admitted requests on to another.

    Once a worker has died it refuses all, as no view should be taken that is never tallied.
    """

    def __init__(self, application: Application, policy: Policy, supervisor: Supervisor) -> None:
        self._application = application
        self._policy = policy
        self._supervisor = supervisor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse one request, or pass it on."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        refusal = self._policy.refusal(scope["method"], headers)
        if self._supervisor.reason:
            refusal = HTTPStatus.SERVICE_UNAVAILABLE, f"{self._supervisor.reason}."
        if refusal:
            await _refuse(*refusal, send)
        else:
            await self._application(scope, receive, send)


async def _refuse(status: HTTPStatus, detail: str, send: Send) -> None:
    answer = problem_response(status, detail)
    headers = {**answer.headers, "content-type": answer.content_type}
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


def _host(url: str) -> str:
    """Give the host of a URL; empty if it is invalid."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _origin(url: str) -> str:
    """Give the origin of a URL (RFC 6454); empty if it is invalid."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()
