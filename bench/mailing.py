"""What a mail of a digest costs, beside a loop that does nothing but send.

MiniStack reports the capacity of each call and answers SES's; the functions' own code runs on it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import boto3

from bench.engine import engine
from bench.events import NOON
from bench.invocation import Handler
from bench.meter import Meter
from bench.prices import READ_ON, REGION, Prices
from bench.results import table, verdict
from circulation.aws.sdk import session
from circulation.mail.delivering import (
    PORTION,
    DigestStores,
    Post,
    apply_event,
    send_portion,
)
from circulation.mail.digest import MAX_MOST_READ, MAX_NEWEST, Entry, contents_for, frozen_digest
from circulation.mail.digest_letter import Recipient, write_letter
from circulation.mail.digest_queue import DigestQueue, Portion
from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import (
    Choices,
    Consent,
    Frequency,
    Subscriber,
    bucket_of,
    subscriber_id,
)
from circulation.runtime import Container, container
from circulation.times import format_time

DAILY, DATE = Frequency.DAILY, "2046-11-23"
RATES = (1, 14, 100)
"""Mails a second: in the sandbox, as SES begins outside of it, and of an account with history."""
EVENTS = 2
"""Events of a mail that nothing happens to: Send and Delivery."""
EVENT_BATCH = 10
TARGET = 1.05
"""Of what a loop that only sends costs."""

ABOUT = f"""\
Target: a thousand mails ≤ {TARGET} of what a loop that only sends costs, at 14 a second. A digest
of {MAX_NEWEST} new and {MAX_MOST_READ} most read articles to {PORTION} subscribers, each mail with
its claim, its end, and two events (Send, Delivery). The loop reads its list and calls SES with one
finished text: broken off, it sends twice or leaves people out, and it writes to those who
unsubscribed meanwhile. Units by `ReturnConsumedCapacity`, CPU of this process on a whole core. List
prices of {REGION}, {READ_ON}; SES à la carte, $0.10 a thousand (0.16 in accounts that began with
Essentials). A function of 512 MB waits between two mails, so that all of its containers together
keep the rate: that wait is paid for.
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one mail takes."""

    writes: float
    reads: float
    calls: float
    """DynamoDB calls, one after the other, and the call of SES."""
    cpu_ms: float


def measure() -> str:
    """Send a portion both ways, and take in the events about it."""
    with engine():
        meter = Meter().attach()
        runtime = container()
        sender = runtime.letterhead.sender.mailbox.address
        boto3.client("sesv2").create_email_identity(EmailIdentity=sender)
        sent = _spent(meter, _portion(runtime))
        taken_in = _spent(meter, _events(runtime))
        looped = _spent(meter, _loop(runtime))
    return report(sent, taken_in, looped)


def report(sent: Spent, taken_in: Spent, looped: Spent) -> str:
    """Lay out units, CPU and dollars by rate."""
    head = ("a mail", "write units", "read units", "calls", "CPU, ms")
    rows = [
        (name, f"{spent.writes:.2f}", f"{spent.reads:.2f}", f"{spent.calls:.2f}",
         f"{spent.cpu_ms:.2f}")
        for name, spent in (("sent", sent), ("its events", taken_in), ("loop", looped))
    ]  # fmt: skip
    dollars = [_row(rate, sent, taken_in, looped) for rate in RATES]
    heads = ("mails/s", "circulation", "of it SES", "loop", "of the loop", f"≤ {TARGET}")
    return f"{ABOUT}\n{table(head, rows)}\nDollars for a thousand mails:\n\n{table(heads, dollars)}"


def _row(rate: int, sent: Spent, taken_in: Spent, looped: Spent) -> tuple[object, ...]:
    prices = Prices()
    # A loop waits in one container; two wait twice as long each, which is the same to pay.
    wait_ms = 1000 / rate
    ours = (
        prices.mail
        + _database(sent, prices)
        + _compute(sent, prices, at_least_ms=2 * wait_ms)
        + _database(taken_in, prices)
        + _compute(taken_in, prices)
        + EVENTS * (prices.topic_request + 3 / EVENT_BATCH * prices.queue_request)
        + EVENTS / EVENT_BATCH * prices.lambda_request
    )
    loop = (
        prices.mail
        + _database(looped, prices)
        + _compute(looped, prices, at_least_ms=wait_ms)
    )  # fmt: skip
    return (
        rate, f"{ours * 1000:.4f}", f"{prices.mail * 1000:.2f}", f"{loop * 1000:.4f}",
        f"{ours / loop:.3f}", verdict(ours / loop, TARGET) if rate == RATES[1] else "",
    )  # fmt: skip


def _database(spent: Spent, prices: Prices) -> float:
    return spent.writes * prices.write_unit + spent.reads * prices.read_unit


def _compute(spent: Spent, prices: Prices, *, at_least_ms: float = 0) -> float:
    handler = Handler(cpu_ms=spent.cpu_ms, calls=spent.calls, log_bytes=0)
    least = at_least_ms / 1000 * handler.memory_mb / 1024
    return max(handler.gb_seconds(), least) * prices.lambda_gb_second


def _spent(meter: Meter, run: Callable[[], int]) -> Spent:
    """Run something for a portion of mails; give what one of them took."""
    meter.clear()
    start = time.process_time()
    calls_of_ses = run()
    cpu = time.process_time() - start
    return Spent(
        meter.units["written"] / PORTION,
        meter.units["read"] / PORTION,
        (meter.calls + calls_of_ses) / PORTION,
        cpu * 1000 / PORTION,
    )


def _portion(runtime: Container) -> Callable[[], int]:
    """Subscribe a portion of one bucket, and freeze a digest; sending is what is measured."""
    key = runtime.subscribers.mail_key(bytes)
    numbers, subscribed = iter(range(1_000_000)), 0
    while subscribed < PORTION:
        mailbox = Mailbox(f"reader{next(numbers)}@example.org")
        identity = subscriber_id(key, mailbox)
        if bucket_of(identity) == "00":
            consent = Consent(NOON - timedelta(days=2), NOON - timedelta(days=1), "import")
            runtime.subscribers.add(Subscriber(identity, mailbox, Choices(DAILY), consent))
            subscribed += 1
    entries = [_entry(number) for number in range(MAX_NEWEST + MAX_MOST_READ)]
    ranking = [(entry, 346) for entry in entries[MAX_NEWEST:]]
    runtime.digests.freeze(
        frozen_digest(
            DAILY, DATE, NOON, newest=entries[:MAX_NEWEST], most_read={"": ranking}, seen=[]
        )
    )
    stores = DigestStores(runtime.digests, runtime.deliveries, _NoQueue(""))
    post = Post(runtime.mail_service, runtime.letterhead, lambda: NOON, lambda: None)

    def run() -> int:
        sent = send_portion(Portion(DAILY, DATE, "00"), stores, post)["sent"]
        assert sent == PORTION, sent  # noqa: S101  what is divided by
        return sent

    return run


def _events(runtime: Container) -> Callable[[], int]:
    """Take in both events of each mail, as they come after the answer."""
    readers = list(runtime.deliveries.readers("00", after="", until="", limit=PORTION))

    def run() -> int:
        for reader in readers:
            mail = {
                "messageId": reader.delivery.message,
                "tags": {"d": [reader.delivery.digest], "s": [reader.id]},
            }
            for kind in ("Send", "Delivery"):
                apply_event({"eventType": kind, "mail": mail}, runtime.deliveries)
        return 0

    return run


def _loop(runtime: Container) -> Callable[[], int]:
    """Send as one would who has a table of addresses and SES."""
    digest = runtime.digests.get(DAILY, DATE)
    assert digest  # noqa: S101  it was frozen above
    (reader, *_) = runtime.deliveries.readers("00", after="", until="", limit=1)
    letter = write_letter(
        digest,
        contents_for(digest, reader.choices),
        Recipient(reader.id, reader.mailbox, reader.choices, reader.asked),
        runtime.letterhead,
        runtime.deliveries.mail_key(),
    )
    body = {"Text": {"Data": letter.text}, "Html": {"Data": letter.html}}
    content = {"Simple": {"Subject": {"Data": letter.subject}, "Body": body}}
    measured = boto3.Session(botocore_session=session())
    dynamodb, ses = measured.client("dynamodb"), measured.client("sesv2")
    bucket = {":bucket": {"S": "SUBS#00"}}

    def run() -> int:
        addresses = dynamodb.query(
            TableName="Subscribers",
            KeyConditionExpression="pk = :bucket",
            ExpressionAttributeValues=bucket,
        )["Items"]
        for item in addresses:
            ses.send_email(
                FromEmailAddress=letter.sender.address,
                Destination={"ToAddresses": [item["address"]["S"]]},
                Content=content,
            )
        return len(addresses)

    return run


class _NoQueue(DigestQueue):
    """What comes after the portion is not measured: one message for fifty mails."""

    def send(self, portion: Portion, *, delay: int = 0) -> None:
        """Queue nothing."""


def _entry(number: int) -> Entry:
    return Entry(
        id=f"city-{264000 + number}",
        section=("City", "Sport", "Culture")[number % 3],
        title=f"The harbour clock keeps time again, {number} years after it stopped",
        summary="At noon it struck twelve, and the people on the quay looked up. " * 3,
        url=f"https://news.example/city/{264000 + number}/harbour-clock-keeps-time",
        language="",
        published=format_time(NOON - timedelta(minutes=number)),
    )
