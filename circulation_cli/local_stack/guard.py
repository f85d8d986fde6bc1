"""The guard: keeps pages of other sites from a stack that any browser on this machine can reach.

A page may send requests to this machine and learn nothing of the answers (a pixel, a form), or have
its own name lead here (DNS rebinding). So a request must name this machine or the stack's own
address as its host, and a page that sends it must be of this machine or of an origin that was
named. Programs that are no browsers send no such headers, and are let through.
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
    """Who may ask the stack."""

    url: str
    """Where pages reach the stack."""
    origins: Collection[str] = ()
    """The origins of other machines whose pages may ask, such as https://staging.example; * any."""

    def refusal(self, method: str, headers: Mapping[str, str]) -> tuple[HTTPStatus, str] | None:
        """Say why a request is refused, None where it is not. Header names are in small letters."""
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
        if "origin" in headers:
            return self._is_known(headers["origin"])
        # Browsers name no origin with an image, a script or a link, but say whether the page that
        # it stands on is of another site (W3C: Fetch Metadata Request Headers).
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
    """An ASGI application in front of another, which gets only the requests that may be made.

    Once a worker has died it gets none: no view is taken that nobody would tally.
    """

    def __init__(self, application: Application, policy: Policy, supervisor: Supervisor) -> None:
        self._application = application
        self._policy = policy
        self._supervisor = supervisor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
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
    """Give the host of an address; empty where it is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _origin(url: str) -> str:
    """Give the origin of an address (RFC 6454)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()
