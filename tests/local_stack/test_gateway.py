import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from circulation.store import Store
from circulation.web.response import Response
from cli.local_stack.function import Function
from cli.local_stack.gateway import Gateway
from cli.local_stack.template import Template
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
        return {"isAuthorized": True, "statusCode": 200, "body": ""}

    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, handler))
    return handed


def nothing(_path: str) -> Response | None:
    return None


def test_an_event_has_what_api_gateway_puts_in(
    template: Template, events: list[dict[str, Any]]
) -> None:
    ask = asking(Gateway(template, nothing, URL))
    headers = [("User-Agent", BROWSER), ("X-Two", "a"), ("X-Two", "b")]
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


def test_a_body_that_is_no_text_travels_as_base64(
    template: Template, events: list[dict[str, Any]]
) -> None:
    asking(Gateway(template, nothing, URL))("POST", "/articles/a/views", content=b"\xff")
    assert (events[0]["body"], events[0]["isBase64Encoded"]) == ("/w==", True)


def test_a_guarded_route_asks_the_authorizer_first(
    template: Template, events: list[dict[str, Any]]
) -> None:
    ask = asking(Gateway(template, nothing, URL))
    assert ask("PUT", "/articles/a").status_code == 401
    assert not events
    assert ask("PUT", "/articles/a", headers={"Authorization": "Bearer x"}).status_code == 200
    assert [each.get("type") for each in events] == ["REQUEST", None]


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
    template: Template, store: Store, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def bug(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(store.counters, "get", bug)
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
        ("https://a.example", None, None),
    ],
)
@pytest.mark.usefixtures("events")
def test_pages_of_the_allowed_origins_are_told_that_they_are(
    template: Template, allowed: str, origin: str | None, answered: str | None
) -> None:
    told = replace(template, parameters={**template.parameters, "AllowedOrigins": allowed})
    headers = {} if origin is None else {"origin": origin}
    for method in ("POST", "OPTIONS"):
        answer = asking(Gateway(told, nothing, URL))(method, "/articles/a/views", headers=headers)
        assert answer.headers.get("access-control-allow-origin") == answered
