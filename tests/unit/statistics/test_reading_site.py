from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from circulation.articles.change import ChangeKind
from circulation.statistics.figures import Against, Change, SiteFigures, Span, Unit, Usual
from circulation.statistics.rollup import THE_SITE, Subject, SubjectKind
from circulation.statistics.rows import Sort
from circulation.statistics.site_queries import MAX_WIDE, read_site
from circulation.statistics.spans import range_of, span_of
from tests.unit.statistics.reading import (
    NOW,
    Shelf,
    breakdown,
    even_day,
    glance,
    publication,
    stored,
)

TODAY = date(2026, 11, 26)
DAY = span_of(Unit.DAY, TODAY)


def days_before(number: int) -> str:
    return (TODAY - timedelta(days=number)).isoformat()


def read(shelf: Shelf, span: Span = DAY, against: Against = Against.USUAL, **options: Any) -> Any:
    subject = options.pop("subject", THE_SITE)
    site = options.pop("site", publication())
    return read_site(subject, span, against, shelf.stores(), site, **{"now": NOW} | options)


def usual_shelf() -> Shelf:
    """Four Thursdays of 100, 110, 120 and 130 views an hour, and a running one of 150."""
    shelf = Shelf()
    for weeks, hourly in enumerate((130, 120, 110, 100), start=1):
        shelf.put_days({days_before(7 * weeks): even_day(hourly, closed=True)})
    shelf.put_days({TODAY.isoformat(): even_day(150, until=15)})
    return shelf


def test_only_complete_hours_are_compared_with_the_same_hours_of_the_usual_days() -> None:
    figures = read(usual_shelf())
    assert figures.views == Change(14 * 150, 14 * 115.0)
    assert figures.usual == Usual(14 * 115, 14 * 100, 14 * 130, 4)
    assert figures.until == NOW.replace(minute=0)
    assert figures.all_views == 15 * 150
    running, later = figures.points[14], figures.points[15]
    assert (running.views, running.complete) == (150, False)
    assert (later.views, later.complete) == (None, False)
    assert later.usual == Usual(115, 100, 130, 4)
    assert len(figures.points) == 24


def test_an_hour_is_complete_only_when_its_numbers_were_found_after_its_end() -> None:
    shelf = usual_shelf()
    early = NOW.replace(minute=0) - timedelta(seconds=1)
    shelf.put_days({TODAY.isoformat(): even_day(150, until=14, as_of=early)})
    for name, rollup in shelf.rollups[THE_SITE].items():
        shelf.rollups[THE_SITE][name] = replace(rollup, as_of=early)
    assert read(shelf).until == NOW.replace(hour=13, minute=0)


def test_when_another_day_was_closed_says_nothing_of_the_running_one() -> None:
    shelf = usual_shelf()
    early = NOW - timedelta(minutes=59)
    shelf.put_days({TODAY.isoformat(): even_day(150, until=14, as_of=early)})
    shelf.put_days({days_before(1): even_day(150, closed=True)})
    assert read(shelf).until == NOW.replace(hour=13, minute=0)
    shelf.put_days({TODAY.isoformat(): even_day(150, until=14, as_of=NOW - timedelta(hours=1))})
    assert read(shelf).until == NOW.replace(minute=0)  # it is as it was an hour ago
    baku = publication("Asia/Baku")
    shelf.put_days({days_before(1): even_day(150, until=21, as_of=NOW - timedelta(hours=17))})
    assert read(shelf, site=baku).until == NOW.replace(minute=0)


def test_fewer_than_four_known_days_are_not_compared_with() -> None:
    shelf = usual_shelf()
    del shelf.rollups[THE_SITE][days_before(28)]
    figures = read(shelf)
    assert figures.views.before is None
    assert figures.usual is not None
    assert figures.usual.of == 3
    assert {point.usual for point in figures.points} == {None}
    empty = read(Shelf())
    assert (empty.usual, empty.all_views, empty.as_of) == (Usual(0, 0, 0, 0), 0, None)


def test_a_day_without_views_after_the_first_ones_is_known() -> None:
    shelf = usual_shelf()
    del shelf.rollups[THE_SITE][days_before(14)]
    usual = read(shelf).usual
    assert usual is not None
    assert (usual.lowest, usual.of) == (0, 4)


def test_a_local_day_has_the_hours_of_two_utc_days() -> None:
    shelf = Shelf()
    shelf.put_days({
        "2026-11-25": stored(10, hours={19: 3, 20: 7}, closed=True),
        "2026-11-26": stored(5, hours={0: 1, 13: 4}),
    })  # fmt: skip
    figures = read(shelf, against=Against.NONE, site=publication("Asia/Baku"))
    assert [point.views for point in figures.points[:5]] == [7, 0, 0, 0, 1]
    assert figures.points[0].start.isoformat() == "2026-11-26T00:00:00+04:00"
    assert figures.views == Change(12, None)
    assert figures.usual is None
    assert figures.points[0].settled
    assert not figures.points[4].settled


def test_a_day_of_25_hours_has_25_points_beside_its_usual() -> None:
    shelf = Shelf()
    berlin, day = publication("Europe/Berlin"), date(2026, 10, 25)
    for number in range(31):
        name = (day - timedelta(days=number)).isoformat()
        shelf.put_days({name: even_day(10, closed=True)})
    figures = read(shelf, span_of(Unit.DAY, day), site=berlin)
    assert len(figures.points) == 25
    assert figures.views == Change(250, 240.0)
    assert figures.points[3].usual == Usual(10, 10, 10, 4)


@pytest.mark.parametrize(
    ("against", "before"), [(Against.PREVIOUS, 1.0), (Against.YEAR, 2.0), (Against.WEEKDAYS, 3.0)]
)
def test_a_day_is_compared_with_the_one_that_is_asked_for(against: Against, before: float) -> None:
    shelf = Shelf()
    shelf.put_days({
        "2026-11-25": stored(1, hours={3: 1}),
        "2025-11-26": stored(2, hours={3: 2}),
        "2025-11-27": stored(3, hours={3: 3}),
        "2026-11-26": stored(9, hours={3: 9}),
    })  # fmt: skip
    figures = read(shelf, against=against)
    assert figures.views == Change(9, before)
    assert figures.usual == Usual(before, int(before), int(before), 1)


def test_a_week_is_compared_by_complete_days() -> None:
    shelf = Shelf()
    for number in range(1, 40):
        shelf.put_days({days_before(number): even_day(10, closed=True)})
    shelf.put_days({TODAY.isoformat(): even_day(5, until=15)})
    figures = read(shelf, span_of(Unit.WEEK, TODAY))
    assert figures.views == Change(3 * 240, 3 * 240.0)
    assert [point.views for point in figures.points] == [240, 240, 240, 75, None, None, None]
    assert figures.until == datetime(2026, 11, 26, tzinfo=UTC)


def test_a_month_is_compared_with_the_months_before_by_utc_days() -> None:
    shelf = Shelf()
    for number in range(160):
        shelf.put_days({days_before(number): even_day(10, closed=number > 0)})
    figures = read(shelf, span_of(Unit.MONTH, TODAY))
    assert figures.views == Change(25 * 240, 25 * 240.0)
    assert len(figures.points) == 30
    assert shelf.wide <= MAX_WIDE
    october = read(shelf, span_of(Unit.MONTH, date(2026, 10, 3)), Against.PREVIOUS)
    assert october.views == Change(31 * 240, 30 * 240.0)
    assert october.points[30].usual is None


def test_a_year_is_read_by_month() -> None:
    shelf = Shelf()
    shelf.put(m2026_10=stored(50, closed=True), m2026_11=stored(20), m2025_10=stored(40))
    shelf.put(m2025_01=stored(1))
    figures = read(shelf, span_of(Unit.YEAR, TODAY), Against.YEAR)
    assert [point.views for point in figures.points[9:]] == [50, 20, None]
    assert figures.views == Change(50, 41.0)
    assert figures.until == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("subject", [THE_SITE, Subject(SubjectKind.TAG, "cup")])
@pytest.mark.parametrize(("first_day", "before"), [("2025-06-02", None), ("2025-06-01", 60.0)])
def test_months_are_compared_only_if_the_site_had_views_from_the_first_one_on(
    subject: Subject, first_day: str, before: float | None
) -> None:
    shelf = Shelf()
    shelf.put_days({first_day: even_day(1, closed=True)})
    shelf.put(subject, m2025_06=stored(20, closed=True), m2025_07=stored(40, closed=True))
    shelf.put(subject, m2026_06=stored(30, closed=True), m2026_07=stored(50, closed=True))
    span = range_of(date(2026, 6, 1), date(2026, 8, 31))
    assert read(shelf, span, Against.YEAR, subject=subject).views == Change(80, before)


def test_months_before_the_sites_first_day_are_known_by_their_views() -> None:
    shelf = Shelf()
    shelf.put(m2026_03=stored(7, closed=True), m2026_06=stored(30, closed=True))
    shelf.put(d2026_06_30=even_day(1, closed=True))
    span = range_of(date(2026, 6, 1), date(2026, 8, 31))
    assert read(shelf, span, Against.PREVIOUS).views == Change(30, 7.0)


@pytest.mark.parametrize("subject", [THE_SITE, Subject(SubjectKind.TAG, "cup")])
def test_a_year_has_the_days_that_are_in_no_month_yet(subject: Subject) -> None:
    shelf = Shelf()
    october = stored(50, until="2026-10-30", sections={"city": 50})
    months = {"2026-09": stored(70, closed=True), "2026-10": october}
    days = {
        "2026-09-30": even_day(1, closed=True),
        "2026-10-30": even_day(1, closed=True),
        "2026-10-31": even_day(2, sections={"city": 48}),
        "2026-11-25": even_day(3, sections={"sport": 72}),
        "2026-11-26": even_day(4, until=14, sections={"sport": 56}),
    }
    shelf.put_days(months | days, subject)
    figures = read(shelf, span_of(Unit.YEAR, TODAY), Against.NONE, subject=subject)
    assert [point.views for point in figures.points[8:]] == [70, 98, 128, None]
    assert [point.settled for point in figures.points[8:]] == [True, False, False, False]
    assert [(row.name, row.views) for row in figures.sections] == [("sport", 128), ("city", 98)]
    assert figures.open_days == ("2026-10-31", "2026-11-25")
    assert figures.all_views == 70 + 98 + 128


def test_a_month_that_runs_reads_the_days_since_its_last_one() -> None:
    shelf = Shelf()
    shelf.put(m2026_10=stored(50, closed=True), m2026_11=stored(20, until="2026-11-24"))
    shelf.put_days({days_before(number): even_day(1, closed=number > 1) for number in range(400)})
    assert read(shelf, span_of(Unit.YEAR, TODAY), Against.NONE).all_views == 50 + 20 + 48
    assert shelf.wide == 2 + 3


def test_an_article_beyond_the_list_may_have_what_it_lacks_of_days_that_do_not_list_it() -> None:
    shelf = usual_shelf()
    shelf.put_top("2026-11-24", {f"a{number:02}": 100 - number for number in range(30)}, unlisted=7)
    shelf.put_top("2026-11-26", {"a00": 9}, unlisted=5)
    assert read(shelf, span_of(Unit.WEEK, TODAY)).unlisted == 75 + 7 + 5


def test_a_section_is_read_from_its_own_rollups() -> None:
    shelf, sport = Shelf(), Subject(SubjectKind.SECTION, "Sport")
    for weeks in range(1, 5):
        shelf.put_days({days_before(7 * weeks): even_day(100, closed=True)})
    top = (("cup", 40), ("final", 20))
    shelf.put_days({TODAY.isoformat(): even_day(5, until=15, top=top, unlisted=15)}, sport)
    shelf.glances = {"cup": glance("Cup", {NOW.replace(hour=9, minute=0): 40})}
    figures = read(shelf, subject=sport)
    assert figures.all_views == 75
    assert figures.usual == Usual(0, 0, 0, 4)
    assert [row.title for row in figures.rows] == ["Cup"]
    assert figures.unlisted == 15


def test_tables_have_at_most_ten_rows_and_the_sum_of_the_others() -> None:
    shelf = usual_shelf()
    sections = {f"s{number:02}": 100 - number for number in range(13)} | {"other": 3}
    shelf.put_days({TODAY.isoformat(): even_day(150, until=15, sections=sections)})
    rows = read(shelf).sections
    assert [row.name for row in rows] == [f"s{number:02}" for number in range(10)] + ["other"]
    assert rows[-1].views == 90 + 89 + 88 + 3
    assert sum(row.share for row in rows) == pytest.approx(1)
    assert len(read(shelf, limit=12).sections) == 13


def test_other_has_its_place_among_sources_by_size() -> None:
    shelf = usual_shelf()
    sources = Counter({"search": 5, "other": 9, "none": 1})
    shelf.put_days({TODAY.isoformat(): even_day(1, until=15, breakdown=breakdown(sources=sources))})
    assert [row.name for row in read(shelf).sources] == ["other", "search", "none"]


def test_a_section_is_compared_with_its_usual_share_of_as_many_hours() -> None:
    shelf = Shelf()
    for weeks in range(1, 5):
        sections = {"City": 1_800, "Sport": 600}
        shelf.put_days({days_before(7 * weeks): even_day(100, closed=True, sections=sections)})
    sections = {"City": 1_200, "Sport": 200}
    shelf.put_days({TODAY.isoformat(): even_day(100, until=14, sections=sections)})
    city, sport = read(shelf).sections
    assert (city.views, city.before) == (1_200, 1_050.0)
    assert (sport.views, sport.before) == (200, 350.0)
    assert read(shelf, against=Against.NONE).sections[0].before is None


def test_articles_of_a_day_have_the_views_of_its_hours() -> None:
    shelf = usual_shelf()
    shelf.put_top("2026-11-26", {"ferry": 30, "council": 20, "gone": 9}, unlisted=4)
    at = NOW.replace(minute=0)
    hours = {at - timedelta(hours=1): 12, at - timedelta(hours=2): 8, at: 10}
    yesterday = {at - timedelta(hours=15): 99}
    shelf.glances = {
        "ferry": glance("Ferry", hours | yesterday, published=at - timedelta(hours=4)),
        "council": glance("Council", {at - timedelta(hours=1): 20}),
    }
    ferry, council = read(shelf).rows
    assert (ferry.title, ferry.views, ferry.last_hour) == ("Ferry", 30, Change(12, 8.0))
    assert ferry.per_hour == pytest.approx(30 / (4 + 5 / 60))
    assert len(ferry.sparkline) == 24
    assert ferry.sparkline[-2:] == (8, 12)
    assert ferry.sparkline[9] == 99
    assert council.authors == ("Leyla",)
    assert read(shelf).unlisted == 4
    by_gain = read(shelf, sort=Sort.GAIN).rows
    assert [row.article for row in by_gain] == ["council", "ferry"]
    assert [row.article for row in read(shelf, sort=Sort.PER_HOUR).rows] == ["ferry", "council"]


def test_articles_of_a_week_have_its_days_as_sparkline() -> None:
    shelf = usual_shelf()
    shelf.put_top("2026-11-24", {"ferry": 30, "council": 20}, unlisted=4)
    shelf.put_top("2026-11-26", {"ferry": 5}, unlisted=2)
    shelf.glances = {"ferry": glance("Ferry"), "council": glance("Council")}
    figures = read(shelf, span_of(Unit.WEEK, TODAY))
    assert [row.views for row in figures.rows] == [35, 20]
    assert figures.rows[0].sparkline == (0, 30, 0, 5, 0, 0, 0)
    assert figures.unlisted == 6


def test_what_the_publication_did_in_the_day_is_marked() -> None:
    shelf = usual_shelf()
    shelf.put_top("2026-11-26", {"ferry": 30})
    mailed = NOW - timedelta(hours=2)
    ferry = glance("Ferry", {NOW.replace(minute=0): 5}, published=NOW - timedelta(hours=3))
    shelf.glances = {"ferry": replace(ferry, mailed=(mailed, NOW - timedelta(days=2)))}
    events = read(shelf).events
    assert [(event.kinds, event.title) for event in events] == [
        ((ChangeKind.PUBLISHED,), "Ferry"), ((ChangeKind.MAILED,), "Ferry"),
    ]  # fmt: skip


def test_a_day_whose_seal_is_late_is_open() -> None:
    shelf = usual_shelf()
    shelf.put_days({days_before(1): even_day(10), days_before(2): even_day(10, closed=True)})
    assert read(shelf, span_of(Unit.WEEK, TODAY)).open_days == ("2026-11-25",)
    assert read(shelf).open_days == ()


SPANS = [
    DAY,
    span_of(Unit.WEEK, TODAY),
    span_of(Unit.MONTH, TODAY),
    span_of(Unit.YEAR, TODAY),
    range_of(TODAY - timedelta(days=61), TODAY),
    range_of(TODAY - timedelta(days=30), TODAY),
    range_of(TODAY - timedelta(days=5 * 365 - 30), TODAY),
]


@pytest.mark.parametrize("against", Against)
@pytest.mark.parametrize("span", SPANS)
def test_a_view_takes_few_calls_and_reads_few_rollups(span: Span, against: Against) -> None:
    shelf = Shelf()
    for number in range(800):
        shelf.put_days({days_before(number): even_day(1, closed=number > 0)})
    for number in range(140):
        month = date(2026 - number // 12, 12 - number % 12, 1).isoformat()[:7]
        shelf.put_days({month: stored(31, closed=True)})
    names = {f"a{number}": 500 - number for number in range(500)}
    for number in range(20):
        shelf.put_top(days_before(number), names)
    shelf.glances = {name: glance(name) for name in names}
    figures: SiteFigures = read(shelf, span, against)
    assert sum(shelf.calls.values()) <= 5
    assert shelf.wide <= MAX_WIDE
    assert figures.all_views > 0
