"""A digest is sent once to each who may get it, whatever becomes of a mail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from circulation.aws.mail_service import (
    MailQuotaSpent,
    MailRefused,
    MailStopped,
    MailThrottled,
    MailUncertain,
)
from circulation.aws.table import Table
from circulation.errors import StoreUnavailable
from circulation.mail.deliveries import ATTEMPTS, LEASE, Deliveries
from circulation.mail.delivering import MIN_BOUNCED, apply_event, resume_digest
from circulation.mail.digest import contents_for
from circulation.mail.digest_queue import MAX_DELAY, Portion
from circulation.mail.mailbox import read_mailbox
from circulation.mail.subscriber import FOREVER, Choices, bucket_of, subscriber_id
from circulation.times import format_time
from tests.integration.mail.conftest import DAILY, DATE, KEY, Office, digest

Begin = Callable[[], None]
NAME = f"daily-{DATE}"


def event(kind: str, subscriber: str, message: str = "message-1", **what: Any) -> dict[str, Any]:
    tags = {"d": [NAME], "s": [subscriber]}
    return {"eventType": kind, "mail": {"messageId": message, "tags": tags}, **what}


def bounced(subscriber: str, kind: str = "Permanent", message: str = "m", day: int = 14) -> Any:
    at = f"2026-03-{day:02}T07:00:00.000Z"
    return event("Bounce", subscriber, message, bounce={"bounceType": kind, "timestamp": at})


def test_each_is_sent_one_mail_however_often_the_messages_come(
    office: Office, begin: Begin
) -> None:
    for number in range(70):
        office.subscribe(f"reader{number}")
    begin()
    office.queue.messages *= 2
    office.run_all()
    assert sorted(office.service.recipients) == sorted(
        f"reader{number}@example.org" for number in range(70)
    )
    assert office.pauses == 70
    assert office.stores.deliveries.progress(DAILY, DATE).sent == 70


def test_a_bucket_of_more_than_a_portion_is_sent_in_portions(office: Office, begin: Begin) -> None:
    names = [f"reader{number}" for number in range(3_000)]
    wanted = [name for name in names if bucket_of(_id(name)) == "07"][:45] + [
        name for name in names if bucket_of(_id(name)) == "08"
    ]
    for name in wanted:
        office.subscribe(name)
    begin()
    office.run_all()
    assert len(office.service.sent) == len(set(office.service.recipients)) == len(wanted)


def _id(name: str) -> str:
    return subscriber_id(KEY, read_mailbox(f"{name}@example.org"))


@pytest.mark.parametrize(
    "attributes",
    [
        {"state": "ended"},
        {"state": "suppressed"},
        {"frequency": "weekly"},
        {"paused_until": "2026-03-15"},
        {"daily": DATE},
        {"daily": "2026-03-15"},
        {"sections": ["Culture"]},
    ],
)
def test_who_may_not_get_it_is_sent_nothing(
    office: Office, begin: Begin, attributes: dict[str, Any]
) -> None:
    office.subscribe("reader", **attributes)
    begin()
    office.run_all()
    assert not office.service.sent


def test_a_pause_that_is_over_ends_by_itself(office: Office, begin: Begin) -> None:
    office.subscribe("reader", paused_until=DATE)
    begin()
    office.run_all()
    assert len(office.service.sent) == 1


def test_a_mail_carries_its_tags_and_what_unsubscribes(office: Office, begin: Begin) -> None:
    subscriber = office.subscribe("reader")
    begin()
    office.run_all()
    ((recipient, tags, mail),) = office.service.sent
    assert (recipient, tags) == ("reader@example.org", {"d": NAME, "s": subscriber})
    assert b"List-Unsubscribe: <https://count.example/subscriptions/" in mail
    assert b"via=3Dmail" in mail


def test_an_uncertain_mail_is_sent_again_after_its_lease_unless_an_event_came(
    office: Office, begin: Begin
) -> None:
    lost, taken = office.subscribe("lost"), office.subscribe("taken")
    office.service.failing = {
        name: MailUncertain("no answer") for name in ("lost@example.org", "taken@example.org")
    }
    begin()
    office.run_all(later=False)
    assert {office.item(each)["delivery"]["status"] for each in (lost, taken)} == {"sending"}
    apply_event(event("Send", taken, "message-7"), office.stores.deliveries)
    office.service.failing = {}
    begin()
    office.run_all()
    assert office.service.recipients == ["lost@example.org"]
    assert office.item(taken)["delivery"]["message"] == "message-7"


def test_a_throttled_mail_is_sent_later_in_the_same_portion(office: Office, begin: Begin) -> None:
    office.subscribe("reader")
    office.service.answers = [MailThrottled("slow down"), MailThrottled("slow down")]
    begin()
    office.run_all()
    assert office.service.recipients == ["reader@example.org"]


def test_a_refused_mail_is_counted_and_the_others_are_sent(office: Office, begin: Begin) -> None:
    office.service.failing = {"reader1@example.org": MailRefused("no")}
    for number in range(3):
        office.subscribe(f"reader{number}")
    begin()
    office.run_all()
    assert len(office.service.sent) == 2
    assert office.stores.deliveries.progress(DAILY, DATE).refused == 1


def test_a_spent_quota_stops_the_digest_for_hours(office: Office, begin: Begin) -> None:
    office.subscribe("reader")
    office.service.answers = [MailQuotaSpent("daily")]
    begin()
    started = office.now
    office.run_all()
    assert office.service.recipients == ["reader@example.org"]
    assert (office.now - started).total_seconds() >= 6 * 3_600


def test_a_stopped_account_stops_the_digest_until_it_is_resumed(
    office: Office, begin: Begin
) -> None:
    subscriber = office.subscribe("reader")
    office.service.answers = [MailStopped("suspended")]
    begin()
    office.run_all()
    assert not office.service.sent
    assert "daily" not in office.item(subscriber)
    begin()
    office.run_all()
    assert not office.service.sent
    resume_digest(DAILY, DATE, office.stores)
    assert len(office.queue.messages) == 64
    office.run_all()
    assert office.service.recipients == ["reader@example.org"]


def test_a_permanent_bounce_and_a_complaint_suppress_once(office: Office) -> None:
    chosen = {"sections": ["city"], "paused_until": "2026-03-20", "bounces": ["a#b"]}
    one, two, three = (office.subscribe(name, **chosen) for name in ("one", "two", "three"))
    complaint = event("Complaint", two, complaint={"complaintFeedbackType": "abuse"})
    mistaken = event("Complaint", three, complaint={"complaintFeedbackType": "not-spam"})
    for each in (bounced(one), complaint, mistaken) * 2:
        apply_event(each, office.stores.deliveries)
    for suppressed in (one, two):
        assert office.item(suppressed)["state"] == "suppressed"
        assert office.item(suppressed).keys() == {"pk", "sk", "state"}
    assert office.item(three)["state"] == "confirmed"
    progress = office.stores.deliveries.progress(DAILY, DATE)
    assert (progress.bounced, progress.complained) == (1, 1)


def test_passing_bounces_pause_after_the_fifth_in_two_weeks(office: Office) -> None:
    often, seldom = office.subscribe("often"), office.subscribe("seldom")
    for day in range(1, 6):
        for _ in range(2):  # each comes twice
            apply_event(bounced(often, "Transient", f"m{day}", day), office.stores.deliveries)
        apply_event(bounced(seldom, "Transient", f"m{day}", 5 * day), office.stores.deliveries)
        assert ("paused_until" in office.item(often)) is (day == 5)
    assert office.item(often)["paused_until"] == FOREVER
    assert "paused_until" not in office.item(seldom)


def test_too_many_bounces_stop_the_digest(office: Office, begin: Begin) -> None:
    bouncing = [office.subscribe(f"reader{number}") for number in range(MIN_BOUNCED)]
    for subscriber in bouncing:
        assert not office.stores.deliveries.progress(DAILY, DATE).stopped
        apply_event(bounced(subscriber), office.stores.deliveries)
    assert office.stores.deliveries.progress(DAILY, DATE).stopped == "bounced"
    office.subscribe("other")
    begin()
    office.run_all()
    assert not office.service.sent


def test_after_a_spent_quota_too_many_bounces_still_stop_the_digest(office: Office) -> None:
    bouncing = [office.subscribe(f"reader{number}") for number in range(MIN_BOUNCED)]
    deliveries = office.stores.deliveries
    deliveries.stop(DAILY, DATE, "quota", until=office.now)
    office.now += timedelta(days=1)
    for subscriber in bouncing:
        apply_event(bounced(subscriber), deliveries)
    progress = deliveries.progress(DAILY, DATE)
    assert (progress.stopped, progress.stopped_until) == ("bounced", "")


@pytest.mark.parametrize("resumes", [1, 2])
def test_a_resumed_digest_is_stopped_by_what_bounces_then(office: Office, resumes: int) -> None:
    """What was resumed is measured anew: one late bounce more does not stop it at once."""
    first, second = (
        [office.subscribe(f"{name}{number}") for number in range(MIN_BOUNCED)]
        for name in ("first", "second")
    )
    deliveries = office.stores.deliveries
    for subscriber in first:
        apply_event(bounced(subscriber), deliveries)
    for _ in range(resumes):
        resume_digest(DAILY, DATE, office.stores)
    for subscriber in first:  # the events come again
        apply_event(bounced(subscriber), deliveries)
    for subscriber in second:
        assert not deliveries.progress(DAILY, DATE).stopped
        apply_event(bounced(subscriber), deliveries)
    progress = deliveries.progress(DAILY, DATE)
    assert (progress.stopped, progress.bounced) == ("bounced", 2 * MIN_BOUNCED)


def test_what_was_frozen_first_stands(office: Office) -> None:
    first, second = digest(3), digest(2)
    assert office.stores.digests.freeze(first) == first
    assert office.stores.digests.freeze(second) == first
    read = office.stores.digests.get(DAILY, DATE)
    assert read == first
    assert read is not None
    assert next(entry.id for entry in contents_for(read, Choices()).newest) == "article-0"
    (heading,) = office.stores.digests.headings(DAILY, 5)
    assert heading.titles[0] == "Harbour ferry number 0"


def test_what_may_be_left_is_looked_at_in_15_minutes(office: Office) -> None:
    subscriber = office.subscribe("reader")
    office.stores.digests.freeze(digest())
    office.service.answers = [MailUncertain("no answer")]
    bucket = bucket_of(subscriber)
    office.run(Portion(DAILY, DATE, bucket))
    assert office.queue.messages == [(Portion(DAILY, DATE, bucket, until=subscriber), MAX_DELAY)]


def leave_uncertain(office: Office) -> str:
    """Send a reader a mail of which nobody knows, and give the reader's id."""
    subscriber = office.subscribe("reader")
    office.stores.digests.freeze(digest())
    office.service.answers = [MailUncertain("no answer")]
    office.run(Portion(DAILY, DATE, bucket_of(subscriber)))
    return subscriber


def lose_next_answer(monkeypatch: pytest.MonkeyPatch, *, asks_again: bool) -> None:
    """Let the next write be done and unanswered: the SDK asks a second time, or gives up."""
    update = Table.update

    def write(table: Table, *what: Any, **how: Any) -> Any:
        monkeypatch.setattr(Table, "update", update)
        update(table, *what, **how)
        if asks_again:
            return update(table, *what, **how)
        raise StoreUnavailable("no answer")

    monkeypatch.setattr(Table, "update", write)


@pytest.mark.parametrize("asks_again", [True, False])
@pytest.mark.parametrize("tells", [True, False])
def test_a_second_claim_whose_answer_is_lost_neither_doubles_a_mail_nor_leaves_one_out(
    office: Office, monkeypatch: pytest.MonkeyPatch, asks_again: bool, tells: bool
) -> None:
    subscriber = leave_uncertain(office)
    ((left, delay),) = office.queue.messages
    office.queue.messages = []
    office.now += timedelta(seconds=delay)
    before = office.item(subscriber)["delivery"]
    lose_next_answer(monkeypatch, asks_again=asks_again)
    try:
        office.run(left)
    except StoreUnavailable:
        office.queue.send(left)  # as SQS delivers it again
    assert office.item(subscriber)["delivery"]["lease"] > before["lease"]
    assert not office.service.sent
    if tells:  # an event, that SES had taken the first one
        apply_event(event("Send", subscriber), office.stores.deliveries)
    office.run_all()
    assert office.service.recipients == ([] if tells else ["reader@example.org"])
    assert office.item(subscriber)["delivery"]["status"] == "sent"


def claim_after_reads(office: Office, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let another run claim the mail again after so many reads, before what is written then."""
    read = Deliveries.read
    left = [None] * times

    def read_first(deliveries: Deliveries, person: str) -> Any:
        reader = read(deliveries, person)
        if left and reader is not None:
            left.pop()
            office.now += 2 * LEASE
            assert deliveries.claim_again(reader, now=office.now) is not None
        return reader

    monkeypatch.setattr(Deliveries, "read", read_first)


@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
def test_an_event_is_kept_that_comes_while_its_mail_is_claimed_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    subscriber = leave_uncertain(office)
    claim_after_reads(office, monkeypatch, times)
    apply_event(event("Send", subscriber, "message-7"), office.stores.deliveries)
    delivery = office.item(subscriber)["delivery"]
    assert (delivery["status"], delivery["message"]) == ("sent", "message-7")
    office.run_all()
    assert not office.service.sent


def test_an_event_that_meets_other_writes_all_the_time_comes_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscriber = leave_uncertain(office)
    claim_after_reads(office, monkeypatch, ATTEMPTS)
    sent = event("Send", subscriber)
    with pytest.raises(StoreUnavailable):
        apply_event(sent, office.stores.deliveries)
    apply_event(sent, office.stores.deliveries)
    assert office.item(subscriber)["delivery"]["status"] == "sent"


@pytest.mark.parametrize("why", ["bounced", "complained", "ses"])
def test_a_spent_quota_lets_nothing_go_on_that_somebody_has_to_resume(
    office: Office, why: str
) -> None:
    """Two containers send at once: one is stopped by the breaker, the other by the quota."""
    deliveries, until = office.stores.deliveries, office.now + timedelta(hours=6)
    deliveries.stop(DAILY, DATE, "quota", until=until)
    deliveries.stop(DAILY, DATE, why)
    deliveries.stop(DAILY, DATE, "quota", until=until)
    progress = deliveries.progress(DAILY, DATE)
    assert (progress.stopped, progress.stopped_until) == (why, "")
    deliveries.resume(DAILY, DATE)
    for hours in (0, 6):
        deliveries.stop(DAILY, DATE, "quota", until=until + timedelta(hours=hours))
    assert deliveries.progress(DAILY, DATE).stopped_until == format_time(until + timedelta(hours=6))
