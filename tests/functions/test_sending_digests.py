"""A digest from its schedule to what became of each mail, by the events that AWS sends."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from circulation.aws.mail_service import MailQuotaSpent
from circulation.aws.sdk import session
from circulation.aws.table import Table
from circulation.counting.counts import Total
from circulation.importing.fetch import Fetched
from circulation.mail import delivering
from circulation.mail.delivering import MIN_BOUNCED
from circulation.mail.digest import MAX_NEWEST
from circulation.mail.digest_queue import DigestQueue, Portion
from circulation.mail.keys import delivery_key
from circulation.mail.mailbox import read_mailbox
from circulation.mail.sender import Plan
from circulation.mail.subscriber import (
    Choices,
    Consent,
    Frequency,
    Subscriber,
    all_buckets,
    bucket_of,
    subscriber_id,
)
from circulation.popularity.memory import ClosedDay
from circulation.popularity.windows import days_of_windows
from circulation.runtime import Container, container
from circulation.times import format_time
from circulation_cli import digest as digest_command
from circulation_cli.deployment import Deployment
from circulation_cli.local_stack.mail_events import events_of
from circulation_cli.local_stack.outbox import Envelope, Mail
from circulation_cli.local_stack.template import Template
from functions import (
    begin_digest,
    publish_articles,
    rank_popular,
    record_mail_events,
    send_digest,
    send_letter,
    serve_subscriptions,
    sync_feed,
    tally_views,
)
from tests.builders import http_event, record, stream_event, submitted
from tests.memory_store import metered_tables

SEVEN = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
"""Seven o'clock of a Saturday in Baku, where the publication is."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SAM, KIM = "sam@mail.example", "kim@mail.example"
SIMULATOR = "simulator.amazonses.com"
DAILY = Frequency.DAILY
FEED = """<rss version="2.0"><channel><link>https://cms.example/</link><item><title>{title}</title>
<link>https://cms.example/1234.html</link><pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>
<description>Text</description></item></channel></rss>"""


@dataclass
class Ses:
    """SES: accepts every mail unless it is told to fail."""

    mails: list[Mail] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def send(self, mail: bytes, sender: str, recipient: str, tags: Mapping[str, str]) -> str:
        if self.errors:
            raise self.errors.pop(0)
        now = datetime.now(UTC)
        number = f"message-{len(self.mails)}"
        envelope = Envelope(number, now, sender, recipient, "", "configuration", tags)
        self.mails.append(Mail(envelope, mail))
        return number

    @property
    def recipients(self) -> list[str]:
        return [mail.envelope.recipient for mail in self.mails]

    def take(self) -> list[Mail]:
        """Give the mails since the last time."""
        taken, self.mails = self.mails, []
        return taken


@dataclass
class Newsroom:
    """A publication, and AWS around it."""

    store: Container
    clock: time_machine.Traveller
    ses: Ses
    buckets: set[str] = field(default_factory=set)
    """Those to which portions are sent: of the others nobody would notice, but each takes time."""

    def publish(self, article_id: str, published: datetime, **changes: Any) -> None:
        """Publish an article as of now."""
        fields = {
            "url": f"https://news.example/{article_id}",
            "title": article_id,
            "published": format_time(published),
        }
        event = http_event(
            "PUT /articles/{id}",
            path={"id": article_id},
            body=submitted(**fields | changes),
            at=datetime.now(UTC),
        )
        assert publish_articles.handler(event, None)["statusCode"] < 300

    def unpublish(self, article_id: str) -> None:
        event = http_event("DELETE /articles/{id}", path={"id": article_id}, at=datetime.now(UTC))
        assert publish_articles.handler(event, None)["statusCode"] == 204

    def view(self, article_id: str, views: int) -> None:
        """Have an article viewed now."""
        now = datetime.now(UTC)
        records = [record(number, article_id, at=now) for number in range(views)]
        day = f"{now:%Y-%m-%d}"
        for each in records:
            each["dynamodb"]["Keys"]["pk"]["S"] = f"{article_id}#{day}#a"
        tally_views.handler(stream_event(*records), None)

    def rank(self) -> None:
        days = days_of_windows(datetime.now(UTC))[2:]
        container().memory.days |= {day: ClosedDay({}, Total(0, 0)) for day in days}
        rank_popular.handler({"time": format_time(datetime.now(UTC))}, None)

    def subscribe(self, *addresses: str, **choices: Any) -> None:
        key = self.store.subscribers.mail_key(bytes)
        asked = SEVEN - timedelta(days=30)
        for address in addresses:
            mailbox, consent = read_mailbox(address), Consent(asked, asked, "import")
            person = subscriber_id(key, mailbox)
            self.buckets.add(bucket_of(person))
            self.store.subscribers.add(Subscriber(person, mailbox, Choices(**choices), consent))

    def begin(self) -> list[str]:
        """Have the schedule of now invoke BeginDigest; give the digests that it began."""
        answer = begin_digest.handler({"time": format_time(datetime.now(UTC))}, None)
        return list(answer["begun"])

    def send(self, *, waiting: timedelta = timedelta()) -> None:
        """Have DigestQueue invoke SendDigest until there is nothing left, and for some time."""
        client, url = session().create_client("sqs"), self.store.settings.digest_queue_url
        until = datetime.now(UTC) + waiting
        while True:
            answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                send_digest.handler({"Records": [{"body": message["Body"]}]}, None)
                client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if "Messages" not in answer:
                if datetime.now(UTC) >= until:
                    return
                self.clock.shift(timedelta(minutes=15))

    def report(self, mails: list[Mail], *, times: int = 1) -> None:
        """Have MailEventQueue invoke RecordMailEvents with all that SES says of mails."""
        bodies = [event.body for mail in mails for event in events_of(mail)]
        for body in bodies * times:
            record_mail_events.handler({"Records": [{"body": body}]}, None)

    def tables(self) -> tuple[Table, ...]:
        store = self.store
        return (
            store.library_table,
            store.subscribers_table,
            store.ledger_table,
            store.salts_table,
        )

    def contents(self) -> list[str]:
        """Give everything that is stored."""
        items = (item for table in self.tables() for item in table.scan())
        return sorted(str(sorted(item.items())) for item in items)

    def forget_everything(self) -> None:
        """Begin anew, as each example of a property does."""
        for table in self.tables():
            for item in list(table.scan()):
                table.delete({"pk": item["pk"], "sk": item["sk"]})
        self.store.subscribers.__dict__["_mail_key"] = None

    def morning(self, days: int = 0) -> list[Mail]:
        """Begin and send what is due some days after the first; give the mails."""
        self.clock.move_to(SEVEN + timedelta(days=days))
        self.begin()
        self.send()
        return self.ses.take()


@pytest.fixture
def newsroom(store: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    """On tables in memory, which take a small part of moto's time, and its queues."""
    tables = metered_tables()
    monkeypatch.setattr("circulation.runtime.client_of_tables", lambda _: tables)
    container.cache_clear()
    assert container() is not store
    with opened(container(), monkeypatch) as made:
        yield made


@pytest.fixture
def newsroom_on_moto(
    store_on_moto: Container, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Newsroom]:
    with opened(store_on_moto, monkeypatch) as made:
        yield made


@contextmanager
def opened(store: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    ses = Ses()
    store.__dict__["mail_service"] = ses
    store.settings.__dict__["mails_per_second"] = 10**9
    with time_machine.travel(SEVEN - 2 * HOUR, tick=False) as clock:
        send_digest.pace.cache_clear()
        made = Newsroom(store, clock, ses)
        monkeypatch.setattr(delivering, "all_buckets", lambda: sorted(made.buckets))
        yield made
        send_digest.pace.cache_clear()


def text_of(mail: Mail) -> str:
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content())


def shown_in(mail: Mail, *article_ids: str) -> list[str]:
    """Give which of some articles a mail links to."""
    text = text_of(mail)
    return [each for each in article_ids if f"https://news.example/{each}?via=mail" in text]


def test_a_digest_goes_from_its_schedule_to_what_became_of_each_mail(
    newsroom_on_moto: Newsroom, template: Template
) -> None:
    newsroom = newsroom_on_moto
    events = dict(template.active_events("ScheduleV2"))
    assert events["BeginDigest"]["Input"] == '{"time": "<aws.scheduler.scheduled-time>"}'
    gone, angry = f"bounce@{SIMULATOR}", f"complaint@{SIMULATOR}"
    away, suppressed = f"ooto@{SIMULATOR}", f"suppressionlist@{SIMULATOR}"
    newsroom.subscribe(SAM, gone, angry, away, suppressed)
    newsroom.publish("harbour-clock", SEVEN - 3 * HOUR)
    buckets, newsroom.buckets = newsroom.buckets, set(all_buckets())
    first = newsroom.morning()
    newsroom.buckets = buckets
    recipients = sorted(mail.envelope.recipient for mail in first)
    assert recipients == sorted([SAM, gone, angry, away, suppressed])
    assert {mail.envelope.tags["d"] for mail in first} == {"daily-2026-03-14"}
    newsroom.report(first, times=2)
    progress = newsroom.store.deliveries.progress(DAILY, "2026-03-14")
    assert (progress.sent, progress.bounced, progress.complained) == (5, 2, 1)
    assert not progress.stopped
    newsroom.publish("night-bus", SEVEN + HOUR)
    second = newsroom.morning(1)
    assert sorted(mail.envelope.recipient for mail in second) == sorted([SAM, away])
    stored = str(list(newsroom.store.subscribers_table.scan()))
    assert gone not in stored
    assert angry not in stored


def test_a_mail_has_what_is_newest_and_most_read_in_the_chosen_sections_since_the_last(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe(SAM)
    newsroom.subscribe(KIM, sections=frozenset({"sport"}))
    newsroom.publish("old-city", SEVEN - 20 * HOUR)
    newsroom.publish("old-sport", SEVEN - 19 * HOUR, section="sport")
    newsroom.publish("older-sport", SEVEN - 5 * DAY, section="sport")
    newsroom.morning()
    newsroom.clock.move_to(SEVEN + HOUR)
    newsroom.publish("new-city", SEVEN + HOUR)
    newsroom.publish("new-sport", SEVEN + HOUR, section="sport")
    for article_id, views in {
        "old-city": 5, "old-sport": 3, "older-sport": 4, "new-city": 9, "new-sport": 2
    }.items():  # fmt: skip
        newsroom.view(article_id, views)
    newsroom.clock.move_to(SEVEN + DAY - timedelta(minutes=5))
    newsroom.rank()
    mails = {mail.envelope.recipient: text_of(mail) for mail in newsroom.morning(1)}

    def order(text: str) -> list[str]:
        lines = (line.strip() for line in text.splitlines())
        prefix = "https://news.example/"
        return [line.removeprefix(prefix).partition("?")[0] for line in lines if "via=mail" in line]

    newest, most_read = ["new-sport", "new-city"], ["old-city", "older-sport", "old-sport"]
    assert order(mails[SAM]) == [*newest, *most_read]
    assert order(mails[KIM]) == ["new-sport", "older-sport", "old-sport"]
    assert "1. old-city (5 views)" in mails[SAM]


def test_what_a_digest_mails_is_noted_of_its_articles_once(newsroom: Newsroom) -> None:
    changes = newsroom.store.catalogue.changes
    newsroom.subscribe(SAM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.publish("night-bus", SEVEN + 2 * HOUR)
    newsroom.morning()
    newsroom.store.subscribers_table.delete(delivery_key(DAILY, "2026-03-14"))  # it is begun again
    newsroom.morning()
    mailed = [change.at for change in changes.of("harbour-clock") if "mailed" in change.kinds]
    assert mailed == [SEVEN]
    assert [change.kinds for change in changes.of("night-bus")] == [("published",)]


def test_without_anything_new_no_mail_is_sent(newsroom: Newsroom) -> None:
    newsroom.subscribe(SAM)
    newsroom.subscribe(KIM, sections=frozenset({"sport"}))
    assert newsroom.morning() == []
    newsroom.publish("harbour-clock", SEVEN + HOUR)
    (mail,) = newsroom.morning(1)  # nothing is new in sport
    assert mail.envelope.recipient == SAM
    newsroom.view("harbour-clock", 3)
    newsroom.rank()
    assert newsroom.morning(2) == []


def test_what_came_while_nothing_was_sent_is_in_the_next(newsroom: Newsroom) -> None:
    newsroom.subscribe(SAM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.morning()
    newsroom.publish("night-bus", SEVEN + HOUR)
    (mail,) = newsroom.morning(4)  # BeginDigest did not run for three days
    assert shown_in(mail, "harbour-clock", "night-bus") == ["night-bus"]


@pytest.mark.parametrize(
    "late",
    [
        timedelta(minutes=1),
        timedelta(hours=24),  # a dateline without a time, of a site in the same zone
        timedelta(hours=38),  # and of one that writes it in another zone
    ],
)
def test_an_article_that_is_first_seen_late_is_in_the_next_digest_and_in_no_other(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, late: timedelta
) -> None:
    """The site's feed is read after the digest, and its article is dated before it."""
    newsroom.subscribe(SAM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    assert len(newsroom.morning()) == 1
    newsroom.clock.move_to(SEVEN + timedelta(minutes=10))
    feed = FEED.format(title="Late", published=SEVEN - late + timedelta(minutes=5))
    monkeypatch.setenv("SYNC_FEED_URL", "https://cms.example/feed")
    monkeypatch.setattr(sync_feed, "fetch", lambda *_: Fetched(feed.encode(), {}))
    container.cache_clear()
    container().__dict__["mail_service"] = newsroom.ses
    event = {"time": format_time(datetime.now(UTC))}
    assert sync_feed.handler(event, None) == {"found": 1, "published": 1}
    (mail,) = newsroom.morning(1)
    assert "https://cms.example/1234.html?via=mail" in text_of(mail)
    newsroom.publish("night-bus", SEVEN + DAY + HOUR)
    (mail,) = newsroom.morning(2)
    assert "1234.html" not in text_of(mail)


def test_an_archive_that_is_taken_in_is_in_no_digest(newsroom: Newsroom) -> None:
    newsroom.subscribe(SAM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.morning()
    for back in range(3, 9):
        newsroom.publish(f"archived-{back}", SEVEN - back * DAY)
    assert newsroom.morning(1) == []


@pytest.mark.parametrize(
    ("frequency", "mornings"),
    [("daily", [0, 1]), ("daily", [0, 1, 2, 3, 4]), ("weekly", [-1, 6])],  # -1 is a Friday
)
def test_an_article_that_a_correction_moves_is_not_sent_twice(
    newsroom: Newsroom, frequency: str, mornings: list[int]
) -> None:
    first, *_, last = mornings
    newsroom.subscribe(SAM, frequency=Frequency(frequency))
    newsroom.publish("harbour-clock", SEVEN + (first - 1) * DAY + 2 * HOUR)
    for morning in mornings:
        newsroom.publish(f"article-{morning}", SEVEN + morning * DAY - HOUR)
        if morning == last:
            newsroom.clock.move_to(SEVEN + morning * DAY - 2 * HOUR)
            newsroom.publish("harbour-clock", SEVEN + morning * DAY - 2 * HOUR)
        (mail,) = newsroom.morning(morning)
        names = [f"article-{morning}", *(["harbour-clock"] if morning == first else [])]
        assert shown_in(mail, f"article-{morning}", "harbour-clock") == names


def test_what_is_not_out_yet_or_no_more_is_in_no_digest(newsroom: Newsroom) -> None:
    newsroom.subscribe(SAM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.publish("withdrawn", SEVEN - HOUR)
    newsroom.publish("scheduled", SEVEN + timedelta(seconds=1))
    newsroom.view("withdrawn", 9)
    newsroom.rank()
    newsroom.unpublish("withdrawn")
    (mail,) = newsroom.morning()
    names = ("harbour-clock", "withdrawn", "scheduled")
    assert shown_in(mail, *names) == ["harbour-clock"]
    newsroom.publish("postponed", SEVEN + 2 * HOUR)
    newsroom.publish("postponed", SEVEN + DAY + HOUR)
    (mail,) = newsroom.morning(1)
    assert shown_in(mail, *names, "postponed") == ["scheduled"]
    (mail,) = newsroom.morning(2)
    assert shown_in(mail, *names, "postponed") == ["postponed"]


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 23),
        st.sampled_from(["publish", "publish", "publish", "withdraw"]),
        st.integers(0, 4),
        st.integers(-47, 36),
    ),
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a smaller example would take minutes to find
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=EVENTS)
def test_an_article_is_in_the_first_digest_after_it_can_be_read_and_in_no_other(
    newsroom: Newsroom, events: list[tuple[int, int, str, int, int]]
) -> None:
    """By day and hour, articles come, are corrected, moved by their datelines, and withdrawn."""
    newsroom.forget_everything()
    newsroom.subscribe(SAM)
    newsroom.morning()
    out, shown = dict[str, datetime](), set[str]()
    for day in range(6):
        for _, hour, kind, number, dateline in sorted(each for each in events if each[0] == day):
            name, now = f"article-{number}", SEVEN + day * DAY + hour * HOUR
            newsroom.clock.move_to(now)
            if kind == "publish":
                out[name] = now + dateline * HOUR
                newsroom.publish(name, out[name])
            elif out.pop(name, None):
                newsroom.unpublish(name)
        mails = newsroom.morning(day + 1)
        due = SEVEN + (day + 1) * DAY
        expected = {name for name, published in out.items() if published <= due} - shown
        assert {name for mail in mails for name in shown_in(mail, *out)} == expected
        assert len(mails) == bool(expected)
        shown |= expected


def test_many_articles_are_cut_to_the_newest_of_what_was_chosen(newsroom: Newsroom) -> None:
    newsroom.subscribe(SAM)
    newsroom.subscribe(KIM, sections=frozenset({"sport"}))
    newsroom.publish("sport-1", SEVEN - 5 * HOUR, section="sport")
    names = [f"city-{number}" for number in range(MAX_NEWEST + 1)]
    for number, name in enumerate(names):
        newsroom.publish(name, SEVEN - HOUR - timedelta(minutes=number))
    mails = {mail.envelope.recipient: mail for mail in newsroom.morning()}
    assert shown_in(mails[SAM], *names, "sport-1") == names[:MAX_NEWEST]
    assert shown_in(mails[KIM], *names, "sport-1") == ["sport-1"]


@pytest.mark.parametrize(
    "name",
    [
        "Culture & Media",
        "مدیریت\u200cها",  # noqa: RUF001  a non-joiner, as Persian writes it
        "क्\u200dष",  # a joiner
        "חדשות\u200f",  # a mark of direction, as programs leave it behind
        "Q=?A",
        "a=?utf-8?q?b?=",
        "co\u00adoperation",
        "\u2028News",
        "x" * 100,
    ],
)
def test_whoever_chose_a_section_is_sent_it_whatever_its_name_is(
    newsroom: Newsroom, name: str
) -> None:
    newsroom.publish("harbour-clock", SEVEN - HOUR, section=name)
    newsroom.publish("night-bus", SEVEN - HOUR, section="sport")
    (stored,) = newsroom.store.catalogue.library.articles(["harbour-clock"]).values()
    newsroom.subscribe(SAM, sections=frozenset({stored.section}))
    newsroom.view("harbour-clock", 1)
    newsroom.rank()
    (mail,) = newsroom.morning()
    assert shown_in(mail, "harbour-clock", "night-bus") == ["harbour-clock"]


def test_begun_again_at_any_time_of_its_date_a_digest_is_sent_once(newsroom: Newsroom) -> None:
    newsroom.subscribe(SAM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.clock.move_to(SEVEN - timedelta(seconds=1))
    assert newsroom.begin() == []
    newsroom.clock.move_to(SEVEN)
    assert newsroom.begin() == ["daily-2026-03-14"]
    newsroom.clock.move_to(SEVEN + timedelta(minutes=30))
    newsroom.publish("night-bus", SEVEN + timedelta(minutes=1))
    assert newsroom.begin() == []
    newsroom.send()
    newsroom.clock.move_to(SEVEN + 16 * HOUR)
    assert newsroom.begin() == []
    newsroom.send()
    (mail,) = newsroom.ses.take()
    assert shown_in(mail, "harbour-clock", "night-bus") == ["harbour-clock"]


def test_a_begin_that_is_broken_off_goes_on_with_what_was_frozen(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.subscribe(SAM, KIM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.clock.move_to(SEVEN)
    send, sent = DigestQueue.send, list[Portion]()

    def break_off(queue: DigestQueue, portion: Portion) -> None:
        if sent:
            raise TimeoutError
        sent.append(portion)
        send(queue, portion)

    with monkeypatch.context() as patch:
        patch.setattr(DigestQueue, "send", break_off)
        with pytest.raises(TimeoutError):
            newsroom.begin()
    newsroom.clock.move_to(SEVEN + timedelta(minutes=30))
    newsroom.publish("night-bus", SEVEN + timedelta(minutes=1))
    assert newsroom.begin() == ["daily-2026-03-14"]
    newsroom.send()
    assert sorted(newsroom.ses.recipients) == [KIM, SAM]
    for mail in newsroom.ses.take():
        assert shown_in(mail, "harbour-clock", "night-bus") == ["harbour-clock"]


@pytest.mark.parametrize(
    ("zone", "hour", "runs"),
    [
        # The clock goes from two to three: Scheduler leaves out two o'clock, and half past three
        # is the next look.
        ("Europe/Berlin", 2, ["2026-03-29T00:30Z", "2026-03-29T01:30Z", "2026-03-29T02:30Z"]),
        # It goes from midnight to one.
        ("Africa/Cairo", 0, ["2026-04-23T21:30Z", "2026-04-23T22:30Z", "2026-04-23T23:30Z"]),
        # It goes from three back to two: two o'clock comes twice.
        ("Europe/Berlin", 2, ["2026-10-24T23:30Z", "2026-10-25T00:00Z", "2026-10-25T01:00Z"]),
        # It goes from midnight back to eleven of the day before.
        ("Africa/Cairo", 23, ["2026-10-29T19:30Z", "2026-10-29T20:00Z", "2026-10-29T21:00Z"]),
        # A zone with half hours, whose clock goes by half an hour.
        ("Australia/Lord_Howe", 2, ["2026-10-03T15:29Z", "2026-10-03T15:30Z", "2026-10-03T16:00Z"]),
    ],
)
def test_an_hour_that_comes_twice_or_not_at_all_sends_one_digest_of_its_date(
    newsroom: Newsroom, zone: str, hour: int, runs: list[str]
) -> None:
    newsroom.store.settings.__dict__["digest_plan"] = Plan(hour, 2, ZoneInfo(zone))
    newsroom.subscribe(SAM)
    before, *moments = [datetime.fromisoformat(run) for run in runs]
    newsroom.clock.move_to(before)
    newsroom.begin()
    newsroom.publish("harbour-clock", before + timedelta(seconds=1))
    begun = []
    for moment in moments:
        newsroom.clock.move_to(moment)
        begun += newsroom.begin()
        newsroom.send()
    assert begun == [f"daily-{moments[0].astimezone(ZoneInfo(zone)).date()}"]
    assert newsroom.ses.recipients == [SAM]


def test_the_breaker_stops_a_digest_and_the_command_lets_it_go_on(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = [f"bounce+{number}@{SIMULATOR}" for number in range(MIN_BOUNCED)]
    newsroom.subscribe(SAM, KIM, *gone)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.clock.move_to(SEVEN)
    newsroom.begin()
    client, url = session().create_client("sqs"), newsroom.store.settings.digest_queue_url
    left = []
    while found := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            send_digest.handler({"Records": [{"body": message["Body"]}]}, None)
            newsroom.report(newsroom.ses.mails)
            if newsroom.store.deliveries.progress(DAILY, "2026-03-14").stopped:
                left.append(message["Body"])
    before = newsroom.ses.recipients
    assert newsroom.store.deliveries.progress(DAILY, "2026-03-14").stopped == "bounced"
    assert left
    for body in left:
        send_digest.handler({"Records": [{"body": body}]}, None)
    assert newsroom.ses.recipients == before
    monkeypatch.setattr(Deployment, "container", lambda *_: newsroom.store)
    done = CliRunner().invoke(digest_command.digest, ["resume", "daily", "2026-03-14"])
    assert done.exit_code == 0, done.output
    newsroom.send()
    assert sorted(newsroom.ses.recipients) == sorted([SAM, KIM, *gone])


def test_a_spent_quota_pauses_a_digest_which_goes_on_by_itself(newsroom: Newsroom) -> None:
    readers = [KIM, SAM]
    newsroom.subscribe(*readers)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    newsroom.clock.move_to(SEVEN)
    newsroom.begin()
    newsroom.ses.errors = [MailQuotaSpent("Daily message quota exceeded")]
    newsroom.send()
    assert newsroom.ses.mails == []
    progress = newsroom.store.deliveries.progress(DAILY, "2026-03-14")
    assert (progress.stopped, progress.stopped_until) == ("quota", "2026-03-14T09:00:00Z")
    newsroom.send(waiting=5 * HOUR)
    assert newsroom.ses.mails == []
    newsroom.send(waiting=2 * HOUR)
    assert sorted(newsroom.ses.recipients) == readers


def test_who_unsubscribes_by_a_mail_is_left_out_of_the_rest_of_the_run(newsroom: Newsroom) -> None:
    newsroom.subscribe(SAM, KIM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    first, second = newsroom.morning()
    assert {first.envelope.recipient, second.envelope.recipient} == {SAM, KIM}
    header = message_from_bytes(first.raw, policy=policy.default)["List-Unsubscribe"]
    *_, key, action = str(header).strip("<>").split("/")
    assert action == "unsubscribe"
    newsroom.publish("night-bus", SEVEN + HOUR)
    newsroom.clock.move_to(SEVEN + DAY)
    newsroom.begin()
    event = http_event("POST /subscriptions/{key}/unsubscribe", path={"key": key})
    assert serve_subscriptions.handler(event, None)["statusCode"] == 200
    newsroom.send()
    assert newsroom.ses.recipients == [second.envelope.recipient]


@pytest.mark.parametrize(("rate", "seconds"), [(1, 2.0), (500, 0.004)])
def test_two_containers_together_send_no_more_mails_a_second_than_they_may(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, rate: int, seconds: float
) -> None:
    now, slept = [0.0], list[float]()

    def sleep(duration: float) -> None:
        slept.append(duration)
        now[0] += duration

    monkeypatch.setattr(send_digest, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    newsroom.store.settings.__dict__["mails_per_second"] = rate
    newsroom.subscribe(*(f"reader-{number}@mail.example" for number in range(5)))
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    assert len(newsroom.morning()) == 5
    assert slept == pytest.approx([seconds] * 4)  # the first is not waited for


LINK = re.compile(r"https://[^\s\"'<>]+")


def links_of(mail: bytes) -> set[str]:
    """Give every address in a mail: of its headers, its text and its HTML."""
    message = message_from_bytes(mail, policy=policy.default)
    parts = [str(value) for value in message.values()]
    parts += [unescape(part.get_content()) for part in message.iter_parts()]
    return {link.rstrip(".,") for part in parts for link in LINK.findall(part)}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_program_that_opens_every_link_of_both_mails_changes_nothing(
    newsroom: Newsroom, template: Template, method: str
) -> None:
    newsroom.subscribe(SAM)
    newsroom.publish("harbour-clock", SEVEN - HOUR)
    (digest,) = newsroom.morning()
    body = urlencode({"address": KIM, "section": "sport"})
    headers = {"content-type": "application/x-www-form-urlencoded"}
    typed = http_event("POST /subscriptions", body=body, headers=headers, at=datetime.now(UTC))
    assert serve_subscriptions.handler(typed, None)["statusCode"] == 202
    client, url = session().create_client("sqs"), newsroom.store.settings.letter_queue_url
    (message,) = client.receive_message(QueueUrl=url)["Messages"]
    send_letter.handler({"Records": [{"body": message["Body"]}]}, None)
    client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    (confirmation,) = newsroom.ses.take()
    assert confirmation.envelope.recipient == KIM
    before = newsroom.contents()
    opened = set()
    for link in links_of(digest.raw) | links_of(confirmation.raw):
        path = urlsplit(link).path
        if urlsplit(link).hostname == "news.example":
            continue
        for route in template.routes():
            names = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)
            found = re.fullmatch(names, path)
            if found and route.method == method and "{path+}" not in route.path:
                event = http_event(
                    f"{method} {route.path}", path=found.groupdict(), at=datetime.now(UTC)
                )
                answer = template.function(route.function).handler(event, None)
                assert answer["statusCode"] == 200, link
                opened.add(route.path)
    assert opened == {
        "/subscriptions/confirm/{key}",
        "/subscriptions/{key}",
        "/subscriptions/{key}/unsubscribe",
        "/digests/{frequency}/{date}",
    }
    assert newsroom.contents() == before
    for queue in (url, newsroom.store.settings.digest_queue_url):
        assert "Messages" not in client.receive_message(QueueUrl=queue)
