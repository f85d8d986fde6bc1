import json
from datetime import timedelta
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish, unpublish
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation.views.hit import Reason
from functions import read_statistics
from tests.builders import NOW, article, http_event, line


@pytest.fixture(autouse=True)
def library(store: Container) -> Container:
    publish(Submission(article(), views_before=346), store.catalogue, store.books, now=NOW)
    return store


def ask(article_id: str = "harbour-clock", **query: str) -> dict[str, Any]:
    event = http_event(
        "GET /articles/{id}/statistics",
        path={"id": article_id},
        query={name.rstrip("_"): value for name, value in query.items()},
    )
    return read_statistics.handler(event, None)


def told(answer: dict[str, Any], status: int = 200) -> Any:
    assert answer["statusCode"] == status, answer
    return json.loads(answer["body"])


def test_statistics_sum_the_pages_and_the_filtered_hits_of_the_days(library: Container) -> None:
    lines = [
        line(1, day="2026-03-12", referrer="old.example"),
        line(2, day="2026-03-13", referrer="b.example", country="AZ"),
        line(3, referrer="a.example", country="AZ", form_factor="phone", source="search"),
        line(4, referrer="a.example", new_visitor=False, source="search", campaign="spring"),
    ]
    tally(Batch("s", lines), library.books)
    for day in ("2026-03-12", "2026-03-13", "2026-03-14"):
        library.filtered.count("harbour-clock", day, Reason.BOT, now=NOW)
    library.filtered.count("harbour-clock", "2026-03-14", Reason.PREFETCH, now=NOW)
    later = NOW + timedelta(minutes=1)
    library.filtered.count("harbour-clock", "2026-03-14", Reason.PREFETCH, now=later)
    answer = ask(from_="2026-03-13", to="2026-03-14")
    assert told(answer) == {
        "article": "harbour-clock",
        "from": "2026-03-13",
        "to": "2026-03-14",
        "views": 3,
        "visitors": 2,
        "filtered": {"bot": 2, "prefetch": 2, "privacy": 0, "late": 0, "own": 0},
        "referrers": {"a.example": 2, "b.example": 1},
        "countries": {"AZ": 2},
        "form_factors": {"phone": 1},
        "sources": {"search": 2},
        "campaigns": {"spring": 1},
    }
    assert list(told(answer)["referrers"]) == ["a.example", "b.example"]
    assert answer["headers"]["cache-control"] == "no-store"


def test_the_last_thirty_days_are_told_unless_others_are_asked_for() -> None:
    assert (told(ask())["from"], told(ask())["to"]) == ("2026-02-13", "2026-03-14")
    assert told(ask(to="2026-01-31"))["from"] == "2026-01-02"
    assert told(ask(from_="2026-03-14"))["to"] == "2026-03-14"


def test_a_whole_leap_year_can_be_asked_for_and_no_day_more(library: Container) -> None:
    tally(Batch("s", [line(1, day="2024-01-01"), line(2, day="2024-12-31")]), library.books)
    assert told(ask(from_="2024-01-01", to="2024-12-31"))["views"] == 2
    assert told(ask(from_="2023-12-31", to="2024-12-31"), 422)["errors"][0]["field"] == "from"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from_": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from_": "2026-03-15"}, "from"),
        ({"from_": "2026-03-02", "to": "2026-03-01"}, "from"),
    ],
)
def test_days_that_are_none_are_refused(query: dict[str, str], field: str) -> None:
    assert told(ask(**query), 422)["errors"][0]["field"] == field


def test_an_unknown_or_unpublished_article_has_no_statistics(library: Container) -> None:
    assert told(ask("nobody"), 404)
    unpublish("harbour-clock", library.catalogue, library.books, now=NOW)
    assert told(ask(), 410)
