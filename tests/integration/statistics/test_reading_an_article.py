"""An article's figures, made from its pages and months, in whatever zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation.statistics.article_months import note_article_day
from circulation.statistics.article_queries import read_article
from circulation.statistics.figures import ArticleFigures, Span, Unit
from circulation.statistics.spans import range_of, span_of
from circulation.times import day_of
from tests.builders import article, line

PUBLISHED = datetime(2026, 3, 10, 6, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 12, 30, tzinfo=UTC)
HOURS = 10 * 24
ZONES = ("UTC", "Asia/Baku", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe")


@pytest.fixture
def viewed(store: Container) -> Container:
    """One view in each hour since publication; the days until the 18th are settled."""
    publish(
        Submission(article("a", published=PUBLISHED)), store.catalogue, store.books, now=PUBLISHED
    )
    moments = [PUBLISHED + timedelta(hours=number) for number in range(HOURS)]
    for day in dict.fromkeys(map(day_of, moments)):
        of_day = [moment for moment in moments if day_of(moment) == day]
        lines = [
            line(mark, "a", day=day, at=moment, source="search")
            for mark, moment in enumerate(of_day)
        ]
        tally(Batch(day, lines), store.books)
        if day <= "2026-03-18":
            page = store.books.day_book.page("a", day)
            labels = store.books.counters.labels_of("a")
            store.books.day_book.seal(page, page.count, complete=True, labels=labels)
            store.books.counters.settle("a", day, page.count, closed="2026-01-01")
            note_article_day("a", day, store.books.day_book, store.rollups)
    return store


def read(store: Container, span: Span, zone: str) -> ArticleFigures:
    publication = replace(store.settings.publication, zone=ZoneInfo(zone))
    return read_article("a", span, store.figure_stores, publication, now=NOW)


@pytest.mark.parametrize("zone", ZONES)
def test_the_days_of_a_week_are_the_sums_of_their_hours(viewed: Container, zone: str) -> None:
    week = span_of(Unit.WEEK, date(2026, 3, 10))
    days = [point.views for point in read(viewed, week, zone).days]
    of_hours = [
        read(viewed, span_of(Unit.DAY, week.first + timedelta(days=number)), zone).in_span
        for number in range(7)
    ]
    assert days == of_hours
    assert sum(of_hours) > 5 * 24


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("days", [20, 31, 40, 62, 90])
def test_a_range_has_every_view_once(viewed: Container, zone: str, days: int) -> None:
    last = date(2026, 3, 21)
    figures = read(viewed, range_of(last - timedelta(days=days - 1), last), zone)
    assert figures.in_span == HOURS
    assert sum(row.views for row in figures.sources) == HOURS
