"""Made figures of an article that was retitled, corrected and mailed on its first day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from circulation.access.grant import By, Grant
from circulation.articles.change import ChangeKind
from circulation.statistics.figures import (
    Age,
    ArticleFigures,
    Point,
    Span,
    Unit,
    Version,
)
from circulation.web.pages.statistics.article_page import OneArticle
from tests.unit.web.pages.statistics.figuring import BAKU, TITLES, publication, table

PUBLISHED = datetime(2026, 11, 26, 4, 12, tzinfo=UTC)
"""08:12 in Baku."""
AT = datetime(2026, 11, 28, 6, 20, tzinfo=UTC)
TODAY = date(2026, 11, 28)
OLD_TITLE = "A barge drifts past the lighthouse"


def ages(hours: int = 50) -> tuple[Age, ...]:
    made, total = [], 0
    for hour in range(hours):
        views = max(6, 420 - 18 * hour) + 37 * hour % 11
        total += views
        median = 1260 * (1 - 0.92**hour)
        made.append(Age(hour, views, total, median, 0.45 * median, 1.8 * median))
    return tuple(made)


def versions() -> tuple[Version, ...]:
    kind = ChangeKind
    return (
        Version(1, PUBLISHED, (kind.PUBLISHED,), TITLES[0], None, 204, 0.03, 0, 300),
        Version(2, PUBLISHED + timedelta(minutes=29), (kind.BODY,), None, None, 131, 0.02, 0, 300),
        Version(
            3,
            PUBLISHED + timedelta(hours=1, minutes=53),
            (kind.TITLE,),
            TITLES[0],
            OLD_TITLE,
            747,
            0.11,
            204,
            428,
        ),
        Version(4, PUBLISHED + timedelta(hours=3), (kind.BODY,), None, None, 5858, 0.84, 390, 380),
    )


def days() -> tuple[Point, ...]:
    start = datetime(2026, 11, 28, tzinfo=BAKU)
    return tuple(
        Point(
            start + timedelta(hours=hour),
            12 + 5 * hour % 9 if hour <= 10 else None,
            complete=hour < 10,
        )
        for hour in range(24)
    )


def story(**changes: Any) -> ArticleFigures:
    figures = ArticleFigures(
        "barge",
        TITLES[0],
        "City",
        ("Nora Quill", "Tom Ledger"),
        ("harbour",),
        "https://news.example/city/barge",
        PUBLISHED,
        6940,
        212,
        5870,
        Span(Unit.DAY, TODAY, TODAY),
        sum(point.views or 0 for point in days()),
        ages=ages(),
        days=days(),
        versions=versions(),
        mailings=[PUBLISHED + timedelta(hours=3, minutes=48)],
        sources=table(
            {"home": 2310, "social": 1980, "search": 1204, "article": 540, "none": 391, "mail": 9},
            1.0,
        ),
        hosts=table({f"host-{number}.example": 900 - 50 * number for number in range(14)}, 1.0),
        campaigns=(),
        countries=table({"AZ": 4310, "DE": 902, "TR": 711, "other": 729}, 1.0),
        devices=table({"phone": 4960, "desktop": 1690, "tablet": 290}, 1.0),
        filtered={"bot": 402, "privacy": 146, "prefetch": 263},
        now=9,
        as_of=AT,
    )
    return replace(figures, **changes)


def shown(figures: ArticleFigures | None = None, **changes: Any) -> OneArticle:
    """Give what the page of an article shows to the holder of a token."""
    language = changes.pop("language", "en")
    made = OneArticle(figures or story(), publication(language), Grant(By.TOKEN), AT, TODAY)
    return replace(made, **changes)
