import json
from datetime import timedelta
from typing import Any

import pytest

from circulation.counting.counts import Total
from circulation.popularity.memory import ClosedDay
from circulation.popularity.windows import days_of_windows
from circulation.runtime import container
from functions import publish_articles, rank_popular, read_articles, record_view, tally_views
from tests.builders import NOW, http_event, record, stream_event, submitted

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture(autouse=True)
def library(store: object) -> None:  # noqa: ARG001  the tables come first
    """Two articles, of which one was viewed twice today; old days are known to be empty."""
    put("viewed", views_before=346)
    put("unviewed", section="sport")
    tally_views.handler(stream_event(record(1, "viewed"), record(2, "viewed")), None)
    container().memory.days |= {day: ClosedDay({}, Total(0, 0)) for day in days_of_windows(NOW)[2:]}


def put(article_id: str, **changes: Any) -> None:
    event = http_event(
        "PUT /articles/{id}",
        path={"id": article_id},
        body=submitted(**{"id": article_id} | changes),
    )
    assert publish_articles.handler(event, None)["statusCode"] < 300


def rank(time: str = "2026-03-14T15:10:00Z") -> dict[str, int]:
    return rank_popular.handler({"time": time}, None)


def get(route: str, article_id: str = "viewed", **query: str) -> dict[str, Any]:
    event = http_event(f"GET {route}", path={"id": article_id}, query=query)
    return read_articles.handler(event, None)


def told(answer: dict[str, Any], status: int = 200) -> Any:
    assert answer["statusCode"] == status, answer
    return json.loads(answer["body"])


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["field"], each["detail"]) for each in told(answer, 422)["errors"]]


def daily(**query: str) -> dict[str, Any]:
    return get("/articles/{id}/views/daily", **query)


def hourly(**query: str) -> dict[str, Any]:
    return get("/articles/{id}/views/hourly", **query)


def test_a_viewed_article_is_popular_once_it_is_ranked() -> None:
    assert told(get("/popular")) == {"window": "24h", "as_of": None, "articles": []}
    assert rank() == {"written": 10}
    assert rank("2026-03-14T15:15:00Z") == {"written": 0}
    answer = get("/popular", window="1h", section="city")
    assert told(answer) == {
        "window": "1h",
        "section": "city",
        "as_of": "2026-03-14T15:10:00Z",
        "articles": [
            {
                "id": "viewed",
                "section": "city",
                "title": "The harbour clock keeps time again",
                "published": "2026-03-14T12:00:00+04:00",
                "language": "en",
                "url": "https://news.example/city/viewed",
                "views": 348,
                "window_views": 2,
            }
        ],
    }
    assert answer["headers"]["cache-control"] == "public, max-age=60"
    (article,) = told(get("/popular", window="all"))["articles"]
    assert (article["views"], article["window_views"]) == (348, 348)


def test_an_unknown_section_has_no_popular_articles() -> None:
    rank()
    assert told(get("/popular", section="nowhere"))["articles"] == []
    assert told(get("/popular", section="sport"))["articles"] == []


CHOICES = "1h, 24h, 7d, 30d, all, a day such as 2026-11-27 or a month such as 2026-11"


def test_an_unknown_window_is_refused_with_the_choices() -> None:
    assert faults(get("/popular", window="2h")) == [("window", f"must be one of {CHOICES}")]


@pytest.mark.parametrize("window", ["2026-03-14", "2026-03"])
def test_the_most_read_of_a_day_and_of_a_month(window: str) -> None:
    assert told(get("/popular", window=window)) == {
        "window": window,
        "as_of": None,
        "articles": [],
    }
    rank()
    found = told(get("/popular", window=window))
    assert (found["window"], found["as_of"]) == (window, "2026-03-14T15:10:00Z")
    (shown,) = found["articles"]
    assert (shown["id"], shown["views"], shown["window_views"]) == ("viewed", 348, 2)
    assert told(get("/popular", window="2026-03-13"))["articles"] == []
    assert told(get("/popular", window="2026-04"))["as_of"] is None


def test_a_month_of_more_articles_than_are_listed_says_how_far_off_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("circulation.popularity.top.MAX_LISTED", 1)
    tally_views.handler(stream_event(record(3, "unviewed")), None)
    rank()
    assert told(get("/popular", window="2026-03"))["window_views_error"] == 1
    assert "window_views_error" not in told(get("/popular", window="2026-03-14"))


def seen(**query: str) -> list[str]:
    return [each["id"] for each in told(get("/popular", **query))["articles"]]


def test_a_section_of_a_day_has_those_that_stand_in_it() -> None:
    tally_views.handler(stream_event(record(3, "unviewed")), None)
    rank()
    assert seen(window="2026-03-14") == ["viewed", "unviewed"]
    assert seen(window="2026-03-14", section="sport") == ["unviewed"]
    assert seen(window="2026-03-14", section="nowhere") == []


@pytest.mark.parametrize("window", ["24h", "all", "2026-03-14", "2026-03"])
def test_the_most_read_with_a_tag(window: str) -> None:
    put("tagged", tags=["Harbour", "Clocks"])
    put("elsewhere", section="sport", tags=["Harbour"])
    tally_views.handler(stream_event(record(3, "tagged"), record(4, "elsewhere")), None)
    rank()
    assert seen(window=window, tag="Harbour") == ["elsewhere", "tagged"]
    assert seen(window=window, tag="Harbour", section="city") == ["tagged"]
    assert seen(window=window, tag="nothing") == []
    assert told(get("/popular", tag="Clocks"))["tag"] == "Clocks"


@pytest.mark.parametrize("window", ["24h", "2026-03-14", "2026-03"])
def test_the_most_read_among_what_is_new(window: str) -> None:
    put("older", published="2026-03-12T15:00:00Z", tags=["Harbour"])
    tally_views.handler(stream_event(record(3, "older")), None)
    rank()
    assert seen(window=window) == ["viewed", "older"]
    assert seen(window=window, published_within="1d") == ["viewed"]
    assert seen(window=window, published_within="1d", section="city") == ["viewed"]
    assert seen(window=window, published_within="1d", tag="Harbour") == []
    assert seen(window=window, published_within="73h") == ["viewed", "older"]


def test_what_is_new_of_a_day_that_is_over_was_new_on_that_day() -> None:
    put("older", published="2026-03-12T15:00:00Z")
    tally_views.handler(stream_event(record(3, "older")), None)
    rank()
    event = http_event(
        "GET /popular",
        query={"window": "2026-03-14", "published_within": "4d"},
        at=NOW + timedelta(days=90),
    )
    found = told(read_articles.handler(event, None))
    assert [each["id"] for each in found["articles"]] == ["viewed", "older"]


@pytest.mark.parametrize("within", ["0d", "7", "d", "1w", "367d", "-1d", "1.5d", "9999d", "٣d"])
def test_a_time_since_publication_that_is_none_is_refused(within: str) -> None:
    reason = "must be a number of hours or days such as 36h or 7d, up to 366d"
    assert faults(get("/popular", published_within=within)) == [("published_within", reason)]


def test_a_tag_that_is_none_is_refused() -> None:
    assert faults(get("/popular", tag="x" * 101)) == [("tag", "must have 1 to 100 characters")]


@pytest.mark.parametrize("window", ["2026-13", "2026-02-30", "2026", "yesterday"])
def test_a_day_that_is_none_is_refused(window: str) -> None:
    assert faults(get("/popular", window=window)) == [("window", f"must be one of {CHOICES}")]


def test_ten_are_given_unless_a_limit_is_told() -> None:
    for number in range(12):
        put(f"a{number}", views_before=number + 1)
    rank()
    assert len(told(get("/popular", window="all"))["articles"]) == 10
    assert len(told(get("/popular", window="all", limit="100"))["articles"]) == 13
    assert faults(get("/popular", limit="101")) == faults(get("/popular", limit="0"))


@pytest.mark.parametrize(
    "route", ["/popular", "/articles/{id}/views/daily", "/articles/{id}/views/hourly"]
)
def test_head_and_304_are_answered(route: str) -> None:
    rank()
    etag = get(route)["headers"]["etag"]
    path = {"id": "viewed"}
    head = read_articles.handler(http_event(f"HEAD {route}", path=path), None)
    assert (head["statusCode"], head["body"], head["headers"]["etag"]) == (200, "", etag)
    headers = {"if-none-match": etag}
    again = read_articles.handler(http_event(f"GET {route}", path=path, headers=headers), None)
    assert again["statusCode"] == 304


def test_days_are_the_last_30_with_those_without_views() -> None:
    answer = daily()
    found = told(answer)
    assert answer["headers"]["cache-control"] == "public, max-age=60"
    assert (found["article"], found["from"], found["to"]) == ("viewed", "2026-02-13", "2026-03-14")
    assert len(found["days"]) == 30
    assert found["days"][0] == {"day": "2026-02-13", "views": 0, "visitors": 0}
    assert found["days"][-1] == {"day": "2026-03-14", "views": 2, "visitors": 2}


def test_days_are_those_asked_for_both_ends_included() -> None:
    found = told(daily(**{"from": "2026-03-13", "to": "2026-03-15"}))
    assert [(each["day"], each["views"]) for each in found["days"]] == [
        ("2026-03-13", 0),
        ("2026-03-14", 2),
        ("2026-03-15", 0),
    ]
    assert len(told(daily(**{"from": "2025-03-14"}))["days"]) == 366
    assert len(told(daily(to="2026-03-10"))["days"]) == 30


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"from": "yesterday"}, ("from", "not a date such as 2025-12-26")),
        ({"to": "2026-03-14T15:00:00Z"}, ("to", "not a date such as 2025-12-26")),
        ({"from": "2026-03-15"}, ("from", "must not come after to")),
        ({"from": "2025-03-13"}, ("from", "must be less than 366 days before to")),
    ],
)
def test_days_that_cannot_be_given_are_refused(
    query: dict[str, str], fault: tuple[str, str]
) -> None:
    assert faults(daily(**query)) == [fault]


def test_hours_are_the_last_24() -> None:
    found = told(hourly())
    assert found["article"] == "viewed"
    assert len(found["hours"]) == 24
    assert found["hours"][0] == {"hour": "2026-03-13T16:00:00Z", "views": 0}
    assert found["hours"][-1] == {"hour": "2026-03-14T15:00:00Z", "views": 2}


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({"from": "2026-03-13"}, "2026-03-13T00:00:00Z", "2026-03-14T15:00:00Z"),
        (
            {"from": "2026-03-13", "to": "2026-03-13"},
            "2026-03-13T00:00:00Z",
            "2026-03-13T23:00:00Z",
        ),
        (
            {"from": "2026-03-14T12:30:00+04:00", "to": "2026-03-14T10:59:59Z"},
            "2026-03-14T08:00:00Z",
            "2026-03-14T10:00:00Z",
        ),
        ({"to": "2026-03-14"}, "2026-03-13T16:00:00Z", "2026-03-14T15:00:00Z"),
        ({"from": "2026-02-12"}, "2026-02-12T00:00:00Z", "2026-03-14T15:00:00Z"),
        ({"to": "2026-02-12T03:00:00Z"}, "2026-02-11T04:00:00Z", "2026-02-12T03:00:00Z"),
    ],
)
def test_hours_are_asked_for_by_dates_or_times(
    query: dict[str, str], first: str, last: str
) -> None:
    hours = [each["hour"] for each in told(hourly(**query))["hours"]]
    assert (hours[0], hours[-1]) == (first, last)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"from": "x"}, ("from", "not a date such as 2025-12-26")),
        ({"from": "2026-02-11"}, ("from", "must be at most 30 days back")),
        ({"to": "0001-01-01"}, ("to", "must be at most 30 days back")),
        ({"from": "2026-03-14T16:00:00Z"}, ("from", "must not come after to, nor after this hour")),
        (
            {"from": "2026-03-14", "to": "2026-03-13"},
            ("from", "must not come after to, nor after this hour"),
        ),
    ],
)
def test_hours_that_cannot_be_given_are_refused(
    query: dict[str, str], fault: tuple[str, str]
) -> None:
    assert faults(hourly(**query)) == [fault]


def test_a_time_without_an_offset_is_no_hour() -> None:
    ((field, detail),) = faults(hourly(**{"from": "2026-03-14T15:00:00"}))
    assert field == "from"
    assert "RFC 3339" in detail


@pytest.mark.parametrize("series", ["daily", "hourly"])
def test_the_series_of_an_unknown_article_is_not_found_and_of_an_unpublished_one_gone(
    series: str,
) -> None:
    route = f"/articles/{{id}}/views/{series}"
    assert told(get(route, "nobody"), 404)
    assert told(get(route, "No-Id"), 404)
    event = http_event("DELETE /articles/{id}", path={"id": "viewed"})
    publish_articles.handler(event, None)
    assert told(get(route), 410)


def test_a_view_that_was_recorded_and_tallied_is_in_the_series() -> None:
    event = http_event("POST /articles/{id}/views", path={"id": "unviewed"})
    assert told(record_view.handler(event, None))["counted"]
    tally_views.handler(stream_event(record(9, "unviewed")), None)
    assert told(get("/articles/{id}/views/daily", "unviewed"))["days"][-1]["views"] == 1
