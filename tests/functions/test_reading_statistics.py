"""What editors read of statistics: the routes, and what a view of them takes of the table."""

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from circulation.access.tokens import Scope, Token, sha256_of
from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.table import Change
from circulation.counting.keys import count_key
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.popularity.periods import Period
from circulation.popularity.top import top_of_day
from circulation.runtime import Container
from circulation.statistics.article_month import ArticleMonth
from circulation.statistics.curve import Curve
from circulation.statistics.rollup import THE_SITE, Rollup, Subject, SubjectKind
from circulation.times import day_of, format_time
from functions import read_statistics
from tests.builders import NOW, TODAY, article, http_event, line
from tests.memory_store import metered_tables, store_on
from tests.simulation.dynamodb import DynamoDB
from tests.unit.statistics.reading import breakdown

SECRET = "a-read-token"
MAX_UNITS = 120
MAX_CALLS = 8
LONG_AGO = NOW - timedelta(days=50)


@dataclass
class Desk:
    """A stack in memory, and an editor with a read token."""

    store: Container
    tables: DynamoDB

    def ask(self, path: str, status: int = 200, **query: str) -> Any:
        answer = self.answer(path, **query)
        assert answer["statusCode"] == status, answer
        return json.loads(answer["body"])

    def answer(self, path: str, *, token: str = SECRET, **query: str) -> dict[str, Any]:
        query = {name.rstrip("_"): value for name, value in query.items()}
        route, _, article_id = path.partition(":")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        event = http_event(
            f"GET /statistics/{route}",
            path={"id": article_id} if article_id else {},
            query=query,
            headers=headers,
            scopes=None,
        )
        return read_statistics.handler(event, None)

    def put_day(self, day: str, rollup: Rollup, subject: Subject = THE_SITE) -> None:
        self.store.rollups.put(subject, day, rollup, as_of=NOW, clock=NOW)

    def put_articles(self, number: int) -> None:
        table = self.store.library_table
        for place in range(number):
            attributes = {
                "views": 0,
                "title": f"Harbour ferry runs aground, {place}; all passengers are safe",
                "section": "city",
                "published": format_time(NOW - timedelta(hours=place + 1)),
            }
            table.update(count_key(f"a{place}"), Change.setting(attributes))
        views = {f"a{place}": 10 * number - place for place in range(number)}
        for back in range(8):
            day = day_of(NOW - timedelta(days=back))
            top = top_of_day(views, 1, closed=back > 0)
            self.store.figure_stores.tops.put(Period(day), top, as_of=NOW, clock=NOW)
        lines = [line(place + 1, f"a{place}") for place in range(min(number, 60))]
        tally(Batch("s", lines), self.store.books)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    tables = metered_tables()
    store = store_on(tables)
    store.tokens_client = tables  # type: ignore[assignment]
    store.tokens.add(Token("desk", sha256_of(SECRET), frozenset({Scope.READ}), NOW))
    monkeypatch.setattr(read_statistics, "container", lambda: store)
    return Desk(store, tables)


def hours(hourly: int, until: int = 24) -> dict[int, int]:
    return dict.fromkeys(range(until), hourly)


def named(prefix: str, number: int) -> Counter[str]:
    return Counter({f"{prefix} of a name of usual length {place}": 9 for place in range(number)})


def wide_day(hourly: int, *, closed: bool = True) -> Rollup:
    """A day of the whole site with as many names as it may have."""
    traits = breakdown(
        referrers=named("host", 100),
        campaigns=named("campaign", 50),
        countries=Counter({f"{number}": 3 for number in range(100)}),
        sources=Counter({"search": 9, "home": 5}),
    )
    return Rollup(
        24 * hourly,
        20 * hourly,
        hours(hourly),
        traits,
        {"bot": 3},
        40,
        tuple((f"a{number}", 20) for number in range(20)),
        dict(named("section", 50)),
        dict(named("author", 50)),
        dict(named("tag", 50)),
        closed=closed,
    )


def days_back(number: int) -> str:
    return (date.fromisoformat(TODAY) - timedelta(days=number)).isoformat()


def test_today_is_compared_with_usual_days_in_numbers_and_words(desk: Desk) -> None:
    for back in range(1, 30):
        desk.put_day(days_back(back), Rollup(2_400, 1, hours(100), closed=True))
    desk.put_day(TODAY, Rollup(16 * 200, 1, hours(200, 16)))
    told = desk.ask("site")
    assert (told["period"], told["compare"]) == ("day", "usual")
    assert told["views"]["percent"] == round(
        100 * (told["views"]["views"] - told["views"]["before"]) / told["views"]["before"]
    )
    assert told["usual"]["of"] == 4
    assert told["sentences"][0].startswith("Until ")
    factor = round(told["views"]["views"] / told["views"]["before"], 1)
    assert f"{factor} times a usual Saturday" in told["sentences"][0]
    assert len(told["points"]) == 24


def test_sections_authors_and_tags_have_their_tables(desk: Desk) -> None:
    desk.put_day(
        TODAY,
        Rollup(10, 1, hours(1, 10), sections={"city": 7, "sport": 3}, authors={"Leyla": 4}),
    )
    assert desk.ask("sections")["sections"] == [
        {"name": "city", "views": 7, "share": 0.7, "before": None},
        {"name": "sport", "views": 3, "share": 0.3, "before": None},
    ]
    assert [row["name"] for row in desk.ask("authors")["authors"]] == ["Leyla"]
    assert desk.ask("tags")["tags"] == []
    assert [row["name"] for row in desk.ask("sections", limit="1")["sections"]] == ["city", "other"]


def test_a_section_has_figures_of_its_own(desk: Desk) -> None:
    city = Subject(SubjectKind.SECTION, "city")
    desk.put_day(TODAY, Rollup(10, 1, hours(1, 10), top=(("a0", 8),), unlisted=2), city)
    desk.put_articles(1)
    told = desk.ask("site", section="city", compare="none")
    assert (told["of"], told["name"], told["all_views"]) == ("section", "city", 10)
    assert [row["article"] for row in told["top"]] == ["a0"]
    assert told["unlisted"] == 2


def test_the_most_read_articles_are_listed_with_their_hours(desk: Desk) -> None:
    desk.put_articles(30)
    desk.put_day(TODAY, wide_day(10, closed=False))
    told = desk.ask("top", sort="per_hour")
    assert len(told["top"]) == 25
    assert told["top"][0]["article"] == "a0"
    assert told["top"][0]["title"].startswith("Harbour ferry runs aground, 0")
    assert len(told["top"][0]["sparkline"]) == 24
    assert sum(row["views"] for row in told["top"]) == 25


def test_a_list_is_written_as_csv_that_no_spreadsheet_runs(desk: Desk) -> None:
    desk.put_day(TODAY, Rollup(10, 1, hours(1, 10), sections={'=1+"2"': 7, "sport, home": 3}))
    answer = desk.answer("sections", format="csv")
    assert answer["headers"]["content-type"].startswith("text/csv")
    assert answer["body"].startswith("name,views,share,before\r\n")
    rows = list(csv.reader(io.StringIO(answer["body"])))
    assert rows[1:] == [['\'=1+"2"', "7", "0.7", ""], ["sport, home", "3", "0.3", ""]]
    points = list(csv.DictReader(io.StringIO(desk.answer("site", format="csv")["body"])))
    assert len(points) == 24
    assert {"start", "views", "complete"} <= points[0].keys()
    wrong = desk.ask("site", 422, format="csv", table="nothing")
    assert wrong["errors"][0]["field"] == "table"
    assert "points" in wrong["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"period": "decade"}, ["period"]),
        ({"date": "2026-02-30"}, ["date"]),
        ({"date": "1066-10-14"}, ["date"]),
        ({"period": "range"}, ["from"]),
        ({"from_": "2026-03-02", "to": "2026-03-01"}, ["from"]),
        ({"from_": "2020-03-02", "to": "2026-03-01"}, ["from"]),
        ({"period": "day", "to": "2026-03-01"}, ["to"]),
        ({"period": "range", "from_": "2026-03-01", "date": "2026-03-01"}, ["date"]),
        ({"compare": "best", "sort": "size", "limit": "0"}, ["compare", "sort", "limit"]),
        ({"section": ""}, ["section"]),
        ({"section": "city", "tag": "sea"}, ["tag"]),
        ({"format": "xml"}, ["format"]),
    ],
)
def test_every_fault_of_a_request_is_named(
    desk: Desk, query: dict[str, str], fields: list[str]
) -> None:
    told = desk.ask("site", 422, **query)
    assert [fault["field"] for fault in told["errors"]] == fields


def test_without_a_token_nothing_is_shown(desk: Desk) -> None:
    assert desk.answer("site", token="")["statusCode"] == 401
    assert desk.answer("live", token="wrong")["statusCode"] == 401
    assert desk.answer("site")["headers"]["cache-control"] == "no-store"


def test_the_last_half_hour_is_shown(desk: Desk) -> None:
    desk.put_articles(3)
    batch = Batch("s", [line(1, "a0", at=NOW - timedelta(minutes=1), source="search")] * 1)
    desk.store.live_views.put(batch, now=NOW)
    told = desk.ask("live")
    assert told["views"] == 1
    assert [(row["article"], row["source"]) for row in told["movers"]] == [("a0", "search")]
    assert len(told["minutes"]) == 30


@pytest.fixture
def clock(desk: Desk) -> str:
    """An article of this morning that was retitled, with views of three hours."""
    published = article(published=NOW.replace(hour=8, minute=20))
    store, at = desk.store, NOW.replace(hour=8, minute=20)
    publish(Submission(published, views_before=100), store.catalogue, store.books, now=at)
    retitled = replace(published, title="The clock strikes", body="<p>Twelve.</p>")
    at = NOW.replace(hour=10, minute=40)
    publish(Submission(retitled), store.catalogue, store.books, now=at)
    numbers = {8: 5, 9: 3, 10: 2, 11: 8}
    lines = [
        line(100 * hour + number, at=NOW.replace(hour=hour, minute=45), country="AZ")
        for hour, views in numbers.items()
        for number in range(1, views + 1)
    ]
    tally(Batch("s", lines), store.books)
    curve = Curve(9, (1,) * 72, (4,) * 72, (7,) * 72)
    store.rollups.put_curve("city", "2026-02", curve, as_of=NOW, clock=NOW)
    return "harbour-clock"


def test_an_article_has_its_hours_and_its_versions(desk: Desk, clock: str) -> None:
    told = desk.ask(f"articles/{{id}}:{clock}")
    assert (told["views"], told["today"], told["in_period"]) == (118, 18, 18)
    assert told["title"] == "The clock strikes"
    assert told["url"] == "https://news.example/city/harbour-clock"
    assert [age["views"] for age in told["ages"]] == [5, 3, 2, 8, 0, 0, 0]
    assert told["ages"][1] == {
        "hour": 1, "views": 3, "total": 8, "median": 4.0, "low": 1.0, "high": 7.0,
    }  # fmt: skip
    first, second = told["versions"]
    assert (first["views"], second["views"]) == (10, 8)
    assert (second["hour_before"], second["hour_after"]) == (3, 8)
    assert second["title_was"] == "The harbour clock keeps time again"
    assert told["countries"] == [{"name": "AZ", "views": 18, "share": 1.0, "before": None}]
    versions = desk.answer(f"articles/{{id}}:{clock}", format="csv", table="versions")["body"]
    assert len(versions.splitlines()) == 3


def test_an_article_is_read_by_month_over_a_long_period(desk: Desk, clock: str) -> None:
    month = ArticleMonth({"2026-01-05": (4, 3)}, breakdown(countries=Counter({"TR": 4})))
    desk.store.rollups.put_article_month(clock, "2026-01", month)
    told = desk.ask(f"articles/{{id}}:{clock}", period="year")
    assert [point["views"] for point in told["points"]][:3] == [4, 0, 18]
    assert [(row["name"], row["views"]) for row in told["countries"]] == [("AZ", 18), ("TR", 4)]
    assert told["versions"][0]["views"] == 14


def test_there_is_no_article_without_a_counter(desk: Desk) -> None:
    assert desk.ask("articles/{id}:none", 404)["status"] == 404


@pytest.mark.parametrize("articles", [100, 10_000])
def test_a_view_of_the_page_takes_few_units_and_calls(desk: Desk, articles: int) -> None:
    desk.put_articles(articles)
    for back in range(70):
        desk.put_day(days_back(back), wide_day(10, closed=back > 1))
    for month in {days_back(back)[:7] for back in range(2, 70)}:
        until = days_back(2) if TODAY.startswith(month) else ""
        desk.put_day(month, replace(wide_day(10, closed=not until), until=until))
    batch = Batch("s", [line(1, "a0", at=NOW - timedelta(minutes=1))])
    desk.store.live_views.put(batch, now=NOW)
    views: tuple[tuple[str, dict[str, Any]], ...] = (
        ("site", {}),
        ("site", {"period": "week"}),
        ("site", {"period": "month", "compare": "previous"}),
        ("site", {"period": "year", "compare": "year"}),
    )
    for path, query in views:
        _forget(desk)
        units, calls = desk.tables.read_units, _reads(desk)
        desk.ask(path, **query)
        desk.ask("live")
        assert desk.tables.read_units - units <= MAX_UNITS, query
        assert _reads(desk) - calls <= MAX_CALLS, query


def test_a_view_of_an_article_takes_few_units_and_calls(desk: Desk, clock: str) -> None:
    _forget(desk)
    units, calls = desk.tables.read_units, _reads(desk)
    desk.ask(f"articles/{{id}}:{clock}")
    assert desk.tables.read_units - units <= MAX_UNITS
    assert _reads(desk) - calls <= MAX_CALLS


def _reads(desk: Desk) -> int:
    return sum(
        number
        for name, number in desk.tables.calls.items()
        if name in ("get_item", "batch_get_item", "query")
    )


def _forget(desk: Desk) -> None:
    """Be a container that has just started."""
    for name in ("figure_stores", "live_views", "feed_readers", "tokens"):
        vars(desk.store).pop(name, None)


@pytest.mark.usefixtures("desk")
def test_a_browser_that_follows_a_link_to_a_file_gets_a_page_with_the_way_back() -> None:
    headers = {"accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}
    query = {"period": "week", "format": "csv", "share": 'k"1'}
    event = http_event("GET /statistics/site", query=query, headers=headers, scopes=None)
    answer = read_statistics.handler(event, None)
    assert answer["statusCode"] == 410
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert answer["headers"]["referrer-policy"] == "no-referrer"
    assert "The file did not load (410)" in answer["body"]
    assert (
        '<a href="/statistics?period=week&amp;share=k%221">Back to the numbers</a>'
        in (answer["body"])
    )
    event = http_event(
        "GET /statistics/articles/{id}", path={"id": "a1"}, headers=headers, scopes=None
    )
    assert '<a href="/statistics?article=a1">' in read_statistics.handler(event, None)["body"]
    headers["accept"] = "*/*"
    answer = read_statistics.handler(
        http_event("GET /statistics/site", query=query, headers=headers, scopes=None), None
    )
    assert answer["headers"]["content-type"] == "application/problem+json"
