"""When editors are alerted: which hour and which article is outside of what is usual."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from circulation.statistics.alerts import (
    FACTOR,
    LEAST,
    MARGIN,
    Alert,
    Kind,
    article_alert,
    is_silent,
    last_hour,
    leading_article,
    site_alert,
)
from circulation.statistics.figures import (
    Against,
    Age,
    ArticleFigures,
    ArticleRow,
    Change,
    Point,
    SiteFigures,
    Span,
    Unit,
    Usual,
)
from tests.unit.statistics.reading import NOW

SPAN = Span(Unit.DAY, date(2026, 11, 26), date(2026, 11, 26))
HOUR = datetime(2026, 11, 26, 13, tzinfo=NOW.tzinfo)


def day(
    views: int | None, lowest: int = 1_000, highest: int = 2_000, *, of: int = 4
) -> SiteFigures:
    """A day whose hour 13 is its last complete one; the running one is far outside."""
    usual = Usual((lowest + highest) / 2, lowest, highest, of)
    points = (
        Point(HOUR - timedelta(hours=1), 10**6, usual),
        Point(HOUR, views, usual),
        Point(HOUR + timedelta(hours=1), 10**6, usual, complete=False),
        Point(HOUR + timedelta(hours=2), None, usual, complete=False),
    )
    return SiteFigures(SPAN, Against.USUAL, points=points)


def row(article: str, views: int) -> ArticleRow:
    change = Change(views, None)
    return ArticleRow(article, "T", "city", (), HOUR, 10**6, change, 1.0, ())


def article(total: int, high: float | None, hour: int = 3) -> ArticleFigures:
    ages = (Age(0, 10**6, 10**6, 1, 1, 1), Age(hour, total, total, 1, 1, high))
    return ArticleFigures(
        "ferry", "Ferry", "city", (), (), "https://x", HOUR, total, total, 1, SPAN, total, ages
    )


@pytest.mark.parametrize(
    ("views", "kind"),
    [
        (3_001, Kind.ABOVE),
        (3_000, None),
        (2_001, None),
        (1_500, None),
        (500, None),
        (499, Kind.BELOW),
        (0, Kind.BELOW),
        (None, None),
    ],
)
def test_the_last_complete_hour_is_half_outside_of_the_lowest_and_highest(
    views: int | None, kind: Kind | None
) -> None:
    alert = site_alert(day(views))
    assert (alert.kind if alert else None) == kind
    if alert:
        bound = 2_000 if kind is Kind.ABOVE else 1_000
        assert alert == Alert(alert.kind, HOUR, views or 0, bound)
    assert MARGIN == 0.5


def test_a_small_site_is_not_alerted_by_chance() -> None:
    assert site_alert(day(LEAST + 9, 0, 10)) is None
    assert site_alert(day(LEAST + 10, 0, 10))
    assert site_alert(day(0, LEAST - 1, LEAST)) is None
    assert site_alert(day(0, LEAST, LEAST))


def test_until_four_same_weekdays_are_known_there_is_no_alert() -> None:
    assert site_alert(day(10**6, of=3)) is None
    assert site_alert(day(10**6, of=4))


def test_a_day_of_which_no_hour_is_over_has_no_alert() -> None:
    figures = SiteFigures(SPAN, Against.USUAL, points=day(1).points[2:])
    assert site_alert(figures) is None
    assert last_hour(figures) is None
    assert last_hour(day(1)) == HOUR


@pytest.mark.parametrize(
    ("minutes", "any_live", "kind"),
    [(76, False, Kind.BELOW), (74, False, None), (76, True, None)],
)
def test_where_nobody_reads_any_more_the_hours_without_views_are_complete(
    minutes: int, kind: Kind | None, *, any_live: bool
) -> None:
    now = HOUR + timedelta(hours=1, minutes=20)
    points = [replace(point, complete=point.start < HOUR) for point in day(0).points]
    points[0] = replace(points[0], views=1_500)
    figures = SiteFigures(
        SPAN, Against.USUAL, points=tuple(points), as_of=now - timedelta(minutes=minutes)
    )
    silent_at = now if is_silent(figures, any_live=any_live, now=now) else None
    alert = site_alert(figures, silent_at=silent_at)
    assert (alert.kind if alert else None) == kind
    assert alert is None or alert.hour == HOUR


def test_the_article_that_is_read_most_in_the_last_hour_is_looked_at() -> None:
    rows = (row("early", 0), row("ferry", LEAST), row("other", LEAST - 1))
    assert leading_article(SiteFigures(SPAN, Against.USUAL, rows=rows)) == "ferry"
    assert leading_article(SiteFigures(SPAN, Against.USUAL, rows=rows[2:])) is None
    assert leading_article(SiteFigures(SPAN, Against.USUAL)) is None


@pytest.mark.parametrize(
    ("total", "high", "is_alert"),
    [
        (FACTOR * 500, 500, False),
        (FACTOR * 500 + 1, 500, True),
        (LEAST + 20, 21, False),
        (LEAST + 20, 20, True),
        (10**6, None, False),
    ],
)
def test_an_article_has_twice_what_three_quarters_of_its_section_had_at_its_age(
    total: int, high: float | None, *, is_alert: bool
) -> None:
    alert = article_alert(article(total, high), HOUR)
    assert (alert is not None) is is_alert
    if alert:
        assert alert == Alert(Kind.ARTICLE, HOUR, total, round(high or 0), "ferry", "Ferry")


def test_an_alert_of_an_article_has_the_articles_name() -> None:
    assert Alert(Kind.ARTICLE, HOUR, 1, 1, "ferry").name == "article-ferry"
    assert Alert(Kind.ABOVE, HOUR, 1, 1).name == "site-above"
