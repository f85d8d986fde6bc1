"""Sending on moto's tables: a mail service that keeps what it is sent, and a queue in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

from circulation.articles.publication import Publication
from circulation.mail.delivering import DigestStores, Post, send_portion
from circulation.mail.digest import Digest, entry_of, frozen_digest
from circulation.mail.digest_letter import Letterhead
from circulation.mail.digest_queue import Portion
from circulation.mail.keys import MAIL_KEY, subscriber_key
from circulation.mail.mailbox import Mailbox, read_mailbox
from circulation.mail.sender import Plan, Sender
from circulation.mail.subscriber import Frequency, subscriber_id
from circulation.runtime import Container
from circulation.times import format_time
from tests.builders import NOW

KEY = bytes(range(32))
DATE = "2026-03-14"
DAILY = Frequency.DAILY
LETTERHEAD = Letterhead(
    Publication("The Daily Example", "https://daily.example/", "News", "en", ZoneInfo("UTC")),
    Sender(Mailbox("news@daily.example"), "The Daily Example", "1 Example Quay, 1000 Exampletown"),
    "https://count.example",
    Plan(7, 4, ZoneInfo("UTC")),
)


@dataclass
class FakeService:
    """SES: accepts every mail unless it is told to fail, by address or by the next answers."""

    sent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Exception | None] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)

    def send(self, mail: bytes, sender: str, recipient: str, tags: dict[str, str]) -> str:
        assert sender == "news@daily.example"
        error = self.answers.pop(0) if self.answers else self.failing.get(recipient)
        if error:
            raise error
        self.sent.append((recipient, tags, mail))
        return f"message-{len(self.sent)}"

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _, _ in self.sent]


@dataclass
class FakeQueue:
    """The digest queue, in memory, with each message's delay."""

    messages: list[tuple[Portion, int]] = field(default_factory=list)

    def send(self, portion: Portion, *, delay: int = 0) -> None:
        self.messages.append((portion, delay))


@dataclass
class Office:
    """All that sending needs, and a clock that a test moves."""

    table: Any
    stores: DigestStores
    service: FakeService
    queue: FakeQueue
    now: datetime = NOW
    pauses: int = 0

    def subscribe(self, name: str, **attributes: Any) -> str:
        mailbox = read_mailbox(f"{name}@example.org")
        subscriber = subscriber_id(KEY, mailbox)
        item = {
            "address": mailbox.address,
            "state": "confirmed",
            "frequency": "daily",
            "asked": format_time(NOW - timedelta(days=1)),
        } | attributes
        self.table.put_item(Item={**subscriber_key(subscriber), **item})
        return subscriber

    def item(self, subscriber: str) -> dict[str, Any]:
        found: dict[str, Any] = self.table.get_item(Key=subscriber_key(subscriber))["Item"]
        return found

    def post(self) -> Post:
        def pause() -> None:
            self.pauses += 1

        return Post(self.service, LETTERHEAD, lambda: self.now, pause)  # type: ignore[arg-type]

    def run(self, portion: Portion) -> dict[str, int]:
        return dict(send_portion(portion, self.stores, self.post()))

    def run_all(self, *, later: bool = True) -> None:
        """Deliver what is queued, also what comes of it; later is what waits for 15 minutes."""
        for _ in range(1_000):
            if not self.queue.messages:
                return
            portion, delay = self.queue.messages.pop(0)
            if delay and not later:
                continue
            self.now += timedelta(seconds=delay)
            self.run(portion)
        raise AssertionError("it never ends")


def digest(number: int = 3, frequency: Frequency = DAILY, date: str = DATE) -> Digest:
    entries = [
        entry_of(
            {
                "id": f"article-{place}",
                "section": ("City", "Sport")[place % 2],
                "title": f"Harbour ferry number {place}",
                "summary": "All passengers are safe.",
                "url": f"https://daily.example/{place}",
                "language": "",
                "published": format_time(NOW - timedelta(minutes=place)),
            }
        )
        for place in range(number)
    ]
    return frozen_digest(frequency, date, NOW, newest=entries, most_read={}, seen=[])


@pytest.fixture
def office(store: Container) -> Office:
    table = boto3.resource("dynamodb").Table(store.settings.subscribers_table)
    table.put_item(Item={**MAIL_KEY, "key": KEY})
    queue = FakeQueue()
    stores = DigestStores(store.digests, store.deliveries, queue)  # type: ignore[arg-type]
    return Office(table, stores, FakeService(), queue)


@pytest.fixture
def begin(office: Office) -> Callable[[], None]:
    """Freeze a digest and queue the portions of the buckets that have somebody."""

    def run() -> None:
        office.stores.digests.freeze(digest())
        buckets = {
            item["pk"].removeprefix("SUBS#")
            for item in office.table.scan()["Items"]
            if item["pk"].startswith("SUBS#")
        }
        for bucket in sorted(buckets):
            office.queue.send(Portion(DAILY, DATE, bucket))

    return run
