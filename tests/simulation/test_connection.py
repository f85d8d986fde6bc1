"""The same over connections that fail: between clients and a real engine stands a proxy.

With botocore's own retries, and with calls that are made without it and then by it.
"""

import os
import random
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.direct_client import DirectClient
from circulation.aws.sdk import connect
from circulation.runtime import Container
from circulation.settings import Settings
from functions import record_view
from tests.builders import NOW, article, http_event
from tests.servers import serving
from tests.simulation.test_ingest import is_counted

SEED = 20_260_314
VIEWS = 400
THROTTLED = (
    b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"too fast"}'
)


class Proxy(ThreadingHTTPServer):
    """Hands requests on to an engine; of those that write, some fail before or after."""

    daemon_threads = True

    def __init__(self, engine: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.engine = engine
        self.dice = random.Random(SEED)  # noqa: S311  chance that can be repeated
        self.failing = False
        self.faults = 0

    def fate(self) -> str:
        """Choose what becomes of a request."""
        if not self.failing:
            return "done"
        fates = ["done", "throttled", "broken", "cut off before", "cut off after", "broken after"]
        (fate,) = self.dice.choices(fates, [10, 1, 1, 1, 2, 1])
        self.faults += fate != "done"
        return fate


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece: the second of two would wait for an acknowledgement
    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        fate = self.server.fate()
        if fate == "throttled":
            self._answer(400, THROTTLED)
        elif fate == "broken":
            self._answer(500, b"{}")
        elif fate == "cut off before":
            self.close_connection = True
        else:
            status, answer = self._handed_on(body)
            if fate == "cut off after":
                self.close_connection = True
            elif fate == "broken after":
                self._answer(500, b"{}")
            else:
                self._answer(status, answer)

    def _handed_on(self, body: bytes) -> tuple[int, bytes]:
        names = ("x-amz-target", "content-type", "authorization", "x-amz-date")
        headers = {name: self.headers[name] for name in names if self.headers[name]}
        request = urllib.request.Request(self.server.engine, body, headers)  # noqa: S310  loopback
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
        """Keep quiet."""


@pytest.fixture
def proxy(engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    server = Proxy(engine)
    with serving(server):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)  # between retries
        yield server


@pytest.fixture(params=["sdk", "direct"])
def client(proxy: Proxy, request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "sdk":
        yield connect()
        return
    made = DirectClient(f"http://127.0.0.1:{proxy.server_port}", os.environ, connect)
    yield made
    made.close()


def test_no_reply_is_false_over_a_connection_that_fails(
    proxy: Proxy,
    client: Any,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown when the test fails
    container = Container(settings, client)
    monkeypatch.setattr(record_view, "container", lambda: container)
    name = f"clock-{request.node.callspec.id}"
    publish(Submission(article(name)), container.catalogue, container.books, now=NOW)
    proxy.failing = True
    acknowledged = attempts = 0
    for number in range(VIEWS):
        event = http_event(
            "POST /articles/{id}/views",
            path={"id": name},
            address=f"10.0.{number >> 8}.{number & 255}",
            body={"nonce": f"nonce-{number}"},
        )
        for _ in range(3):
            attempts += 1
            if is_counted(record_view.handler(event, None)):
                acknowledged += 1
                break
    proxy.failing = False
    entered = container.ledger.recount(name, "2026-03-14").views
    assert acknowledged <= entered <= VIEWS
    assert acknowledged > VIEWS * 0.95
    assert attempts > VIEWS  # some were told to come again
    assert proxy.faults > VIEWS
