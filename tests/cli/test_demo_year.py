"""The made-up year is as exact as a counted one: only its readers are made up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from circulation.articles.change import ChangeKind
from circulation.articles.listing import ALL
from circulation.counting.traits import COUNTRIES, FORM_FACTORS, SOURCES
from circulation.runtime import Container, container
from circulation.statistics.rebuilding import read_all_standings, rebuild_month
from circulation.times import LAST, day_of
from circulation_cli.local_stack.template import Template
from circulation_cli.newsroom.audience import Audience, draw, split
from circulation_cli.newsroom.filling import Filled, fill
from circulation_cli.newsroom.pieces import STORY, Piece, write_pieces, write_story
from circulation_cli.newsroom.year_rollups import roll_up_year
from functions import tally_views
from tests.builders import stream_event
from tests.memory_store import metered_tables

NOW = datetime(2026, 11, 27, 8, 20, tzinfo=UTC)
TODAY, YESTERDAY = "2026-11-27", "2026-11-26"
ZONE = ZoneInfo("Asia/Baku")
DAYS = 20


def pieces_of(seed: int = 1, now: datetime = NOW) -> list[Piece]:
    url = "http://127.0.0.1:8080"
    pieces = write_pieces(12, DAYS, seed=seed, now=now, zone=ZONE, base_url=url)
    return [*pieces, write_story(now=now, zone=ZONE, base_url=url)]


def audience_of(seed: int = 1, now: datetime = NOW) -> Audience:
    return Audience(seed, DAYS, now=now, zone=ZONE)


def drawn(seed: int, now: datetime = NOW) -> dict[str, dict[datetime, int]]:
    audience = audience_of(seed, now)
    return {piece.id: audience.hours_of(piece) for piece in pieces_of(seed, now)}


def lines_of(store: Container) -> list[dict[str, Any]]:
    return list(store.ledger_table.scan())


def tally_lines(store: Container) -> None:
    """Deliver the ledger's stream, as far as these lines are in it."""
    client = store.client
    items = client.scan(TableName=store.ledger_table.name)["Items"]
    records = [
        {
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": {"pk": item["pk"], "sk": item["sk"]},
                "NewImage": item,
                "SequenceNumber": str(number),
            },
        }
        for number, item in enumerate(items, 1)
    ]
    tally_views.handler(stream_event(*records), None)


@pytest.fixture
def store(template: Template, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    """Tables in memory: moto takes minutes for a year's pages."""
    for name, value in template.environment({}).items():
        monkeypatch.setenv(name, value)
    tables = metered_tables()
    monkeypatch.setattr("circulation.runtime.client_of_tables", lambda _: tables)
    container.cache_clear()
    yield container()
    container.cache_clear()


@pytest.fixture
def filled(store: Container) -> Filled:
    pieces = pieces_of()
    for piece in pieces:  # as many readers would take a test minutes
        object.__setattr__(piece, "reach", piece.reach / 20)
    return fill(pieces, audience_of(), store)


def test_a_seed_and_a_time_make_one_year_and_other_ones_another() -> None:
    assert pieces_of(1) == pieces_of(1)
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert [piece.writings for piece in pieces_of(1)] != [piece.writings for piece in pieces_of(2)]


def test_nothing_is_read_before_it_is_published_or_after_now() -> None:
    for piece in pieces_of():
        hours = audience_of().hours_of(piece)
        assert min(hours) >= piece.published - timedelta(hours=1)
        assert max(hours) <= NOW
        for hour, number in hours.items():
            for at, traits in audience_of().views_of(piece, hour, number):
                assert piece.published <= at <= NOW
                assert traits.source in SOURCES
                assert traits.country is None or traits.country in COUNTRIES
                assert traits.form_factor is None or traits.form_factor in FORM_FACTORS


@pytest.mark.parametrize("hour", [0, 3, 12, 19, 20, 23])
def test_the_story_is_of_this_morning_and_in_every_hour_far_above_the_usual(hour: int) -> None:
    now = NOW.replace(hour=hour)
    *usual, story = pieces_of(now=now)
    assert now - timedelta(hours=18) < story.published <= now - timedelta(hours=1.5)
    assert [writing.at <= now for writing in story.writings] == [True] * 3
    assert story.mailed
    assert story.mailed <= now
    hours = drawn(1, now)
    full = [each for each in hours[STORY] if story.published <= each <= now - timedelta(hours=1)]
    for moment in full:
        others = [hours[piece.id].get(moment, 0) for piece in usual]
        assert hours[STORY][moment] > 3 * sorted(others)[-2], moment


def test_every_number_is_that_of_the_pages_before_and_after_the_tally(
    store: Container, filled: Filled
) -> None:
    tally_lines(store)
    pages: dict[str, list[Any]] = {}
    for number in range(DAYS + 3):
        for page in store.books.day_book.pages(day_of(NOW - timedelta(days=number))):
            assert page.sealed == (page.day != TODAY)
            assert sum(page.count.hours.values()) == page.count.views
            assert page.count.visitors <= page.count.views
            pages.setdefault(page.article, []).append(page)
    counters = store.books.counters.of(pages)
    for article, of_article in pages.items():
        counter = counters[article]
        sealed = [page for page in of_article if page.sealed]
        # I7, and I2: of nothing but settled days and open pages.
        assert counter.views == sum(page.count.views for page in sealed)
        assert counter.visitors == sum(page.count.visitors for page in sealed)
        assert counter.open_days == {page.day for page in of_article if not page.sealed}
        shown = store.books.count(article).views
        assert shown == sum(page.count.views for page in of_article)
        for page in sealed:  # nothing of them is ever settled again
            settled = {page.day: page.count.views}
            assert not list(store.books.counters.unsettled(page.day, {article: settled[page.day]}))
    assert filled.views == sum(page.count.views for each in pages.values() for page in each)
    assert store.books.day_book.closed_until() == YESTERDAY


def test_a_recount_of_the_open_day_finds_what_is_on_its_pages(
    store: Container, filled: Filled
) -> None:
    tally_lines(store)
    pages = list(store.books.day_book.pages(TODAY))
    assert sum(page.count.views for page in pages) == filled.lines > 0
    for page in pages:
        assert store.ledger.recount(page.article, TODAY) == page.count


def test_the_traits_of_a_page_are_those_of_its_views(store: Container, filled: Filled) -> None:
    assert filled.pages
    readership = store.books.day_book.readership("year-0001", filled.days)
    pages = [page for day in filled.days.values() for page in day if page.article == "year-0001"]
    assert readership.views == sum(page.views for page in pages) > 0
    assert readership.breakdown.sources.total() == readership.views
    for sums in readership.breakdown:
        assert sums.total() <= readership.views


def test_what_was_changed_when_is_noted_at_its_time(store: Container, filled: Filled) -> None:
    assert filled.articles == 13
    story = pieces_of()[-1]
    noted = store.catalogue.changes.of(STORY)
    assert [(each.at, each.kinds[0]) for each in noted] == [
        (story.writings[0].at, ChangeKind.PUBLISHED),
        (story.writings[1].at, ChangeKind.TITLE),
        (story.mailed, ChangeKind.MAILED),
        (story.writings[2].at, ChangeKind.BODY),
    ]


def test_every_article_is_listed_and_the_editions_are_of_now(
    store: Container, filled: Filled
) -> None:
    listed = [place.article for place in store.catalogue.library.places(ALL, until=LAST)]
    assert len(listed) == filled.articles
    edition = store.catalogue.editions.get(ALL, now=NOW)
    assert edition
    assert edition.moment == NOW


def rolled_up(store: Container) -> dict[str, Any]:
    """Give every roll-up, article's month and curve, without the time that it is as of."""
    prefixes = ("ROLLUP#", "CURVE#")
    items = [item for item in store.library_table.scan() if item["pk"].startswith(prefixes)]
    return {
        f"{item['pk']} {item['sk']}": {name: item[name] for name in item.keys() - {"as_of"}}
        for item in items
    }


def test_the_roll_ups_are_those_that_a_rebuild_makes_of_the_pages(store: Container) -> None:
    filled = fill(pieces_of()[7:9], audience_of(), store)
    roll_up_year(filled.days, filled.filtered, filled.closed, store, now=NOW)
    written = rolled_up(store)
    assert f"ROLLUP#SITE {max(filled.days)}" in written
    assert "ROLLUP#ARTICLE#year-0008 2026-11" in written
    for name in written:
        pk, sk = name.rsplit(" ", 1)
        store.library_table.delete({"pk": pk, "sk": sk})
    standings = read_all_standings(store.catalogue.library, store.books.counters)
    for month in {day[:7] for day in filled.days}:
        days = sorted(day for day in filled.days if day.startswith(month))
        list(rebuild_month(days, filled.closed, standings, store.rollup_sources, now=NOW))
    assert rolled_up(store) == written


def test_the_days_and_months_have_their_most_read(store: Container, filled: Filled) -> None:
    roll_up_year(filled.days, filled.filtered, filled.closed, store, now=NOW)
    tops = store.charts.tops.between("2026-10", TODAY)
    days = {day: top.top.views for day, top in tops.items() if len(day) > len("2026-11")}
    assert days == {day: sum(page.views for page in pages) for day, pages in filled.days.items()}
    assert sum(days.values()) == store.charts.site.days("2026-10-01", TODAY).views
    assert not tops["2026-11"].top.closed


@pytest.mark.parametrize("number", [0, 1, 39, 41, 1_000, 54_321])
def test_a_number_is_split_without_a_rest(number: int) -> None:
    random = Random(3)  # noqa: S311
    parts = split(random, number, {"a": 70, "b": 29, "c": 0.5, "d": 0.5})
    assert sum(parts.values()) == number
    assert min(parts.values(), default=0) >= 0
    assert draw(random, 0) == 0
