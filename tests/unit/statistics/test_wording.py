# ruff: noqa: RUF001  Azerbaijani has an i without a dot
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from circulation.statistics.figures import (
    Against,
    ArticleRow,
    Change,
    Point,
    Row,
    SiteFigures,
    Unit,
    Usual,
)
from circulation.statistics.sentence import difference_of, say
from circulation.statistics.spans import span_of
from circulation.statistics.wording import write_difference, write_hour, write_sentences
from circulation.words.texts import words_in

THURSDAY = datetime(2026, 11, 26, tzinfo=UTC)
USUAL = Usual(10_517, 9_000, 13_000)
ENGLISH, AZERBAIJANI = words_in("en"), words_in("az")


def figures(**changes: Any) -> SiteFigures:
    points = tuple(Point(THURSDAY + timedelta(hours=hour), 100) for hour in range(14))
    base = SiteFigures(
        span_of(Unit.DAY, date(2026, 11, 26)),
        Against.USUAL,
        views=Change(12_410, 10_517),
        usual=USUAL,
        until=THURSDAY.replace(hour=14),
        all_views=12_800,
        points=points,
    )
    return replace(base, **changes)


def first(language: str = "en", **changes: Any) -> str:
    return write_sentences(figures(**changes), words_in(language), language)[0]


def second(language: str = "en", **changes: Any) -> str:
    return write_sentences(figures(**changes), words_in(language), language)[1]


def row(title: str, views: int) -> ArticleRow:
    return ArticleRow("a", title, "city", (), THURSDAY, views, Change(0, None), 0.0, ())


def test_a_day_is_compared_with_a_usual_one_of_its_weekday() -> None:
    assert first() == "Until 14:00: 12,410 views, 18\u202f% above a usual Thursday"
    assert first("az") == (
        "Saat 14:00 olanadək: 12.410 baxış, adi cümə axşamı günündən 18% çox"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("views", "end"),
    [
        (10_517, "as on a usual Thursday"),
        (10_832, "as on a usual Thursday"),
        (10_202, "as on a usual Thursday"),
        (10_938, "4\u202f% above a usual Thursday"),
        (10_096, "4\u202f% below a usual Thursday"),
    ],
)
def test_up_to_three_per_cent_is_as_usual(views: int, end: str) -> None:
    assert first(views=Change(views, 10_517)).endswith(f"views, {end}")


def test_what_is_outside_the_band_is_the_most_or_the_fewest_of_five() -> None:
    assert first(views=Change(25_241, 10_517)) == (
        "Until 14:00: 25,241 views, 2.4 times a usual Thursday, the most of the last five Thursdays"
    )
    assert first(views=Change(8_000, 10_517)).endswith("the fewest of the last five Thursdays")
    assert first("az", views=Change(25_241, 10_517)).endswith(
        "2,4 dəfə çox, son beş cümə axşamı gününün ən çoxu"
    )


def test_without_a_band_there_is_only_the_number() -> None:
    unknown: dict[str, Any] = {"views": Change(12_410, None), "usual": Usual(1, 1, 1, of=2)}
    assert first(**unknown) == "Until 14:00: 12,410 views"
    assert say(figures(**unknown)).known == 2


def test_before_the_first_full_hour_is_over_only_the_views_so_far_are_said() -> None:
    running = (Point(THURSDAY, 3, complete=False),)
    changes: dict[str, Any] = {
        "points": running,
        "until": THURSDAY,
        "views": Change(0, 0.0),
        "all_views": 3,
    }
    assert first(**changes) == "3 views so far"
    assert first(**(changes | {"all_views": 1})) == "1 view so far"


def test_a_period_that_is_over_has_no_until() -> None:
    assert first(until=None) == "12,410 views, 18\u202f% above a usual Thursday"


@pytest.mark.parametrize(
    ("unit", "against", "end"),
    [
        (Unit.DAY, Against.PREVIOUS, "above the day before"),
        (Unit.WEEK, Against.USUAL, "above a usual week"),
        (Unit.WEEK, Against.PREVIOUS, "above the week before"),
        (Unit.MONTH, Against.USUAL, "above a usual month"),
        (Unit.YEAR, Against.YEAR, "above the same dates a year before"),
        (Unit.RANGE, Against.PREVIOUS, "above the period before"),
        (Unit.MONTH, Against.WEEKDAYS, "above the same weekdays a year before"),
    ],
)
def test_every_period_is_compared_with_what_it_is_compared_with(
    unit: Unit, against: Against, end: str
) -> None:
    span = span_of(unit, date(2026, 11, 26))
    assert first(span=span, against=against, until=None).endswith(end)
    for language in ("en", "az"):
        for views in (10_517, 12_410, 8_000, 40_000):
            changes = {"span": span, "against": against, "views": Change(views, 10_517)}
            assert first(language, **changes, rows=(row("Ferry", 9_000),))


def test_a_week_and_a_year_are_compared_until_the_end_of_a_day_and_a_month() -> None:
    until = datetime(2026, 11, 26, tzinfo=UTC)
    assert first(span=span_of(Unit.WEEK, until.date()), until=until).startswith(
        "Until the end of Wednesday, 25 November 2026: 12,410"
    )
    until = datetime(2026, 11, 1, tzinfo=UTC)
    assert first(span=span_of(Unit.YEAR, until.date()), until=until).startswith(
        "Until the end of October: 12,410"
    )


def test_one_story_of_a_seventh_of_the_views_makes_the_difference() -> None:
    rows = (row("Harbour ferry", 2_318), row("Council", 400))
    assert second(rows=rows) == (
        "One story makes the difference: “Harbour ferry” had 2,318 of the views."
        " Without it the day would be as usual."
    )
    assert second("az", rows=rows) == (
        "Fərqi bir xəbər yaradır: “Harbour ferry” xəbərinin 2.318 baxışı var."
        " O olmasaydı, gün həmişəki kimi olardı."
    )
    assert len(write_sentences(figures(rows=(row("Council", 1_919),)), ENGLISH)) == 1


def test_no_story_has_more_views_than_the_hours_that_are_told_of() -> None:
    running: dict[str, Any] = {"rows": (row("Harbour ferry", 5),), "all_views": 8}
    assert "Harbour ferry" in second(views=Change(5, None), **running)
    assert len(write_sentences(figures(views=Change(4, None), **running), ENGLISH)) == 1


def test_otherwise_the_section_furthest_from_its_usual_is_named() -> None:
    sport, city = Row("Sport", 600, 0.2, 1_000.0), Row("City", 2_400, 0.8, 2_390.0)
    assert second(sections=(city, sport)) == "Sport is 40\u202f% below; all else is as usual."
    for before in (0.0, None):
        new = Row("New", 500, 0.1, before)
        assert second(sections=(city, sport, new)) == "Sport is 40\u202f% below usual."
    odd = Row("Life", 500, 0.1, 700.0)
    assert second(sections=(city, sport, odd)) == "Sport is 40\u202f% below usual."
    day_before: dict[str, Any] = {"against": Against.PREVIOUS, "sections": (city, sport, odd)}
    assert second(**day_before) == "Sport is 40\u202f% below the day before."
    assert second("az", sections=(city, sport)) == (
        "Sport: həmişəkindən 40% az; qalan hər şey həmişəki kimidir."
    )
    assert len(write_sentences(figures(sections=(city,)), ENGLISH)) == 1


def test_a_section_too_small_to_matter_and_the_sum_of_the_others_are_not_named() -> None:
    small, rest = Row("Chess", 90, 0.01, 10.0), Row("other", 900, 0.3, 300.0)
    city = Row("City", 2_400, 0.8, 2_390.0)
    assert len(write_sentences(figures(sections=(city, rest, small)), ENGLISH)) == 1


def test_hours_are_written_as_the_region_of_the_language_does() -> None:
    two = THURSDAY.replace(hour=14)
    assert write_hour(two, ENGLISH, "en") == "14:00"
    assert write_hour(two, ENGLISH, "en-US") == "2 PM"
    assert write_hour(THURSDAY.replace(minute=30), ENGLISH, "en-US") == "12:30 AM"
    assert write_hour(two, AZERBAIJANI, "az") == "14:00"


def test_a_number_beside_nothing_has_no_difference() -> None:
    assert difference_of(5, None) is None
    assert difference_of(5, 0.0) is None
    difference = difference_of(199, 100)
    assert difference
    assert write_difference(difference, ENGLISH) == "99\u202f% above usual"


def test_what_is_compared_with_nothing_has_no_difference() -> None:
    text = write_sentences(figures(against=Against.NONE), ENGLISH)[0]
    assert "usual" not in text
    assert "%" not in text
