import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from circulation_cli.local_stack.exchange import MAX_EVENT
from circulation_cli.local_stack.function import Function
from circulation_cli.local_stack.template import Template
from circulation_cli.local_stack.view_door import ViewDoor

URL = "http://127.0.0.1:8081"
Handler = Callable[[Any, object], dict[str, Any]]


@pytest.fixture
def with_url(template: Template) -> Template:
    changes = {
        "ViewDoor": "url", "ViewConcurrency": "2", "AllowedOrigins": "https://news.example"
    }  # fmt: skip
    return replace(template, parameters={**template.parameters, **changes})


def door(template: Template, handler: Handler, monkeypatch: pytest.MonkeyPatch) -> ViewDoor:
    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, handler))
    found = template.function_url()
    assert found
    return ViewDoor(template, found, URL)


async def ask_it(door: ViewDoor, method: str, path: str, **request: Any) -> httpx.Response:
    transport = httpx.ASGITransport(door, client=("127.0.0.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        return await client.request(method, path, **request)


def ask(door: ViewDoor, method: str, path: str, **request: Any) -> httpx.Response:
    return asyncio.run(ask_it(door, method, path, **request))


def good(_event: object, _context: object) -> dict[str, Any]:
    return {"statusCode": 200, "headers": {"x-own": "1"}, "body": "ok"}


def test_a_stack_has_no_such_address_unless_a_parameter_says_so(
    template: Template, with_url: Template
) -> None:
    assert template.function_url() is None
    found = with_url.function_url()
    assert found
    assert (found.function, found.concurrency) == ("RecordView", 2)
    assert found.cors == with_url.cors()


def test_an_event_has_what_lambda_puts_in(
    with_url: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Any] = []

    def handler(event: Any, context: object) -> dict[str, Any]:
        events.append(event)
        return good(event, context)

    url = door(with_url, handler, monkeypatch)
    ask(url, "POST", "/articles/a%20b/views?x=1&x=2", content=b"{}")
    (event,) = events
    assert event["version"] == "2.0"
    assert event["routeKey"] == event["requestContext"]["routeKey"] == "$default"
    assert event["rawPath"] == "/articles/a%20b/views"
    assert "pathParameters" not in event
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert event["requestContext"]["domainName"] == "127.0.0.1:8081"
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.9"
    assert event["isBase64Encoded"] is True


def test_the_configuration_writes_the_headers_of_cors(
    with_url: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = door(with_url, good, monkeypatch)
    answer = ask(url, "POST", "/views", headers={"origin": "https://news.example"})
    assert answer.headers["access-control-allow-origin"] == "https://news.example"
    assert answer.headers["x-own"] == "1"
    other = ask(url, "POST", "/views", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_a_preflight_does_not_reach_the_function(
    with_url: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(_event: object, _context: object) -> dict[str, Any]:
        raise AssertionError

    headers = {"origin": "https://news.example", "access-control-request-method": "POST"}
    answer = ask(door(with_url, handler, monkeypatch), "OPTIONS", "/log", headers=headers)
    assert answer.status_code == 200
    assert "x-browser-token" in answer.headers["access-control-allow-headers"]


def test_requests_beyond_the_reserved_concurrency_are_refused_and_the_others_answered(
    with_url: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, both_in = threading.Event(), threading.Barrier(3)

    def handler(event: Any, context: object) -> dict[str, Any]:
        both_in.wait(30)
        go_on.wait(30)
        return good(event, context)

    url = door(with_url, handler, monkeypatch)

    async def go() -> list[int]:
        first = [asyncio.create_task(ask_it(url, "POST", "/views")) for _ in range(2)]
        await asyncio.to_thread(both_in.wait, 30)
        headers = {"origin": "https://news.example"}
        refused = await ask_it(url, "POST", "/views", headers=headers)
        # A page cannot read it, so that its script takes it for a failure of the network.
        assert "access-control-allow-origin" not in refused.headers
        go_on.set()
        both_in.abort()
        answered = [(await each).status_code for each in first]
        return [refused.status_code, *answered]

    assert asyncio.run(go()) == [429, 200, 200]


def test_a_function_that_fails_is_502_and_a_body_too_large_413(
    with_url: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(_event: object, _context: object) -> dict[str, Any]:
        raise ValueError("no")

    url = door(with_url, handler, monkeypatch)
    assert ask(url, "POST", "/views").status_code == 502
    assert ask(url, "POST", "/views", content=b" " * MAX_EVENT).status_code == 413
    assert ask(url, "POST", "/views", content=b" " * (MAX_EVENT + 1)).status_code == 413
