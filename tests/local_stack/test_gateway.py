import asyncio
import base64
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from circulation.runtime import Container
from circulation.web.request import request_of_event
from circulation.web.response import Response
from circulation_cli.local_stack.exchange import MAX_EVENT
from circulation_cli.local_stack.function import Function
from circulation_cli.local_stack.gateway import (
    MAX_ANSWER,
    MAX_HEADERS,
    MAX_PAYLOAD,
    Gateway,
)
from circulation_cli.local_stack.template import Template
from tests.builders import BROWSER

URL = "https://count.example"

Ask = Callable[..., httpx.Response]


def asking(gateway: Gateway) -> Ask:
    def ask(method: str, path: str, **request: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(gateway, client=("127.0.0.9", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://x:1") as client:
                return await client.request(method, path, **request)

        return asyncio.run(go())

    return ask


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the functions were handed, each of which answers 200 and lets everybody in."""
    handed: list[dict[str, Any]] = []

    def handler(event: Any, _context: object) -> dict[str, Any]:
        handed.append(event)
        context = {"publisher": "somebody"}
        return {"isAuthorized": True, "context": context, "statusCode": 200, "body": ""}

    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, handler))
    return handed


def nothing(_path: str) -> Response | None:
    return None


def test_an_event_has_what_api_gateway_puts_in(
    template: Template, events: list[dict[str, Any]]
) -> None:
    ask = asking(Gateway(template, nothing, URL))
    headers = [
        ("User-Agent", BROWSER), ("X-Two", "a"), ("X-Two", "b"), ("Content-Type", "text/plain"),
    ]  # fmt: skip
    ask("POST", "/articles/a%20b/views?x=1&x=2&y=", content=b"{}", headers=headers)
    (event,) = events
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /articles/{id}/views"
    assert event["rawPath"] == "/articles/a b/views"
    assert event["pathParameters"] == {"id": "a b"}
    assert event["queryStringParameters"] == {"x": "1,2", "y": ""}
    assert event["headers"]["x-two"] == "a,b"
    assert event["requestContext"]["domainName"] == "count.example"
    assert event["headers"]["x-forwarded-proto"] == "https"
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.9"
    assert (event["body"], event["isBase64Encoded"]) == ("{}", False)


def test_a_client_does_not_say_by_which_scheme_it_came(
    template: Template, events: list[dict[str, Any]]
) -> None:
    ask = asking(Gateway(template, nothing, URL))
    ask("GET", "/feed.rss", headers={"x-forwarded-proto": "javascript"})
    assert request_of_event(events[0]).base_url == "https://count.example"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "text/plain;charset=UTF-8", "TEXT/HTML", "application/json",
        "application/json; charset=utf-8", "Application/XML", "application/javascript",
    ],
)  # fmt: skip
def test_a_body_whose_type_is_text_travels_as_text(
    template: Template, events: list[dict[str, Any]], content_type: str
) -> None:
    ask = asking(Gateway(template, nothing, URL))
    ask("POST", "/articles/a/views", content='"ə"'.encode(), headers={"content-type": content_type})
    assert (events[0]["body"], events[0]["isBase64Encoded"]) == ('"ə"', False)
    assert request_of_event(events[0]).body == '"ə"'.encode()


@pytest.mark.parametrize(
    "content_type",
    [
        None, "", "application/x-www-form-urlencoded", "application/octet-stream", "image/png",
        "application/problem+json", "application/ld+json", "text", "jsontext/x", "*/*",
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [b"{}", b"\xff", b"\x00", "ə".encode()])
def test_every_other_body_travels_as_base64(
    template: Template, events: list[dict[str, Any]], content_type: str | None, body: bytes
) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    asking(Gateway(template, nothing, URL))(
        "POST", "/articles/a/views", content=body, headers=headers
    )
    assert events[0]["isBase64Encoded"] is True
    assert base64.b64decode(events[0]["body"]) == request_of_event(events[0]).body == body


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/articles/by-url", "GET /articles/by-url", None),
        ("GET", "/articles/other", "GET /articles/{id}", {"id": "other"}),
        ("POST", "/articles/batch", "POST /articles/batch", None),
        ("GET", "/articles/batch", "GET /articles/{id}", {"id": "batch"}),
        ("HEAD", "/feed.rss", "HEAD /feed.rss", None),
        # Decoded before it is routed, and once alone.
        ("POST", "/articles/a%2Fviews", "POST /articles/{id}/views", {"id": "a"}),
        ("GET", "/tags/a%2541/feed.rss", "GET /tags/{tag}/feed.rss", {"tag": "a%41"}),
        ("GET", "/%66eed.rss", "GET /feed.rss", None),
        ("GET", "/tags/a+b/feed.rss", "GET /tags/{tag}/feed.rss", {"tag": "a+b"}),
        ("GET", "/tags/C%23/feed.rss", "GET /tags/{tag}/feed.rss", {"tag": "C#"}),
        # Cut at a question mark that was encoded.
        ("GET", "/feed.rss%3Fx=1", "GET /feed.rss", None),
        ("GET", "/tags/Why%3F/feed.rss", None, None),
        ("GET", "/counter/%2F%3Fid%3D264384.json", "GET /counter/{path+}", {"path": "/"}),
        # A greedy parameter takes slashes, also at its beginning.
        ("GET", "/counter/a/b.json", "GET /counter/{path+}", {"path": "a/b.json"}),
        ("GET", "/counter//a/b.json", "GET /counter/{path+}", {"path": "/a/b.json"}),
        ("GET", "/counter/%2Fa%2Fb.json", "GET /counter/{path+}", {"path": "/a/b.json"}),
        ("GET", "/counter/", None, None),
        # Nothing else is folded.
        ("GET", "/articles/", None, None),
        ("GET", "//articles", None, None),
        ("GET", "/articles//views", None, None),
        ("GET", "/Articles", None, None),
        ("DELETE", "/feed.rss", None, None),
        ("get", "/feed.rss", None, None),
    ],
)
def test_a_request_reaches_the_route_that_api_gateway_would_choose(
    template: Template,
    events: list[dict[str, Any]],
    method: str,
    path: str,
    key: str | None,
    parameters: dict[str, str] | None,
) -> None:
    gateway = Gateway(template, nothing, URL)
    raw_path = path.encode()
    status = asyncio.run(status_of(gateway, method, raw_path, [(b"authorization", b"Bearer x")]))
    assert status == (404 if key is None else 200)
    found = [event for event in events if "type" not in event]
    assert [event["routeKey"] for event in found] == ([] if key is None else [key])
    assert all(event.get("pathParameters") == parameters for event in found)


async def status_of(
    gateway: Gateway, method: str, raw_path: bytes, headers: list[tuple[bytes, bytes]]
) -> int:
    """Send what a client library would fold or refuse, and give the status."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": unquote(raw_path), "raw_path": raw_path,
        "query_string": b"", "headers": headers, "client": ("127.0.0.9", 1), "http_version": "1.1",
    }  # fmt: skip
    await gateway(scope, receive, send)
    return int(sent[0]["status"])


def test_the_most_specific_of_the_templates_routes_is_chosen(
    template: Template, events: list[dict[str, Any]]
) -> None:
    """Whatever the routes are: a path of a route's own literals is never another's."""
    gateway = Gateway(template, nothing, URL)
    for route in template.routes():
        path = re.sub(r"\{\w+\+\}", "x/y", route.path)
        path = re.sub(r"\{\w+\}", "x", path)
        asyncio.run(status_of(gateway, route.method, path.encode(), [(b"authorization", b"x")]))
        assert events[-1]["routeKey"] == route.key


def test_what_is_larger_than_lambda_takes_reaches_no_function(
    template: Template, events: list[dict[str, Any]]
) -> None:
    ask = asking(Gateway(template, nothing, URL))
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    room = MAX_EVENT - 2_000  # for the rest of the event
    assert ask("POST", "/articles/batch", content=b" " * room, headers=headers).status_code == 200
    answered = ask("POST", "/articles/batch", content=b" " * MAX_EVENT, headers=headers)
    assert answered.status_code == answered.json()["status"] == 413
    # In base64 every third byte becomes a fourth.
    headers["content-type"] = "application/octet-stream"
    fitting = ask("POST", "/articles/batch", content=b" " * (room * 3 // 4), headers=headers)
    assert fitting.status_code == 200
    answered = ask("POST", "/articles/batch", content=b" " * room, headers=headers)
    assert answered.status_code == 413
    assert len([event for event in events if "type" not in event]) == 2
    assert ask("POST", "/views", content=b" " * (MAX_PAYLOAD + 1)).status_code == 413


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"body": "x" * (MAX_ANSWER - 100)}, 200),
        ({"body": "x" * MAX_ANSWER}, 500),
        ({"body": "ə" * (MAX_ANSWER // 2)}, 500),
        ({"headers": {"link": "x" * MAX_HEADERS}}, 200),
        ({"headers": {"link": "x" * MAX_HEADERS, "etag": "x"}}, 500),
    ],
)
def test_an_answer_that_aws_would_drop_is_a_500(
    template: Template, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], status: int
) -> None:
    def handler(_event: Any, _context: object) -> dict[str, Any]:
        return {"statusCode": 200, "body": "", **answer}

    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, handler))
    assert asking(Gateway(template, nothing, URL))("GET", "/articles").status_code == status


@pytest.mark.usefixtures("events")
def test_headers_that_api_gateway_would_refuse_are_refused(template: Template) -> None:
    ask = asking(Gateway(template, nothing, URL))
    room = MAX_HEADERS - 1_000
    for size, status in ((room, 200), (MAX_HEADERS, 431)):
        assert ask("GET", "/articles", headers={"x-long": "x" * size}).status_code == status
        assert ask("GET", f"/articles?x={'x' * size}").status_code == status
    assert ask("GET", "/articles", headers={f"x-{n}": "x" * 1_000 for n in range(11)}).is_error


def test_a_guarded_route_asks_the_authorizer_first(
    template: Template, events: list[dict[str, Any]]
) -> None:
    ask = asking(Gateway(template, nothing, URL))
    assert ask("PUT", "/articles/a").status_code == 401
    assert not events
    assert ask("PUT", "/articles/a", headers={"Authorization": "Bearer x"}).status_code == 200
    asked, handed = events
    assert (asked["type"], asked["identitySource"]) == ("REQUEST", ["Bearer x"])
    assert "body" not in asked
    assert handed["requestContext"]["authorizer"] == {"lambda": {"publisher": "somebody"}}


@pytest.mark.parametrize("context", [{"publisher": "cms", "scopes": "read"}, {}, None])
def test_what_the_authorizer_answers_reaches_the_function(
    template: Template, monkeypatch: pytest.MonkeyPatch, context: dict[str, str] | None
) -> None:
    handed: list[dict[str, Any]] = []

    def handler(event: Any, _context: object) -> dict[str, Any]:
        if event.get("type") == "REQUEST":
            return {"isAuthorized": True} | ({} if context is None else {"context": context})
        handed.append(event)
        return {"statusCode": 200, "body": ""}

    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, handler))
    ask = asking(Gateway(template, nothing, URL))
    assert ask("PUT", "/articles/a", headers={"Authorization": "Bearer x"}).status_code == 200
    assert handed[0]["requestContext"]["authorizer"] == {"lambda": context or {}}


def test_a_handlers_exception_is_a_500_problem_with_the_traceback_in_the_log(
    template: Template, store: Container, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def bug(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(store.books, "count", bug)
    with caplog.at_level(logging.ERROR):
        answer = asking(Gateway(template, nothing, URL))("GET", "/articles/a/views")
    assert answer.status_code == answer.json()["status"] == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "bug" not in answer.text
    assert "ZeroDivisionError: a bug of ours" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("allowed", "origin", "answered"),
    [
        ("*", "https://a.example", "*"),
        ("https://a.example,https://b.example", "https://b.example", "https://b.example"),
        ("https://a.example", "https://evil.example", None),
        ("https://a.example", "https://A.example", None),
        ("https://a.example", "https://a.example:8443", None),
        ("https://a.example", None, None),
        ("*", None, None),
    ],
)
@pytest.mark.usefixtures("events")
def test_pages_of_the_allowed_origins_are_told_that_they_are(
    template: Template, allowed: str, origin: str | None, answered: str | None
) -> None:
    changed = replace(template, parameters={**template.parameters, "AllowedOrigins": allowed})
    ask = asking(Gateway(changed, nothing, URL))
    headers = {} if origin is None else {"origin": origin}
    answer = ask("POST", "/articles/a/views", headers=headers)
    assert answer.headers.get("access-control-allow-origin") == answered
    assert ("access-control-expose-headers" in answer.headers) is bool(answered)
    preflight = {**headers, "access-control-request-method": "POST"}
    answer = ask("OPTIONS", "/articles/a/views", headers=preflight)
    assert answer.status_code == 204
    assert answer.headers.get("access-control-allow-origin") == answered
    assert answer.headers.get("access-control-allow-methods") == (answered and "GET,HEAD,POST")
    assert answer.headers.get("access-control-max-age") == (answered and "86400")
    # Without the method that is to be asked for it is no preflight.
    answer = ask("OPTIONS", "/articles/a/views", headers=headers)
    assert answer.status_code == 204
    assert "access-control-allow-origin" not in answer.headers


def test_cors_headers_of_a_function_do_not_reach_the_page(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(_event: Any, _context: object) -> dict[str, Any]:
        return {"statusCode": 200, "body": "", "headers": {"access-control-allow-origin": "null"}}

    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, handler))
    answer = asking(Gateway(template, nothing, URL))("GET", "/articles")
    assert "access-control-allow-origin" not in answer.headers
