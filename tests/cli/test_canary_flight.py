"""The canary is taken away whatever happens to it, and what became of it is said."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from circulation.articles.items import item_of_article
from circulation.aws.table import Change, Key, Table
from circulation.errors import StoreUnavailable
from circulation.ids import CANARY
from circulation.runtime import Container
from circulation_cli.examination.canary import Canary
from circulation_cli.examination.canary_rules import Flight, judge_flight
from circulation_cli.examination.findings import Finding, Level
from functions import read_articles, record_view, tally_views
from tests.builders import NOW, article, http_event, record, stream_event

DAY = "2026-03-14"


class Api:
    """The API, by the functions themselves; a test decides what a view is answered."""

    def __init__(self) -> None:
        self.tallies = True
        self.answer: Callable[[httpx.Request], httpx.Response] | None = None
        self.views = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        route, path = "/articles/{id}/views", {"id": request.url.path.split("/")[2]}
        if request.method == "GET":
            return self._sent(read_articles.handler(http_event(f"GET {route}", path=path), None))
        if self.answer:
            return self.answer(request)
        event = http_event(
            f"POST {route}",
            path=path,
            body=request.content.decode(),
            headers={"user-agent": request.headers["user-agent"]},
        )
        answer = self._sent(record_view.handler(event, None))
        self.views += 1
        if self.tallies and self.views % 2:  # the second one is the first again
            line = record(self.views, CANARY, at=NOW)
            tally_views.handler(stream_event(line), None)
        return answer

    def _sent(self, answer: dict[str, Any]) -> httpx.Response:
        return httpx.Response(answer["statusCode"], content=answer.get("body", ""))


class Waiting:
    """Time that passes only while it is waited."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def canary(store: Container, api: Api) -> Iterator[Canary]:
    waiting = Waiting()
    transport = httpx.MockTransport(api)
    with httpx.Client(base_url="https://api.example", transport=transport) as client:
        yield Canary(store, client, 60.0, lambda: NOW, waiting.monotonic, waiting.sleep)


def not_well(flight: Flight) -> list[Finding]:
    return [found for found in judge_flight(flight, day=DAY) if found.level != Level.OK]


def is_public(canary: Canary) -> bool:
    counts = canary.container.books.counts([CANARY], consistent=True)
    return CANARY in counts and counts[CANARY].is_public(NOW)


def test_one_view_is_counted_tallied_and_taken_away(canary: Canary) -> None:
    for number in (1, 2):
        flight = canary.fly()
        assert (flight.before, flight.tallied, flight.status_after) == (number - 1, number, 410)
        assert not not_well(flight)
        assert not is_public(canary)
    answered = {number for f in judge_flight(flight, day=DAY) for number in f.assumptions}
    assert answered == {13, 16}


def test_a_view_that_is_not_tallied_in_time_fails(canary: Canary, api: Api) -> None:
    api.tallies = False
    flight = canary.fly()
    (finding,) = not_well(flight)
    assert finding.level == Level.FAIL
    assert "0 views are shown after 1" in finding.text
    assert flight.waited >= 60.0
    assert not is_public(canary)


@pytest.mark.parametrize(
    ("status", "body", "level", "text"),
    [
        (200, {"counted": False, "reason": "own", "views": 0}, Level.WARN, "OwnNetworks"),
        (200, {"counted": False, "reason": "bot", "views": 0}, Level.FAIL, "200 bot"),
        (200, {"counted": True, "views": 7}, Level.FAIL, "1 views were expected"),
        (404, {"title": "Not Found"}, Level.FAIL, "404 not counted"),
        (503, {"title": "Unavailable"}, Level.FAIL, "503 not counted"),
        (200, {}, Level.FAIL, "broken off: KeyError"),
    ],
)
def test_a_view_that_is_not_counted_is_said(
    canary: Canary, api: Api, status: int, body: object, level: Level, text: str
) -> None:
    api.answer = lambda _: httpx.Response(status, content=json.dumps(body))
    (finding,) = not_well(canary.fly())
    assert (finding.level, text in finding.text) == (level, True), finding
    assert not is_public(canary)


def test_an_api_that_cannot_be_reached_leaves_nothing(canary: Canary, api: Api) -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    api.answer = unreachable
    assert "broken off: ConnectError" in not_well(canary.fly())[0].text
    assert not is_public(canary)


def test_an_interrupted_one_is_taken_away(canary: Canary, api: Api) -> None:
    def interrupted(_: httpx.Request) -> httpx.Response:
        assert is_public(canary)
        raise KeyboardInterrupt

    api.answer = interrupted
    with pytest.raises(KeyboardInterrupt):
        canary.fly()
    assert not is_public(canary)


def test_what_cannot_be_taken_away_is_said(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    update = Table.update

    def failing(self: Table, key: Key, change: Change) -> Any:
        if change.names and change.names.get("#set0") == "unpublished":
            raise StoreUnavailable("no capacity")
        return update(self, key, change)

    monkeypatch.setattr(Table, "update", failing)
    flight = canary.fly()
    (finding,) = not_well(flight)
    assert finding.level == Level.FAIL
    assert "still published: StoreUnavailable: no capacity" in finding.text
    assert is_public(canary)


def test_without_the_right_to_open_it_nothing_is_left_and_that_is_said(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> Any:
        raise StoreUnavailable("may not update")

    monkeypatch.setattr(Table, "update", refused)
    flight = canary.fly()
    assert (flight.left, "may not update" in flight.error) == ("", True)
    assert "broken off" in not_well(flight)[0].text


def test_an_article_that_has_its_id_is_not_touched(canary: Canary) -> None:
    table = canary.container.library_table
    table.transact(table.putting(item_of_article(article(id=CANARY), 1, 0)))
    assert "an article has its id" in not_well(canary.fly())[0].text
    assert not is_public(canary)
