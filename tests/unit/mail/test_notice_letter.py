"""What a report and an alert say, in a mail and in a webhook."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from circulation.articles.publication import Publication
from circulation.mail.mailbox import read_mailbox
from circulation.mail.message import Message, mime_bytes
from circulation.mail.notice import MAX_ARTICLES, Notice, notice_json, page_of, week_before
from circulation.mail.notice_letter import write_notice
from circulation.mail.sender import Sender
from circulation.statistics.alerts import Alert, Kind
from circulation.statistics.figures import (
    Against,
    ArticleRow,
    Change,
    Point,
    Row,
    SiteFigures,
    Span,
    Unit,
    Usual,
)
from circulation.words.texts import words_in
from tests.builders import HOSTILE_TITLES

ZONE = ZoneInfo("Asia/Baku")
HOUR = datetime(2026, 11, 26, 13, tzinfo=ZONE)
API = "https://api.example"
SENDER = Sender(read_mailbox("news@news.example"), "Example Press", "1 Example Quay")


def row(number: int, title: str = "") -> ArticleRow:
    title = title or f"Ferry {number}"
    views = 3_000 - number
    change = Change(1, None)
    return ArticleRow(f"ferry-{number}", title, "city", (), HOUR, views, change, 1.0, ())


def week(*titles: str, rows: int = 12) -> SiteFigures:
    span = Span(Unit.WEEK, date(2026, 11, 20), date(2026, 11, 26))
    listed = [row(number, title) for number, title in enumerate(titles)]
    listed += [row(number) for number in range(len(titles), rows)]
    return SiteFigures(
        span,
        Against.USUAL,
        views=Change(118_000, 100_000),
        usual=Usual(100_000, 90_000, 110_000),
        all_views=118_000,
        visitors=80_000,
        points=(Point(HOUR, 118_000),),
        rows=tuple(listed),
        sections=(Row("city", 60_000, 0.5, 50_000), Row("sport", 30_000, 0.25, None)),
        sources=(Row("search", 40_000, 0.3, 30_000),),
    )


def report(*titles: str, rows: int = 12) -> Notice:
    return Notice("2026-11-27", figures=week(*titles, rows=rows))


def alert(kind: Kind, views: int = 4_100, **of: Any) -> Notice:
    return Notice("2026-11-26", alert=Alert(kind, HOUR, views, 2_000, **of))


def letter(notice: Notice, language: str = "en") -> Message:
    publication = Publication("The Daily Example", "https://news.example", "News", language, ZONE)
    message = write_notice(notice, read_mailbox("ann@news.example"), SENDER, publication, API)
    assert mime_bytes(message)
    return message


def test_a_report_is_of_the_seven_days_before() -> None:
    assert week_before(date(2026, 11, 27)) == week().span


def test_a_report_opens_with_its_sentence_and_lists_what_was_read() -> None:
    message = letter(report())
    assert message.subject == (
        "The week: 118,000 views, 18 % above a usual week, the most of the last five weeks"
    )
    for part in (message.text, message.html):
        assert "118,000 views" in part
        assert "Ferry 0" in part
        assert "2,991" in part
        assert f"Ferry {MAX_ARTICLES}" not in part
        assert "60,000, 20\u202f% above usual" in part
        assert "1 Example Quay" in part
        assert "ReportTo" in part
    assert f"{API}/statistics?from=2026-11-20&to=2026-11-26\n" in message.text
    assert "Week from" not in message.text
    assert max(map(len, message.text.splitlines())) <= 78


@pytest.mark.parametrize(
    ("notice", "subject", "explanation"),
    [
        (
            alert(Kind.ABOVE),
            "4,100 views from 13:00 to 14:00, far above usual",
            "The last four Thursdays had at most 2,000 views in that hour.",
        ),
        (
            alert(Kind.BELOW, 1),
            "1 view from 13:00 to 14:00, far below usual",
            "The last four Thursdays had at least 2,000 views in that hour.",
        ),
        (
            alert(Kind.ARTICLE, article="ferry", title="Ferry aground"),
            "“Ferry aground” has 4,100 views, far above its section",
            "Three quarters of its section's articles had at most 2,000 views at its age.",
        ),
    ],
)
def test_an_alert_says_what_left_its_band(notice: Notice, subject: str, explanation: str) -> None:
    message = letter(notice)
    assert message.subject == subject
    assert explanation in message.text.replace("\n", " ")


def test_a_notice_leads_to_the_page_that_shows_more() -> None:
    assert page_of(alert(Kind.ABOVE), API) == f"{API}/statistics"
    of_article = alert(Kind.ARTICLE, article="ferry")
    assert page_of(of_article, API) == f"{API}/statistics?article=ferry"


@pytest.mark.parametrize(
    "title", [*HOSTILE_TITLES, "a\r\nBcc: x@y.example", "=?utf-8?q?x?=", "x" * 500]
)
def test_no_title_becomes_a_header_or_markup(title: str) -> None:
    for notice in (report(title), alert(Kind.ARTICLE, article="ferry", title=title)):
        message = letter(notice)
        assert "<script>alert" not in message.html
        assert "\n" not in message.subject


def test_azerbaijani_is_written_in_azerbaijani() -> None:
    message = letter(report(), "az")
    assert message.subject.startswith("Həftə: ")
    assert "Ən çox oxunanlar" in message.html
    assert 'lang="az"' in message.html
    assert "Most read" not in message.text + message.html


def test_a_webhook_has_the_same_numbers() -> None:
    words = words_in("en")
    data = notice_json(report(), words, API)
    assert data["headline"].startswith("118,000 views")
    assert (data["views"], data["usual"], data["visitors"]) == (118_000, 100_000, 80_000)
    assert len(data["articles"]) == MAX_ARTICLES
    assert data["articles"][0] == {
        "id": "ferry-0", "title": "Ferry 0", "section": "city", "views": 3_000,
    }  # fmt: skip
    assert data["sections"][0] == {"name": "city", "views": 60_000, "usual": 50_000}
    told = notice_json(alert(Kind.ARTICLE, article="ferry", title="Ferry"), words, API)
    assert (told["kind"], told["article"], told["views"], told["bound"]) == (
        "article", "ferry", 4_100, 2_000,
    )  # fmt: skip
    assert told["hour"] == "2026-11-26T13:00:00+04:00"
