"""No address and no user agent is ever written or logged, whatever becomes of a view."""

import base64
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.runtime import Container, container
from circulation.throttle import BURST
from functions import record_view, tally_views
from tests.builders import NOW, article, http_event, record, stream_event

ADDRESSES = ("203.0.113.77", "2001:db8:77:88:99aa:bbcc:ddee:ff00")
BROWSER = "Mozilla/5.0 (Tell-Tale; rv:140.0) Firefox/140.0"
SECRETS = (*ADDRESSES, "203.0.113", "2001:db8:77:88", "99aa:bbcc", BROWSER, "Tell-Tale")


class Written(list[str]):
    """What was sent to the tables, as it goes over the wire."""

    def note(self, request: Any, **_: Any) -> None:
        self.append(f"{request.url} {request.body.decode()}")


@pytest.fixture
def written(store: Container) -> Written:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    seen = Written()
    client = store.client
    client.meta.events.register_first("before-send.dynamodb.*", seen.note)
    return seen


@pytest.fixture
def logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[[], str]]:
    """Give everything that was logged, at INFO or above as in Lambda, or printed."""
    with caplog.at_level(logging.INFO):
        yield lambda: caplog.text + "".join(capfd.readouterr())


def view(address: str = ADDRESSES[0], status: int = 200, **changes: Any) -> dict[str, Any]:
    headers = {"user-agent": BROWSER} | changes.pop("headers", {})
    event = http_event(
        "POST /articles/{id}/views",
        path={"id": changes.pop("article_id", "harbour-clock")},
        address=address,
        headers=headers,
        **changes,
    )
    answer = record_view.handler(event, None)
    assert answer["statusCode"] == status, answer
    assert not leaks(str(answer))
    return answer


def leaks(text: str) -> list[str]:
    """Name the secrets in a text, also as base64 wherever they begin."""
    found = [secret for secret in SECRETS if secret in text]
    for secret in SECRETS:
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + secret.encode()).decode()
            if encoded[4 * (shift > 0) : -4] in text:
                found.append(f"{secret} in base64")
    return found


def test_nobody_is_told_of_whatever_becomes_of_a_view(
    store: Container, written: Written, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ADDRESSES:
        arrival = {
            "referrer": "https://a.example/Tell-Tale",
            "query": ["utm_campaign=Tell-Tale@mail.example", "utm_term=Tell-Tale", "Tell-Tale"],
        }
        view(address, body={"nonce": "n1", "width": 390} | arrival)
        view(address, body={"nonce": "n2"})  # a repeat
    view(headers={"user-agent": f"{BROWSER} Googlebot/2.1"})
    view(headers={"sec-purpose": "prefetch"})
    view(headers={"sec-gpc": "1"})
    view(body="{", status=400)
    view(body={"nonce": 7}, status=422)
    view(body="x" * 16_385, status=413)
    view(article_id="nobody", status=404)
    for _ in range(BURST):
        record_view.handler(
            http_event("POST /articles/{id}/views", path={"id": "x"}, address=ADDRESSES[0]), None
        )
    view(status=429)
    for name, value in {
        "OPT_OUTS": "anonymous",
        "ORIGIN_SECRET": "s",
        "ALLOWED_ORIGINS": "https://news.example",
        "OWN_NETWORKS": "192.0.2.77,2001:db8:77::/48",
    }.items():
        monkeypatch.setenv(name, value)
    container.cache_clear()
    container().client.meta.events.register_first("before-send.dynamodb.*", written.note)
    page = {"origin": "https://news.example"}
    view(status=403)
    view(headers=page | {"sec-gpc": "1"})
    through = {"x-origin-secret": "s", "cloudfront-viewer-address": f"{ADDRESSES[1]}:46532"}
    view("192.0.2.9", headers=page | through, request_id="r9")
    view("192.0.2.9", headers=page | {"cloudfront-viewer-address": "odd"}, request_id="r8")
    lines = [record(1), {"eventName": "INSERT"}]
    tally_views.handler(stream_event(*lines), None)

    assert sum('"TableName": "Ledger"' in each for each in written) > 4
    assert any('"a.example"' in each for each in written)
    assert not leaks("".join(written))
    told = logged()
    assert "malformed ledger record" in told
    assert "FilteredBot" in told
    assert not leaks(told)
    assert not leaks(str([*store.ledger_table.scan()]))


TOLD_ROUTES = {
    "POST /views": {"query": {"url": "/city/harbour-clock?utm_source=Tell-Tale"}},
    "GET /articles/{id}/views.gif": {"path": {"id": "harbour-clock"}},
    "GET /busuanzi": {
        "query": {"jsonpCallback": "told"},
        "headers": {"referer": "https://news.example/city/harbour-clock#Tell-Tale"},
    },
    "POST /count": {
        "query": {
            "p": "/city/harbour-clock",
            "t": "Tell-Tale",
            "q": "?mail=Tell-Tale",
            "r": "https://a.example/Tell-Tale",
        }
    },
    "POST /api/v2/log": {
        "body": {"url": "https://news.example/city/harbour-clock", "token": "Tell-Tale"}
    },
}


@pytest.mark.parametrize("route", TOLD_ROUTES)
def test_nobody_is_told_of_however_a_view_is_told(
    store: Container, written: Written, logged: Callable[[], str], route: str
) -> None:
    told: dict[str, Any] = dict(TOLD_ROUTES[route])
    headers = {"user-agent": BROWSER} | told.pop("headers", {})
    for number, address in enumerate(ADDRESSES):
        event = http_event(route, address=address, headers=headers, request_id=f"r{number}", **told)
        assert record_view.handler(event, None)["statusCode"] == 200
    assert len([*store.ledger_table.scan()]) == len(ADDRESSES)
    assert not leaks("".join(written))
    assert not leaks(logged())
    assert not leaks(str([*store.ledger_table.scan()]))


def test_a_table_that_fails_is_logged_without_the_reader(
    store: Container, written: Written, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)

    def failing(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://dynamodb.example")

    view()  # makes the day's salt and page
    client = store.client
    client.meta.events.register_last("before-send.dynamodb.UpdateItem", failing)
    view(ADDRESSES[1], status=503)
    view(headers={"user-agent": f"{BROWSER} Googlebot/2.1"})  # its own sum cannot be written
    assert sum('"TableName": "Ledger"' in each for each in written) > 1
    told = logged()
    assert told.count("Read timeout") > 1
    assert not leaks(told)
    assert not leaks("".join(written))


@pytest.mark.parametrize("shift", range(3))
def test_a_leak_would_be_seen_also_in_base64(shift: int) -> None:
    assert not leaks("nothing of the kind")
    for secret in SECRETS:
        assert secret in leaks(f"x{secret}x")
        assert leaks(base64.b64encode(b"x" * shift + secret.encode() + b"xx").decode())
