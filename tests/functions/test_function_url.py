"""Views by a function URL, whose events have no route: RecordView finds it, and all is the same."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from circulation.runtime import Container, container
from circulation.throttle import BURST
from functions import publish_articles, read_articles, record_view
from tests.builders import by_url, http_event, submitted

PAGE = "https://news.example/city/harbour-clock"


@pytest.fixture(autouse=True)
def library(store: Container) -> Container:
    event = http_event("PUT /articles/{id}", path={"id": "harbour-clock"}, body=submitted())
    publish_articles.handler(event, None)
    return store


def ask(method: str, path: str, **changes: Any) -> dict[str, Any]:
    return record_view.handler(by_url(method, path, **changes), None)


def told(answer: dict[str, Any], status: int = 200) -> Any:
    assert answer["statusCode"] == status, answer
    return json.loads(answer["body"])


def shown() -> int:
    event = http_event("GET /articles/{id}/views", path={"id": "harbour-clock"})
    views: int = told(read_articles.handler(event, None))["views"]
    return views


def test_a_view_by_the_url_is_answered_as_one_by_the_api() -> None:
    answer = ask("POST", "/articles/harbour-clock/views", body={"nonce": "n1"})
    assert told(answer) == {
        "article": "harbour-clock",
        "views": 1,
        "visitors": 1,
        "counted": True,
    }
    event = http_event("POST /articles/{id}/views", path={"id": "harbour-clock"}, address="::1")
    assert record_view.handler(event, None)["headers"] == answer["headers"]


def test_a_view_that_comes_by_both_addresses_counts_once() -> None:
    again = http_event(
        "POST /articles/{id}/views", path={"id": "harbour-clock"}, body={"nonce": "n1"}
    )
    first = told(ask("POST", "/articles/harbour-clock/views", body={"nonce": "n1"}))
    second = told(record_view.handler(again, None))
    assert (first["counted"], second["counted"], second["views"]) == (True, True, 1)
    later = ask("POST", "/articles/harbour-clock/views", body={"nonce": "n2"}, request_id="r2")
    assert told(later)["reason"] == "repeat"


@pytest.mark.parametrize(
    ("method", "path", "changes"),
    [
        ("POST", "/views", {"query": {"url": PAGE}}),
        ("GET", "/articles/harbour-clock/views.gif", {}),
        ("GET", "/count", {"query": {"p": "/city/harbour-clock"}}),
        ("POST", "/count", {"query": {"p": "/city/harbour-clock"}}),
        ("GET", "/busuanzi", {"query": {"jsonpCallback": "a"}, "headers": {"referer": PAGE}}),
        ("POST", "/api/v2/log", {"body": {"url": PAGE}}),
        ("POST", "/api/v1/log", {"body": {"url": PAGE}}),
        ("POST", "/log", {"body": {"url": PAGE}}),
    ],
)
def test_every_way_in_which_a_view_comes_is_open(
    method: str, path: str, changes: dict[str, Any]
) -> None:
    assert ask(method, path, **changes)["statusCode"] == 200
    view = told(ask("POST", "/articles/harbour-clock/views", request_id="r2"))
    assert (view["views"], view["reason"]) == (1, "repeat")


def test_head_of_the_pixel_counts_nothing() -> None:
    answer = ask("HEAD", "/articles/harbour-clock/views.gif")
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "image/gif")
    assert told(ask("POST", "/articles/harbour-clock/views"))["views"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "//articles/harbour-clock/views",
        "/articles/harbour%2Dclock/views",
        "/articles/harbour-clock%2Fviews",
        "/%61rticles/harbour-clock/views",
    ],
)
def test_a_path_is_decoded_once_and_may_begin_with_slashes(path: str) -> None:
    assert told(ask("POST", path))["counted"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("POST", "/"),
        ("GET", "/articles/harbour-clock/views"),
        ("GET", "/articles"),
        ("POST", "/articles//views"),
        ("POST", "/articles/harbour-clock/views/"),
        ("POST", "/articles/harbour-clock/views/more"),
        ("PUT", "/articles/harbour-clock"),
        ("DELETE", "/articles/harbour-clock"),
        ("PATCH", "/views"),
        ("POST", "/articles/{id}/views?"),
        ("POST", "/wp-login.php"),
        ("POST", "/views%00"),
        ("POST", "/\ud800"),
        ("POST", "/" + "%" * 9_000),
        ("POST", quote("/статьи/1/views")),
        ("*", "/views"),
        ("BREW", "/views"),
    ],
)
def test_what_is_no_way_for_a_view_is_not_found(method: str, path: str) -> None:
    answer = ask(method, path)
    assert told(answer, 404)["title"] == "Not Found"
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in answer["headers"]


def test_an_id_that_can_be_none_and_an_unknown_article_are_not_found() -> None:
    told(ask("POST", "/articles/%7Bid%7D/views"), 404)
    told(ask("POST", "/articles/no-such/views"), 404)


def test_options_is_let_pass_without_headers_that_lambda_writes() -> None:
    answer = ask("OPTIONS", "/articles/harbour-clock/views")
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert not any(name.startswith("access-control-") for name in answer["headers"])


def test_the_origin_is_checked_and_the_secret_alone_names_the_viewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://news.example")
    monkeypatch.setenv("ORIGIN_SECRET", "a-secret-of-cloudfront")
    container.cache_clear()
    path = "/articles/harbour-clock/views"
    told(ask("POST", path, headers={"origin": "https://evil.example"}), 403)
    page = {"origin": "https://news.example", "cloudfront-viewer-address": "198.51.100.1:1"}
    told(ask("POST", path, headers=page))
    forged = page | {"cloudfront-viewer-address": "198.51.100.2:1", "x-origin-secret": "guessed"}
    assert told(ask("POST", path, headers=forged, request_id="r2"))["reason"] == "repeat"
    proxied = forged | {"x-origin-secret": "a-secret-of-cloudfront"}
    assert "reason" not in told(ask("POST", path, headers=proxied, request_id="r3"))


def test_an_address_that_sends_too_much_and_a_body_too_large_are_refused() -> None:
    path = "/articles/harbour-clock/views"
    told(ask("POST", path, body=" " * 20_000, address="192.0.2.7"), 413)
    for number in range(BURST):
        told(ask("POST", path, request_id=f"r{number}", address="192.0.2.8"))
    refused = ask("POST", path, request_id="one more", address="192.0.2.8")
    assert told(refused, 429)["title"] == "Too Many Requests"
    assert "retry-after" in refused["headers"]


def test_what_the_url_counts_is_in_the_ledger_as_what_the_api_counts(library: Container) -> None:
    ask("POST", "/articles/harbour-clock/views", body={"nonce": "n1", "width": 390})
    (line,) = library.ledger_table.scan()
    assert (line["n"], line["f"]) == (1, "phone")
    assert shown() == 0  # not tallied yet
