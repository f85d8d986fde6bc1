"""Views from the publication's own networks are left out, by whatever way they come."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from circulation.runtime import Container, container
from circulation.web.pages.pixel import PIXEL
from functions import publish_articles, read_statistics, record_view
from tests.builders import BROWSER, NOW, TODAY, http_event, submitted

OFFICE = "192.0.2.0/24,2001:db8:1::/48"
EDITOR, READER = "192.0.2.44", "198.51.100.7"
PAGE = "https://news.example/city/harbour-clock"
Numbers = Callable[[dict[str, Any]], tuple[bool, int]]
"""Reads from an answer whether a hit was counted, and the number."""


@pytest.fixture(autouse=True)
def library(store: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    event = http_event(
        "PUT /articles/{id}", path={"id": "harbour-clock"}, body=submitted(views_before=346)
    )
    assert publish_articles.handler(event, None)["statusCode"] == 201
    monkeypatch.setenv("OWN_NETWORKS", OFFICE)
    monkeypatch.setenv("ORIGIN_SECRET", "s")
    container.cache_clear()
    return store


def send(route: str, address: str, **told: Any) -> dict[str, Any]:
    answer: dict[str, Any] = record_view.handler(http_event(route, address=address, **told), None)
    assert answer["statusCode"] == 200
    return answer


def post(address: str = EDITOR, **told: Any) -> dict[str, Any]:
    path = {"id": "harbour-clock"}
    answer = send("POST /articles/{id}/views", address, path=path, **told)
    body: dict[str, Any] = json.loads(answer["body"])
    return body


def test_an_editors_hit_is_answered_with_the_number_and_why_it_is_not_counted(
    library: Container,
) -> None:
    assert post() == {
        "article": "harbour-clock",
        "views": 346,
        "visitors": 0,
        "counted": False,
        "reason": "own",
    }
    assert not list(library.ledger_table.scan())
    assert post(READER)["counted"]
    assert EDITOR not in str(list(library.library_table.scan()))


@pytest.mark.parametrize(
    ("route", "told"),
    [
        ("POST /views", {"query": {"url": PAGE}}),
        ("GET /articles/{id}/views.gif", {"path": {"id": "harbour-clock"}}),
        ("POST /count", {"query": {"p": "/city/harbour-clock", "rnd": "a"}}),
        ("GET /busuanzi", {"query": {"jsonpCallback": "f"}, "headers": {"referer": PAGE}}),
        ("POST /api/v2/log", {"body": {"url": PAGE}}),
        ("POST /log", {"body": {"url": PAGE}}),
    ],
)
def test_by_every_way_an_editors_hit_is_left_out_and_a_readers_is_not(
    library: Container, route: str, told: dict[str, Any]
) -> None:
    left_out = send(route, EDITOR, **told)
    assert not list(library.ledger_table.scan())
    assert library.filtered.of("harbour-clock", [TODAY])["own"] == 1
    if "views.gif" in route:
        assert left_out["body"] == PIXEL or left_out["isBase64Encoded"]
    if route == "POST /count":
        assert "own networks" in str(left_out["headers"])
    send(route, READER, **told)
    assert len(list(library.ledger_table.scan())) == 1


def test_behind_a_proxy_it_is_the_viewers_address_that_counts_and_only_with_the_secret() -> None:
    through = {"x-origin-secret": "s", "cloudfront-viewer-address": f"{EDITOR}:46532"}
    assert post("203.0.113.1", headers=through)["reason"] == "own"
    claimed = {"cloudfront-viewer-address": f"{EDITOR}:46532", "x-forwarded-for": EDITOR}
    assert post("203.0.113.1", headers=claimed)["counted"]
    other = {"x-origin-secret": "s", "cloudfront-viewer-address": f"{READER}:46532"}
    assert post(EDITOR, headers=other)["counted"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"user-agent": f"{BROWSER} Googlebot/2.1"}, "bot"),
        ({"sec-purpose": "prefetch"}, "prefetch"),
        ({"sec-gpc": "1"}, "own"),
    ],
)
def test_a_program_in_the_office_is_a_program(headers: dict[str, str], reason: str) -> None:
    assert post(headers=headers)["reason"] == reason


def test_statistics_tell_how_many_were_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    post()
    assert json.loads(capsys.readouterr().out)["FilteredOwn"] == [1]
    asked = http_event("GET /articles/{id}/statistics", path={"id": "harbour-clock"}, at=NOW)
    answer = json.loads(read_statistics.handler(asked, None)["body"])
    assert answer["filtered"]["own"] == 1
    assert answer["views"] == 0
