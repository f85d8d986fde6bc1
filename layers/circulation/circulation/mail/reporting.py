"""Reporting: what editors are due at an hour, and sending it by mail and webhook, each once.

A delivery is claimed before it is made. It is given back if it surely was not made, and made by the
next run, of a report on the same day, of an alert while it is true. Where nobody knows, because SES
did not answer or the run died, it stays claimed: no editor gets a notice twice, and one may be
lost. A webhook that did not answer is sent again, under the same id by which its receiver knows it.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from circulation.aws.mail_service import (
    MailQuotaSpent,
    MailRefused,
    MailStopped,
    MailThrottled,
    MailUncertain,
)
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.mail.message import mime_bytes
from circulation.mail.notice import REPORT, Notice, notice_json, week_before
from circulation.mail.notice_letter import write_notice
from circulation.mail.webhook import WebhookRefused
from circulation.statistics.alerts import (
    article_alert,
    is_silent,
    last_hour,
    leading_article,
    site_alert,
)
from circulation.statistics.figures import Against, Unit
from circulation.statistics.queries import read_article, read_site
from circulation.statistics.rollup import THE_SITE
from circulation.statistics.spans import span_of
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from circulation.articles.publication import Publication
    from circulation.aws.mail_service import MailService
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.reports import Reports
    from circulation.mail.sender import Plan, Sender
    from circulation.mail.webhook import Webhook
    from circulation.statistics.alerts import Alert
    from circulation.statistics.figure_stores import FigureStores
    from circulation.statistics.figures import ArticleFigures, SiteFigures, Span

TAG = "report"
_NOT_TAKEN = (MailThrottled, MailQuotaSpent, MailStopped, WebhookRefused)

_log = logging.getLogger(__name__)


class NotDelivered(Exception):  # noqa: N818
    """Some notices were not taken; the next run sends them."""


@dataclass(frozen=True, slots=True)
class FiguresReading:
    """How figures are read, as of a time."""

    stores: FigureStores
    publication: Publication
    now: datetime

    def site(self, span: Span) -> SiteFigures:
        """Read the site's figures of a period, compared with what is usual."""
        usual = Against.USUAL
        return read_site(THE_SITE, span, usual, self.stores, self.publication, now=self.now)

    def article(self, article: str, span: Span) -> ArticleFigures | None:
        """Read an article's figures; None if it is gone."""
        try:
            return read_article(article, span, self.stores, self.publication, now=self.now)
        except (ArticleGone, ArticleNotFound):
            return None

    def any_live(self) -> bool:
        """Say whether there was any view in the last half hour."""
        return bool(self.stores.live_views.since(self.now))


class Channel(Protocol):
    """A way to an editor."""

    @property
    def name(self) -> str:
        """What it is claimed by; it tells nothing of an address."""

    def send(self, notice: Notice, *, now: datetime) -> None:
        """Send a notice. Raises the errors of its service."""


@dataclass(frozen=True, slots=True)
class MailChannel:
    """One of the addresses of ReportTo."""

    place: int
    """Its place among them."""
    recipient: Mailbox
    service: MailService
    sender: Sender
    publication: Publication
    url: str

    @property
    def name(self) -> str:
        """What it is claimed by."""
        return f"mail-{self.place}"

    def send(self, notice: Notice, *, now: datetime) -> None:  # noqa: ARG002  a mail has SES's time
        """Send a notice as a mail."""
        message = write_notice(notice, self.recipient, self.sender, self.publication, self.url)
        mail, sender = mime_bytes(message), self.sender.mailbox.address
        self.service.send(mail, sender, self.recipient.address, {"k": TAG})


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """The address of ReportWebhook."""

    webhook: Webhook
    publication: Publication
    url: str

    @property
    def name(self) -> str:
        """What it is claimed by."""
        return "webhook"

    def send(self, notice: Notice, *, now: datetime) -> None:
        """Send a notice as JSON."""
        kind = "statistics.alert" if notice.alert else "statistics.report"
        data = notice_json(notice, words_in(self.publication.language), self.url)
        self.webhook.send(notice.id, kind, data, now=now)


def is_report_due(plan: Plan, now: datetime) -> bool:
    """Say whether a report is due: on its day from its hour on, so that a missed run is made up."""
    local = now.astimezone(plan.zone)
    return local.weekday() == plan.weekday and local.hour >= plan.hour


def local_date(plan: Plan, now: datetime) -> date:
    """Give the local date, by which notices are known."""
    return now.astimezone(plan.zone).date()


def report_of(day: date, reading: FiguresReading) -> Notice:
    """Make the report that is due on a day."""
    return Notice(day.isoformat(), figures=reading.site(week_before(day)))


def alerts_of(day: date, reading: FiguresReading, zone: ZoneInfo, now: datetime) -> list[Notice]:
    """Find what left its band in the last complete hour; day is the local date of the notices."""
    hour_ago = (now - timedelta(hours=1)).astimezone(zone).date()
    span = span_of(Unit.DAY, hour_ago)
    figures = reading.site(span)
    silent_at = now if is_silent(figures, any_live=reading.any_live(), now=now) else None
    found: list[Alert | None] = [site_alert(figures, silent_at=silent_at)]
    article, hour = leading_article(figures), last_hour(figures)
    life = reading.article(article, span) if article and hour else None
    if life and hour:
        found.append(article_alert(life, hour))
    return [Notice(day.isoformat(), alert=alert) for alert in found if alert]


def send_due(
    plan: Plan,
    reading: FiguresReading,
    channels: Sequence[Channel],
    reports: Reports,
    *,
    now: datetime,
) -> Counter[str]:
    """Send the report and the alerts that are due, and count the deliveries by what became of them.

    Raises NotDelivered at the end if any was not taken, and StoreUnavailable.
    """
    outcomes: Counter[str] = Counter()
    for notice in _due(plan, reading, channels, reports, now):
        for channel in channels:
            delivery = _delivery(notice.name, channel)
            if reports.claim(notice.date, delivery, now=now):
                outcomes[_deliver(notice, channel, reports, now)] += 1
    if outcomes["not_taken"]:
        raise NotDelivered(f"{outcomes['not_taken']} deliveries were not taken")
    return outcomes


def _due(
    plan: Plan,
    reading: FiguresReading,
    channels: Sequence[Channel],
    reports: Reports,
    now: datetime,
) -> Iterator[Notice]:
    """Give what is to be sent; a report that all have is not read again in each hour of its day."""
    day = local_date(plan, now)
    if is_report_due(plan, now):
        deliveries = {_delivery(REPORT, channel) for channel in channels}
        if deliveries - reports.claimed(day.isoformat()):
            yield report_of(day, reading)
    alerts = alerts_of(day, reading, plan.zone, now)
    known = reports.alerted_before(day.isoformat()) if alerts else set()
    for notice in alerts:
        is_repeated = notice.alert and notice.alert.article and notice.name in known
        if not is_repeated and reports.admit_alert(notice.date, notice.name, now=now):
            yield notice


def _delivery(notice: str, channel: Channel) -> str:
    return f"{notice}#{channel.name}"


def _deliver(notice: Notice, channel: Channel, reports: Reports, now: datetime) -> str:
    """Make a claimed delivery, and say what became of it."""
    try:
        channel.send(notice, now=now)
    except _NOT_TAKEN as error:
        _log.warning("%s was not taken from %s: %s", channel.name, notice.id, error)
        reports.give_back(notice.date, _delivery(notice.name, channel))
        return "not_taken"
    except MailRefused as error:
        _log.warning("%s was refused for %s: %s", notice.id, channel.name, error)
        return "refused"
    except MailUncertain as error:
        _log.warning("nobody knows whether %s reached %s: %s", notice.id, channel.name, error)
        return "uncertain"
    return "sent"
