"""What is rebuilt from pages is what was there, whatever became of that."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.counting.counts import Total
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation.statistics.article_months import note_article_day
from circulation.statistics.curve import HOURS
from circulation.statistics.curves import draw_curves, redraw_curves
from circulation.statistics.rebuilding import (
    months_to_rebuild,
    read_all_standings,
    rebuild_month,
)
from circulation.statistics.rollup import THE_SITE, Rollup, Subject, SubjectKind
from circulation.times import day_of, days_until, start_of
from tests.builders import article, line
from tests.rollup_sums import wrong_rollups

FIRST = "2026-02-26"
LAST = "2026-03-03"
DAYS = days_until(LAST, 6)[::1]
NOW = start_of("2026-03-05")
CITY = Subject(SubjectKind.SECTION, "city")


@pytest.fixture
def site(store: Container) -> Container:
    """Six settled days of two articles, over the end of a month, without any roll-up."""
    for name, section in (("a", "city"), ("b", "sport")):
        told = article(name, section=section, published=start_of(FIRST), authors=("Leyla",))
        publish(Submission(told), store.catalogue, store.books, now=start_of(FIRST))
    for place, day in enumerate(sorted(DAYS)):
        for name, number in (("a", 1 + place), ("b", 2)):
            at = start_of(day) + timedelta(hours=5)
            lines = [line(mark, name, day=day, at=at, source="search") for mark in range(number)]
            tally(Batch(f"{name}{day}", lines), store.books)
            page = store.books.day_book.page(name, day)
            labels = store.books.counters.labels_of(name)
            store.books.day_book.seal(page, page.count, complete=True, labels=labels)
            store.books.counters.settle(name, day, page.count, closed="2026-01-01")
        store.site.put(day, Total(3 + place, 0), as_of=NOW, clock=NOW)
    store.books.day_book.close(LAST)
    return store


def rebuild(store: Container, *, now: datetime = NOW, steps: int | None = None) -> None:
    """Rebuild everything, or break off after some steps."""
    standings = read_all_standings(store.catalogue.library, store.books.counters)
    for days in months_to_rebuild(store.site, LAST).values():
        made = rebuild_month(days, LAST, standings, store.rollup_sources, now=now)
        for number, _ in enumerate(made):
            if number == steps:
                return


def wrong(store: Container) -> list[str]:
    found = wrong_rollups(store, DAYS)
    for name in ("a", "b"):
        months = store.rollups.article_months(name)
        if set(months) != {"2026-02", "2026-03"}:
            found.append(f"{name} has the months {set(months)}")
        for day, count in store.books.day_book.days(name, DAYS).items():
            numbers = months[day[:7]].days.get(day) if day[:7] in months else None
            if numbers != (count.views, count.visitors):
                found.append(f"{name} has {numbers} on {day}")
        for month in months.values():
            if sum(month.breakdown.sources.values()) != month.views:
                found.append(f"the sources of {name} are not its views")
    return found


def test_everything_is_made_from_pages(site: Container) -> None:
    assert wrong(site)
    rebuild(site)
    assert wrong(site) == []
    assert site.rollups.curves("city", "2026-02", "2026-03").keys() == {"2026-02"}


def test_whatever_was_stored_is_replaced(site: Container) -> None:
    rebuild(site)
    for name in (FIRST, "2026-02"):
        for subject in (THE_SITE, CITY):
            wild = Rollup(999, 999, closed=True)
            assert site.rollups.put(subject, name, wild, as_of=NOW, clock=NOW)
    rebuild(site, now=NOW + timedelta(hours=1))
    assert wrong(site) == []


@pytest.mark.parametrize("steps", [0, 2, 5, 15, 20])
def test_what_was_broken_off_is_repeated(site: Container, steps: int) -> None:
    rebuild(site, steps=steps)
    rebuild(site, now=NOW + timedelta(minutes=1))
    assert wrong(site) == []


def test_a_day_that_was_noted_already_is_not_counted_twice(site: Container) -> None:
    note_article_day("a", FIRST, site.books.day_book, site.rollups)
    rebuild(site)
    assert not note_article_day("a", FIRST, site.books.day_book, site.rollups)
    assert wrong(site) == []


def test_the_months_begin_with_the_first_views_and_end_with_what_is_settled(
    site: Container,
) -> None:
    assert months_to_rebuild(site.site, LAST) == {
        "2026-02": [FIRST, "2026-02-27", "2026-02-28"],
        "2026-03": ["2026-03-01", "2026-03-02", LAST],
    }
    assert list(months_to_rebuild(site.site, LAST, first="2026-03")) == ["2026-03"]
    assert list(months_to_rebuild(site.site, LAST, last="2026-02")) == ["2026-02"]
    assert months_to_rebuild(site.site, LAST, first="2026-04") == {}


def test_a_curve_is_drawn_when_the_first_72_hours_of_an_article_are_settled(
    site: Container,
) -> None:
    standings = read_all_standings(site.catalogue.library, site.books.counters)
    site.rollups.put(THE_SITE, FIRST, Rollup(3), as_of=NOW, clock=NOW)

    def draw(day: str) -> bool:
        day_book = site.books.day_book
        draw_curves(day, standings, site.rollups, day_book, now=NOW, clock=NOW)
        return bool(site.rollups.curves("city", "2026-02", "2026-02"))

    assert not draw(day_of(start_of(FIRST) + timedelta(days=1)))
    assert draw(day_of(start_of(FIRST) + timedelta(days=2)))
    curve = site.rollups.curves("city", "2026-02", "2026-02")["2026-02"]
    assert (curve.of, len(curve.median)) == (1, HOURS)
    assert [curve.median[hour] for hour in (4, 5, 29, 53, 71)] == [0, 1, 3, 6, 6]


def test_no_curve_is_of_an_article_that_was_published_before_views_were_counted(
    site: Container,
) -> None:
    standings = read_all_standings(site.catalogue.library, site.books.counters)
    later = day_of(start_of(FIRST) + timedelta(days=1))
    site.rollups.put(THE_SITE, later, Rollup(3), as_of=NOW, clock=NOW)
    for draw in (draw_curves, partial(redraw_curves, "2026-02")):
        draw(LAST, standings, site.rollups, site.books.day_book, now=NOW, clock=NOW)
        draw("2026-02-28", standings, site.rollups, site.books.day_book, now=NOW, clock=NOW)
        assert not site.rollups.curves("city", "2026-02", "2026-02")


def test_a_month_that_runs_has_its_closed_days_alone_and_names_the_last_one(
    site: Container,
) -> None:
    rebuild(site)
    open_day = Rollup(99, 99, sections={"city": 99})
    for subject in (THE_SITE, CITY):
        site.rollups.put(subject, "2026-03-04", open_day, as_of=NOW, clock=NOW)
    rebuild(site, now=NOW + timedelta(minutes=1))
    assert wrong(site) == []
    month = site.rollups.months(CITY, "2026-03", "2026-03")["2026-03"].rollup
    assert (month.until, month.closed) == (LAST, False)
    assert site.rollups.months(CITY, "2026-02", "2026-02")["2026-02"].rollup.until == ""
