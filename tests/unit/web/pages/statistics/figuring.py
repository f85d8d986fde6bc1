"""Made figures of a day with a breaking story, and what the pages make of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from circulation.access.grant import By, Grant
from circulation.articles.change import ChangeKind
from circulation.articles.publication import Publication
from circulation.counting.breakdown import OTHER
from circulation.statistics.figures import (
    Against,
    ArticleFigures,
    ArticleRow,
    Change,
    Event,
    FeedReaders,
    Mover,
    Now,
    Point,
    Row,
    SiteFigures,
    Span,
    Unit,
    Usual,
    Version,
)
from circulation.web.pages.statistics.site_page import Site

BAKU = ZoneInfo("Asia/Baku")
TODAY = date(2026, 11, 26)
AT = datetime(2026, 11, 26, 10, 32, 10, tzinfo=UTC)
"""14:32:10 in Baku, a Thursday."""
USUALLY = (
    150, 96, 62, 48, 60, 140, 420, 930, 1290, 1330, 1240, 1330,
    1780, 1641, 1280, 1150, 1130, 1220, 1340, 1420, 1290, 980, 610, 300,
)  # fmt: skip
VIEWS = (158, 101, 60, 52, 66, 149, 441, 918, 1874, 2012, 1610, 1489, 1935, 1545)
RUNNING = 689
SOURCES = {
    "home": 4810, "social": 2930, "search": 2101, "article": 1400, "none": 1100, "mail": 420,
    "section": 310, "feed": 204, "share": 99, "other": 61,
}  # fmt: skip
TITLES = (
    "Lighthouse keeper steers a drifting barge to safety",
    "Why the funicular stops for a minute at noon",
    "Council weighs a ban on leaf blowers before eight",
    "The oldest bakery opens its ovens to apprentices",
    "Chess in the park ends in a draw after nine hours",
    "A bridge & a quarrel about its colour",
)
SECTIONS = ("city", "culture", "politics", "science", "sport")


def publication(language: str = "en", title: str = "The Harbour Gazette") -> Publication:
    return Publication(title, "https://news.example/", "News", language, BAKU)


def day(**changes: Any) -> SiteFigures:
    """Give the figures of a Thursday until 14:00, with a story that broke at eight."""
    start = datetime(2026, 11, 26, tzinfo=BAKU)
    points = tuple(
        Point(
            start + timedelta(hours=hour),
            VIEWS[hour] if hour < len(VIEWS) else RUNNING if hour == len(VIEWS) else None,
            Usual(middle, round(0.88 * middle), round(1.12 * middle)),
            complete=hour < len(VIEWS),
            settled=False,
        )
        for hour, middle in enumerate(USUALLY)
    )
    before = sum(USUALLY[: len(VIEWS)])
    figures = SiteFigures(
        Span(Unit.DAY, TODAY, TODAY),
        Against.USUAL,
        views=Change(sum(VIEWS), before),
        usual=Usual(before, round(0.9 * before), round(1.1 * before)),
        until=start + timedelta(hours=len(VIEWS)),
        all_views=sum(VIEWS) + RUNNING,
        visitors=8934,
        articles=312,
        points=points,
        events=(
            Event(start.replace(hour=8, minute=12), (ChangeKind.PUBLISHED,), "barge", TITLES[0]),
            Event(start.replace(hour=12), (ChangeKind.MAILED,), "bakery", TITLES[3]),
        ),
        rows=rows(),
        unlisted=3,
        sections=table(dict(zip(SECTIONS, (4712, 1114, 3018, 1426, 2140), strict=True)), 1.2),
        authors=table({"Nora Quill": 3120, "Tom Ledger": 2104, "Ada Pace": 917, OTHER: 3001}, 0.9),
        tags=table({"harbour": 2990, "council": 1550, "night": 801}, 1.0),
        sources=table(SOURCES, 0.8),
        hosts=table({"search.example": 1980, "friends.example": 1402, OTHER: 400}, 1.0),
        campaigns=table({"morning-mail": 333}, 1.0),
        countries=table({"AZ": 9100, "DE": 1402, "TR": 804, OTHER: 777}, 1.0),
        devices=table({"phone": 8100, "desktop": 3500, "tablet": 402}, 1.0),
        filtered={"bot": 1410, "prefetch": 260, "privacy": 190},
        feed_readers=(
            FeedReaders("/feed.rss", "Feedly", 160),
            FeedReaders("/feed.rss", "Inoreader", 41),
        ),
        as_of=AT,
    )
    return replace(figures, **changes)


def rows() -> tuple[ArticleRow, ...]:
    return tuple(
        ArticleRow(
            f"article-{number}",
            title,
            SECTIONS[number % len(SECTIONS)],
            ("Nora Quill",),
            AT - timedelta(hours=6 * number * number + 6),
            round(2318 / (number + 1)),
            Change(122 - 20 * number, 100),
            366 / (number + 1) ** 2,
            tuple((hour * (number + 3) * 7) % 40 + hour for hour in range(24)),
        )
        for number, title in enumerate(TITLES)
    )


def table(names: dict[str, int], times: float) -> tuple[Row, ...]:
    total = sum(names.values())
    largest = sorted(names.items(), key=lambda pair: -pair[1])
    return tuple(Row(name, views, views / total, views / times) for name, views in largest)


def now() -> Now:
    start = AT.replace(second=0) - timedelta(minutes=30)
    return Now(
        143,
        tuple((start + timedelta(minutes=minute), 20 + minute * 7 % 12) for minute in range(30)),
        tuple(
            Mover(f"article-{number}", title, SECTIONS[number % 5], 47 - 3 * number, 20, "social")
            for number, title in enumerate(TITLES * 2)
        )[:12],
        AT,
    )


def week() -> SiteFigures:
    start = datetime(2026, 11, 23, tzinfo=BAKU)
    views = (16120, 15480, 17210, 12410, None, None, None)
    usual = (17010, 16440, 16890, 17550, 17620, 14010, 12980)
    points = tuple(
        Point(
            start + timedelta(days=number),
            sum_of_day,
            Usual(middle, middle - 900, middle + 900),
            complete=number < 3,
        )
        for number, (sum_of_day, middle) in enumerate(zip(views, usual, strict=True))
    )
    return day(
        span=Span(Unit.WEEK, date(2026, 11, 23), date(2026, 11, 29)),
        points=points,
        views=Change(48810, 50340),
        until=start + timedelta(days=3),
        all_views=61220,
        open_days=("2026-11-25",),
    )


def site(figures: SiteFigures | None = None, **changes: Any) -> Site:
    """Give what the page of a figure's period shows to the holder of a token."""
    language = changes.pop("language", "en")
    made = Site(
        figures or day(),
        publication(language, *([changes.pop("title")] if "title" in changes else [])),
        Grant(By.TOKEN),
        AT,
        TODAY,
        now=now(),
        refresh=15,
    )
    return replace(made, **changes)


def article(article_id: str = "article-0", **changes: Any) -> ArticleFigures:
    """Give the figures of the story that broke, on its day."""
    start = datetime(2026, 11, 26, tzinfo=BAKU)
    figures = ArticleFigures(
        article_id,
        TITLES[0],
        "city",
        ("Nora Quill",),
        ("harbour",),
        "https://news.example/articles/barge",
        start.replace(hour=8, minute=12),
        views=2318,
        today=2318,
        visitors=2101,
        span=Span(Unit.DAY, TODAY, TODAY),
        in_span=2318,
        days=tuple(
            Point(
                start + timedelta(hours=hour),
                None if hour > 14 else 0 if hour < 8 else 200 + 37 * hour % 150,
                complete=hour < 14,
            )
            for hour in range(24)
        ),
        versions=(
            Version(1, start.replace(hour=8, minute=12), (ChangeKind.PUBLISHED,), TITLES[0], None,
                    951, 0.41),
            Version(2, start.replace(hour=9, minute=5), (ChangeKind.TITLE,), TITLES[0], "A barge",
                    1367, 0.59),
        ),
        sources=table({"home": 842, "social": 701, "other": 21}, 1.0),
        countries=table({"AZ": 1502, "DE": 288}, 1.0),
        devices=table({"phone": 1610, "desktop": 611}, 1.0),
        filtered={"bot": 141, "prefetch": 26},
        now=47,
        as_of=AT,
    )  # fmt: skip
    return replace(figures, **changes)
