"""A notice to editors, by mail or webhook: the report of a week, or an alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from circulation.statistics.alerts import Kind
from circulation.statistics.figures import Span, Unit
from circulation.statistics.wording import write_hour, write_sentences
from circulation.times import format_time, moved

if TYPE_CHECKING:
    from datetime import date

    from circulation.statistics.alerts import Alert
    from circulation.statistics.figures import Row, SiteFigures
    from circulation.words.texts import Words

MAX_ARTICLES = 10
MAX_ROWS = 8
REPORT = "report"
"""The name of a date's report among its notices."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The figures of a week, or an alert; one of both."""

    date: str
    """The local date on which it is due, which names it with its own name."""
    figures: SiteFigures | None = None
    alert: Alert | None = None

    @property
    def name(self) -> str:
        """What it is known by among the notices of its date."""
        return self.alert.name if self.alert else REPORT

    @property
    def id(self) -> str:
        """By which a receiver knows one that comes twice."""
        return f"{self.date}-{self.name}"


def week_before(day: date) -> Span:
    """Give the seven days before a day, which a report is about."""
    return Span(Unit.WEEK, day - timedelta(days=7), day - timedelta(days=1))


def headline_of(notice: Notice, words: Words) -> str:
    """Say in a sentence what the notice is about."""
    if notice.figures:
        return write_sentences(notice.figures, words)[0]
    alert = _alert_of(notice)
    if alert.kind is Kind.ARTICLE:
        key = "statistics.report.alert.article"
        return words.plural(key, alert.views, title=alert.title or alert.article)
    end = moved(alert.hour, timedelta(hours=1))
    return words.plural(
        f"statistics.report.alert.{alert.kind}",
        alert.views,
        start=write_hour(alert.hour, words, words.language),
        end=write_hour(end, words, words.language),
    )


def explanation_of(notice: Notice, words: Words) -> str:
    """Say what that is compared with; empty of a report without a second sentence."""
    if notice.figures:
        return " ".join(write_sentences(notice.figures, words)[1:])
    alert = _alert_of(notice)
    return words(
        f"statistics.report.band.{alert.kind}",
        number=words.write_number(alert.bound),
        weekday=words.name_weekday(alert.hour),
    )


def page_of(notice: Notice, url: str) -> str:
    """Give the address of the page of statistics that shows more; url is that of the API."""
    query: dict[str, str] = {}
    if notice.figures:
        query = {"from": str(notice.figures.span.first), "to": str(notice.figures.span.last)}
    elif notice.alert and notice.alert.article:
        query = {"article": notice.alert.article}
    return f"{url}/statistics" + (f"?{urlencode(query)}" if query else "")


def notice_json(notice: Notice, words: Words, url: str) -> dict[str, Any]:
    """Write the data of a webhook."""
    common = {
        "date": notice.date,
        "headline": headline_of(notice, words),
        "explanation": explanation_of(notice, words),
        "url": page_of(notice, url),
    }
    if notice.figures:
        return {**common, **_figures_json(notice.figures)}
    alert = _alert_of(notice)
    subject = {"article": alert.article, "title": alert.title} if alert.article else {}
    hour = format_time(alert.hour)
    return {
        **common,
        "kind": str(alert.kind),
        "hour": hour,
        "views": alert.views,
        "bound": alert.bound,
        **subject,
    }


def _figures_json(figures: SiteFigures) -> dict[str, Any]:
    return {
        "from": str(figures.span.first),
        "to": str(figures.span.last),
        "views": figures.views.views,
        "usual": figures.views.before,
        "visitors": figures.visitors,
        "articles": [
            {"id": row.article, "title": row.title, "section": row.section, "views": row.views}
            for row in figures.rows[:MAX_ARTICLES]
        ],
        "sections": _rows_json(figures.sections),
        "sources": _rows_json(figures.sources),
    }


def _rows_json(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    return [{"name": row.name, "views": row.views, "usual": row.before} for row in rows[:MAX_ROWS]]


def _alert_of(notice: Notice) -> Alert:
    if notice.alert is None:
        raise ValueError("the notice is empty")
    return notice.alert
