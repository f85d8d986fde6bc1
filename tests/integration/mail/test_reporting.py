"""What editors are sent, once: when it is due, and whatever becomes of a delivery or a run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from circulation.aws.mail_service import MailRefused, MailThrottled, MailUncertain
from circulation.mail.keys import reports_key
from circulation.mail.notice import Notice
from circulation.mail.reporting import NotDelivered, send_due
from circulation.mail.reports import KEPT_FOR, MAX_ALERTS
from circulation.mail.sender import Plan
from circulation.mail.webhook import WebhookRefused
from circulation.runtime import Container
from circulation.statistics.alerts import LEAST
from circulation.statistics.figures import (
    Against,
    Age,
    ArticleFigures,
    ArticleRow,
    Change,
    Point,
    SiteFigures,
    Span,
    Usual,
)

ZONE = ZoneInfo("Asia/Baku")
FRIDAY = datetime(2026, 11, 27, 3, 20, tzinfo=UTC)
"""07:20 in Baku."""
THURSDAY = FRIDAY - timedelta(days=1)
PLAN = Plan(7, 4, ZONE)
HOUR = timedelta(hours=1)


@dataclass
class Reading:
    """Figures that a test makes up."""

    views: int = 1_500
    article_total: int = 0
    asked: list[Span] = field(default_factory=list)

    def site(self, span: Span) -> SiteFigures:
        self.asked.append(span)
        start = datetime(2026, 11, 27, 6, tzinfo=ZONE)
        change = Change(LEAST, None)
        rows = (ArticleRow("ferry", "Ferry", "city", (), start, 900, change, 1.0, ()),)
        point = Point(start, self.views, Usual(1_500, 1_000, 2_000))
        return SiteFigures(span, Against.USUAL, points=(point,), rows=rows)

    def any_live(self) -> bool:
        return True

    def article(self, article: str, span: Span) -> ArticleFigures | None:
        ages = (Age(0, 1, self.article_total, 5, 1, 10),)
        start = datetime(2026, 11, 27, 6, tzinfo=ZONE)
        return ArticleFigures(
            article, "Ferry", "city", (), (), "https://x", start, 1, 1, 1, span, 1, ages
        )


@dataclass
class Editor:
    """A channel that keeps what it was sent."""

    name: str = "mail-0"
    error: BaseException | None = None
    notices: list[str] = field(default_factory=list)

    def send(self, notice: Notice, *, now: datetime) -> None:  # noqa: ARG002  a channel's signature
        if self.error:
            raise self.error
        self.notices.append(notice.id)


Run = Callable[..., dict[str, int]]


@pytest.fixture
def run(store: Container) -> Run:
    def run(*editors: Editor, at: datetime = THURSDAY, **reading: Any) -> dict[str, int]:
        figures = cast("Any", Reading(**reading))
        return dict(send_due(PLAN, figures, editors, store.reports, now=at))

    return run


def test_a_report_is_sent_once_on_its_day_from_its_hour_on(run: Run) -> None:
    editor = Editor()
    for hour in range(-30, 30):
        run(editor, at=FRIDAY + hour * HOUR)
    assert editor.notices == ["2026-11-27-report"]
    run(editor, at=FRIDAY + timedelta(days=7, hours=3))  # the runs before were missed
    assert editor.notices == ["2026-11-27-report", "2026-12-04-report"]


def test_a_report_is_of_the_week_before_and_read_once(store: Container) -> None:
    reading, editor = Reading(), Editor()
    for _ in range(2):
        send_due(PLAN, cast("Any", reading), [editor], store.reports, now=FRIDAY)
    weeks = [span for span in reading.asked if span.first != span.last]
    assert [(span.first, span.last) for span in weeks] == [(date(2026, 11, 20), date(2026, 11, 26))]


def test_an_alert_is_of_the_day_that_the_last_hour_was_in(store: Container) -> None:
    reading = Reading()
    midnight = datetime(2026, 11, 26, 20, 20, tzinfo=UTC)  # 00:20 of the 27th in Baku
    send_due(PLAN, cast("Any", reading), [Editor()], store.reports, now=midnight)
    assert [span.first for span in reading.asked] == [date(2026, 11, 26)]


def test_every_editor_gets_what_is_due(run: Run) -> None:
    editors = [Editor("mail-0"), Editor("mail-1"), Editor("webhook")]
    assert run(*editors, views=9_000) == {"sent": 3}
    assert all(editor.notices == ["2026-11-26-site-above"] for editor in editors)


def test_a_doubled_run_sends_nothing_twice(run: Run) -> None:
    editor = Editor()
    for _ in range(3):
        run(editor, views=9_000, article_total=9_000)
    assert editor.notices == ["2026-11-26-site-above", "2026-11-26-article-ferry"]


def test_a_date_has_two_alerts_at_most(run: Run) -> None:
    editor = Editor()
    run(editor, views=9_000)
    run(editor, at=THURSDAY + HOUR, views=0)
    run(editor, at=THURSDAY + 2 * HOUR, article_total=9_000)
    assert editor.notices == ["2026-11-26-site-above", "2026-11-26-site-below"]
    assert MAX_ALERTS == 2


def test_an_article_is_alerted_of_once_in_its_days(run: Run) -> None:
    editor = Editor()
    for day in range(-3, 1):
        run(editor, at=THURSDAY + timedelta(days=day), article_total=9_000)
    assert editor.notices == ["2026-11-23-article-ferry"]


@pytest.mark.parametrize("error", [MailThrottled("x"), WebhookRefused("x")])
def test_what_was_not_taken_is_sent_by_the_next_run(run: Run, error: Exception) -> None:
    first, second = Editor("mail-0", error), Editor("mail-1")
    with pytest.raises(NotDelivered):
        run(first, second, views=9_000)
    assert second.notices == ["2026-11-26-site-above"]
    first.error = None
    run(first, second, at=THURSDAY + HOUR, views=9_000)
    assert first.notices == second.notices == ["2026-11-26-site-above"]


@pytest.mark.parametrize("error", [MailUncertain("x"), MailRefused("x")])
def test_what_may_have_arrived_or_never_will_is_not_sent_again(run: Run, error: Exception) -> None:
    editor = Editor(error=error)
    assert sum(run(editor, views=9_000).values()) == 1
    editor.error = None
    run(editor, views=9_000)
    assert editor.notices == []


def test_a_run_that_dies_while_it_sends_sends_no_second_time(run: Run) -> None:
    editor = Editor(error=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run(editor, views=9_000)
    editor.error = None
    run(editor, views=9_000)
    assert editor.notices == []


def test_where_all_is_as_usual_nothing_is_sent_and_nothing_written(
    run: Run, store: Container
) -> None:
    assert run(Editor()) == {}
    assert store.library_table.get(reports_key("2026-11-26")) is None


def test_what_was_sent_is_forgotten_after_five_weeks(run: Run, store: Container) -> None:
    run(Editor(), views=9_000)
    item = store.library_table.get(reports_key("2026-11-26"))
    assert item
    assert item["ttl"] == int((THURSDAY + KEPT_FOR).timestamp())
    assert set(item) == {"pk", "sk", "alerts", "claimed", "ttl"}
    assert "@" not in str(item)
