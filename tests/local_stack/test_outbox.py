from datetime import timedelta

import pytest

from circulation_cli.local_stack.outbox import Envelope, Event, Mail, Outbox
from circulation_cli.local_stack.state import State
from tests.local_stack.machine import HOUR, START


def mail(number: int) -> Mail:
    envelope = Envelope(
        f"id-{number}", START, "a@b.example", f"{number}@b.example", "", "Mails", {"d": "x"}
    )
    return Mail(envelope, f"{number}".encode())


def event(body: str, after: timedelta = timedelta()) -> Event:
    return Event("Send", START + after, body)


def numbers(outbox: Outbox) -> list[str]:
    return [envelope.id for envelope in outbox.newest(100)]


def due(outbox: Outbox, after: timedelta = timedelta()) -> list[str]:
    return [each.body for each in outbox.due_events(START + after)]


@pytest.fixture
def outbox(state: State) -> Outbox:
    return Outbox(state, max_mails=3)


def test_the_newest_mails_are_stored_and_older_ones_give_way(outbox: Outbox) -> None:
    for number in range(5):
        outbox.add(mail(number), [])
    assert numbers(outbox) == ["id-4", "id-3", "id-2"]
    assert outbox.count() == 3
    assert outbox.read("id-1") is None
    assert outbox.read("id-2") == mail(2)
    assert [envelope.id for envelope in outbox.newest(1)] == ["id-4"]


def test_a_mail_goes_with_its_published_events(state: State, outbox: Outbox) -> None:
    outbox.add(mail(0), [event("0")])
    (published,) = outbox.due_events(START)
    outbox.note_published(published, START)
    for number in range(1, 4):
        outbox.add(mail(number), [])
    assert outbox.events_of("id-0") == []
    with state.transaction() as database:
        assert database.execute("SELECT COUNT(*) FROM mail_events").fetchone() == (0,)


def test_an_event_outlives_its_mail_until_it_is_published(state: State, outbox: Outbox) -> None:
    for number in range(5):
        outbox.add(mail(number), [event(f"{number}")])
    assert due(outbox) == ["0", "1", "2", "3", "4"]
    for each in outbox.due_events(START):
        outbox.note_published(each, START)
    assert due(outbox) == []
    with state.transaction() as database:
        stored = database.execute("SELECT mail FROM mail_events ORDER BY number").fetchall()
    assert stored == [("id-2",), ("id-3",), ("id-4",)]


def test_events_are_due_in_the_order_of_their_times(outbox: Outbox) -> None:
    outbox.add(mail(0), [event("late", HOUR), event("soon")])
    outbox.add(mail(1), [event("next")])
    assert due(outbox) == ["soon", "next"]
    assert due(outbox, HOUR - timedelta(microseconds=1)) == ["soon", "next"]
    assert due(outbox, HOUR) == ["soon", "next", "late"]


def test_it_is_noted_when_an_event_was_published(outbox: Outbox) -> None:
    outbox.add(mail(0), [event("0"), event("1", HOUR)])
    (first,) = outbox.due_events(START)
    outbox.note_published(first, START + timedelta(seconds=2))
    published = [each.published for each in outbox.events_of("id-0")]
    assert published == [START + timedelta(seconds=2), None]
