"""The script and the numbers from a path of the site itself (docs/first-party.md)."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import Browser, page, published
from tests.browser.site import HOST
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for
from tests.servers import serving

SECRET = "a-secret-of-at-least-20-characters"
PREFIX = "/numbers"
RENAMED = "/js/n.js"

_readers = itertools.count(1)


@dataclass
class ProxiedSite:
    """A site whose server hands one of its paths on to the API, as docs/first-party.md says."""

    pages: dict[str, str] = field(default_factory=dict)
    api_port: int = 0
    secret: str = SECRET
    reader: str = ""
    """The address that the server sees; each of a test's browsers is really on this machine."""
    counted: list[bool] = field(default_factory=list)
    """What the API has answered to each view."""

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                site.answer(self)

            do_GET = do_POST = _answer  # noqa: N815  http.server's names

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    @contextmanager
    def serving(self) -> Iterator[None]:
        with serving(self._server):
            yield

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        path = handler.path.replace(RENAMED, f"{PREFIX}/widget.js")
        if path.startswith(f"{PREFIX}/"):
            status, kind, content = self._forward(
                handler.command, path.removeprefix(PREFIX), body, dict(handler.headers)
            )
        else:
            status, kind = 200 if path in self.pages else 404, "text/html; charset=utf-8"
            content = self.pages.get(path, "").encode()
        handler.send_response(status)
        handler.send_header("content-type", kind)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _forward(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        for name in ("Host", "Connection", "Content-Length", "Accept-Encoding", "Cookie"):
            headers.pop(name, None)
        headers |= {"X-Origin-Secret": self.secret, "CloudFront-Viewer-Address": self.reader}
        connection = HTTPConnection("127.0.0.1", self.api_port, timeout=60)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        received = answer.status, answer.headers["content-type"] or "", answer.read()
        connection.close()
        if method == "POST":
            self.counted.append(json.loads(received[2])["counted"])
        return received


@pytest.fixture(scope="module")
def served() -> Iterator[ProxiedSite]:
    site = ProxiedSite()
    with site.serving():
        yield site


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, served: ProxiedSite) -> Iterator[Stack]:
    """A stack that knows the proxy's secret and admits the site's pages alone."""
    options = (f"--parameter=OriginSecret={SECRET}", f"--parameter=AllowedOrigins={served.origin}")
    yield from running(tmp_path_factory.mktemp("first-party") / "state", *options)


@pytest.fixture
def site(served: ProxiedSite, stack: Stack) -> ProxiedSite:
    served.api_port = stack.port
    served.secret = SECRET
    served.reader = f"198.51.100.{next(_readers)}"
    served.counted = []
    return served


@pytest.fixture
def readers(browse: Callable[..., Browser]) -> tuple[Browser, Browser]:
    """Two readers whose browsers are of the same version: only their addresses tell them apart."""
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
    return browse(agent=agent), browse(agent=agent)


def put(site: ProxiedSite, article: str, tag: str) -> str:
    path = f"/articles/{article}"
    site.pages[path] = page(f"<h1>A</h1><view-count>…</view-count><b data-views>…</b>{tag}")
    return f"{site.origin}{path}"


@pytest.mark.parametrize(
    "tag",
    [
        f'<script async crossorigin src="{PREFIX}/widget.js"></script>',
        f'<script async src="{RENAMED}" data-api="{PREFIX}"></script>',
    ],
    ids=["widget.js", "renamed"],
)
def test_a_page_counts_and_shows_by_a_path_of_its_own_site(
    browser: Browser, site: ProxiedSite, stack: Stack, tag: str
) -> None:
    url = put(site, published(stack), tag)
    browser.open(url)
    browser.shows("347")
    browser.shows("347", "b")
    asked = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    requests = [name for name in browser.run(asked) if not name.startswith("data:")]
    assert requests
    assert all(name.startswith(site.origin) for name in requests), requests
    assert not browser.complaints()


@pytest.mark.parametrize(("secret", "counted"), [(SECRET, [True, True]), ("", [True, False])])
def test_two_readers_with_the_same_browser_are_two_where_the_proxy_names_their_addresses(
    readers: tuple[Browser, Browser],
    site: ProxiedSite,
    stack: Stack,
    secret: str,
    counted: list[bool],
) -> None:
    site.secret = secret
    url = put(site, published(stack), f'<script async src="{PREFIX}/widget.js"></script>')
    for number, reader in enumerate(readers, 1):
        site.reader = f"2001:db8:{number}::1"
        reader.open(url)
        wait_for(lambda: len(site.counted), number)
        assert site.counted == counted[:number]
