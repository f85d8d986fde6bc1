"""WebSub: the hub is told what changed, and the publisher waits for nothing."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError

from circulation.aws.sdk import session
from circulation.errors import StoreUnavailable
from circulation.feeds.ping_queue import PingQueue
from circulation.feeds.websub import HubRefused, ping
from circulation.runtime import Container, container
from functions import ping_hub, publish_articles, serve_feeds
from tests.builders import http_event, submitted
from tests.memory_store import metered_tables
from tests.servers import serving

pytestmark = pytest.mark.usefixtures("store")


class Hub(HTTPServer):
    """Keeps the forms that it gets, and answers with a status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status = 204
        self.forms: list[dict[str, list[str]]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/hub?x=1"


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hub)
        assert self.path == "/hub?x=1"
        assert self.headers["content-type"] == "application/x-www-form-urlencoded"
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.forms.append(parse_qs(form))
        self.send_response(self.server.status)
        self.send_header("location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(store: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:  # noqa: ARG001  it comes first
    server = Hub()
    with serving(server):
        monkeypatch.setenv("WEB_SUB_HUB", server.url)
        container.cache_clear()
        yield server


def put(status: int = 201, **changes: Any) -> None:
    event = http_event("PUT /articles/{id}", path={"id": "a"}, body=submitted(**changes))
    assert publish_articles.handler(event, None)["statusCode"] == status


def waiting() -> list[dict[str, str]]:
    """Take the messages out of the ping queue, as Lambda hands them over."""
    queue = boto3.client("sqs")
    url = container().settings.ping_queue_url
    records = []
    while messages := queue.receive_message(QueueUrl=url).get("Messages"):
        for each in messages:
            records.append({"messageId": each["MessageId"], "body": each["Body"]})
            queue.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return records


def feeds() -> set[str]:
    """Give what waits for the hub, without the domain and the format."""
    told = [url for each in waiting() for url in json.loads(each["body"])["feeds"]]
    assert {each.rpartition(".")[2] for each in told} <= {"rss", "atom", "json"}
    return {each.removeprefix("https://api.example").rpartition(".")[0] for each in told}


@pytest.mark.usefixtures("hub")
def test_the_hub_is_to_be_told_of_publishing_editing_moving_and_unpublishing() -> None:
    put(tags=["x y"])
    assert feeds() == {"/feed", "/sections/city/feed", "/tags/x%20y/feed"}
    put(200, title="Edited", section="sport")
    sections = {"/sections/city/feed", "/sections/sport/feed"}
    assert feeds() == {"/feed", "/tags/x%20y/feed", *sections}
    put(200, title="Edited", section="sport")
    assert feeds() == set()
    event = http_event("DELETE /articles/{id}", path={"id": "a"})
    assert publish_articles.handler(event, None)["statusCode"] == 204
    assert feeds() == {"/feed", "/sections/sport/feed"}


@pytest.mark.usefixtures("hub")
def test_the_hub_is_not_told_of_what_is_not_there_yet() -> None:
    put(published="2027-01-01T00:00:00Z")
    assert feeds() == set()


def test_without_a_hub_nothing_is_queued() -> None:
    put()
    assert feeds() == set()


def test_the_hub_gets_every_feed_of_all_messages_once(hub: Hub) -> None:
    put()
    put(200, title="Edited")
    ping_hub.handler({"Records": waiting()}, None)
    urls = [f"https://api.example{path}/feed.{ending}" for path in ("", "/sections/city")
            for ending in ("rss", "atom", "json")]  # fmt: skip
    assert hub.forms == [{"hub.mode": ["publish"], "hub.url": urls}]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_ping_that_the_hub_refuses_fails_and_comes_again(hub: Hub, status: int) -> None:
    hub.status = status
    put()
    with pytest.raises(HubRefused, match=str(status)):
        ping_hub.handler({"Records": waiting()}, None)
    assert len(hub.forms) == 1, "a redirect is not followed"


def test_a_hub_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(OSError, match="refused"):
        ping("http://127.0.0.1:9/", ["https://api.example/feed.rss"])


def test_no_proxy_of_the_environment_is_asked(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    ping(hub.url, ["https://api.example/feed.rss", "https://api.example/feed.atom?a=1&b=ə"])
    assert hub.forms == [
        {
            "hub.mode": ["publish"],
            "hub.url": ["https://api.example/feed.rss", "https://api.example/feed.atom?a=1&b=ə"],
        }
    ]


def test_a_hub_whose_answer_does_not_end_has_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 202 Accepted\r\n\r\nand so on")
                while connection.recv(65_536):
                    """Until the other side closes."""

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        ping(f"http://127.0.0.1:{server.getsockname()[1]}", ["https://api.example/feed.rss"])
        thread.join()


def test_a_queue_that_fails_does_not_fail_the_publisher(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("the queue is away")

    monkeypatch.setattr(PingQueue, "send", fail)
    put()
    assert "the queue is away" in caplog.text
    assert not hub.forms


def test_a_large_batch_is_told_in_messages_that_a_queue_takes(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation.runtime.client_of_tables", lambda _: metered_tables())
    container.cache_clear()
    sent: list[list[str]] = []
    monkeypatch.setattr(PingQueue, "send", lambda _, told: sent.append(list(told)))
    names = [f"{'😀' * 96}{number:03}" for number in range(400)]
    articles = [
        submitted(id=f"a{number}", tags=names[20 * number : 20 * number + 20])
        for number in range(20)
    ]
    event = http_event("POST /articles/batch", body={"articles": articles})
    assert publish_articles.handler(event, None)["statusCode"] == 200
    assert max(map(len, sent)) == 100
    assert max(len(json.dumps({"feeds": each})) for each in sent) < 200 * 1024
    urls = [url for each in sent for url in each]
    assert len(urls) == len(set(urls)) == 3 * (400 + 2)
    assert not hub.forms


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "InvalidMessageContents", "Message": "m"}}, "SendMessage"),
        ClientError({"Error": {"Code": "AccessDenied", "Message": "m"}}, "SendMessage"),
        ReadTimeoutError(endpoint_url="https://sqs.example"),
        NoCredentialsError(),
    ],
)
def test_whatever_the_queue_has_against_a_ping_the_article_is_published(
    hub: Hub, store: Container, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(**_: object) -> None:
        raise error

    session().register("before-call.sqs.SendMessage", fail)
    try:
        put()
    finally:
        session().unregister("before-call.sqs.SendMessage", fail)
    assert "the hub is not told of 6 feeds" in caplog.text
    assert store.catalogue.library.find("a")
    assert not hub.forms


def test_the_feeds_name_the_hub(hub: Hub) -> None:
    put()
    for ending in ("rss", "atom", "json"):
        answer = serve_feeds.handler(http_event(f"GET /feed.{ending}"), None)
        assert f'<{hub.url}>; rel="hub"' in answer["headers"]["link"]
        assert hub.url in answer["body"]
