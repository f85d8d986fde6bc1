"""A person's life in the store against a model, and what two writers do at once."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from circulation.aws.table import Change, Table
from circulation.mail.keys import subscriber_key
from circulation.mail.limits import Limits, limits_of
from circulation.mail.mailbox import read_mailbox
from circulation.mail.subscriber import Choices, Consent, Frequency, Subscriber, subscriber_id
from circulation.mail.subscribers import Pending, State, Subscribers
from circulation.runtime import Container
from tests.builders import NOW

MAILBOX = read_mailbox("sam@mail.example")
CHOICES = st.builds(
    Choices,
    st.sampled_from(list(Frequency)),
    st.frozensets(st.sampled_from(["city", "sport"])),
    st.sampled_from(["", "2026-04-01"]),
)
SENT = {"daily": "2026-03-14", "delivery": "sent", "bounces": 1}


def key_of(subscribers: Subscribers) -> bytes:
    return subscribers.mail_key(lambda size: b"k" * size)


def pending(subscribers: Subscribers, name: str = "a", choices: Choices | None = None) -> None:
    asked = Pending(MAILBOX, choices or Choices(), NOW, "text")
    subscribers.put_pending(name, asked, now=NOW)


def test_the_first_mail_key_stays(store: Container) -> None:
    first = Subscribers(store.subscribers_table).mail_key(bytes)
    assert Subscribers(store.subscribers_table).mail_key(lambda size: b"1" * size) == first


def test_a_second_writer_of_the_mail_key_takes_the_first(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Subscribers(store.subscribers_table).mail_key(lambda size: b"a" * size)
    with monkeypatch.context() as patch:
        patch.setattr(Table, "get", lambda *_, **__: None)
        assert Subscribers(store.subscribers_table).mail_key(lambda size: b"b" * size) == first


def test_of_two_confirmations_at_once_one_is_the_first(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribers = store.subscribers
    mail_key = key_of(subscribers)
    pending(subscribers)
    transact, other = Table.transact, []

    def meanwhile(table: Table, *actions: Any) -> None:
        monkeypatch.setattr(Table, "transact", transact)
        other.append(subscribers.confirm("a", mail_key, now=NOW))
        transact(table, *actions)

    monkeypatch.setattr(Table, "transact", meanwhile)
    assert subscribers.confirm("a", mail_key, now=NOW) is None
    assert other[0]
    assert subscribers.find_state(other[0].id) is State.CONFIRMED


def test_a_confirmation_is_whole_or_not_at_all(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribers = store.subscribers
    mail_key = key_of(subscribers)
    pending(subscribers)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Table, "transact", killed)
        with pytest.raises(KeyboardInterrupt):
            subscribers.confirm("a", mail_key, now=NOW)
    assert subscribers.confirm("a", mail_key, now=NOW)


def test_who_bounces_while_confirming_is_not_confirmed(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribers = store.subscribers
    mail_key = key_of(subscribers)
    person = subscriber_id(mail_key, MAILBOX)
    pending(subscribers)
    transact = Table.transact

    def meanwhile(table: Table, *actions: Any) -> None:
        table.update(subscriber_key(person), Change.setting({"state": "suppressed"}))
        transact(table, *actions)

    monkeypatch.setattr(Table, "transact", meanwhile)
    assert subscribers.confirm("a", mail_key, now=NOW) is None
    assert subscribers.find_state(person) is State.SUPPRESSED


def test_an_end_between_confirmation_and_choices_wins(store: Container) -> None:
    subscribers = store.subscribers
    pending(subscribers)
    subscriber = subscribers.confirm("a", key_of(subscribers), now=NOW)
    assert subscriber
    assert subscribers.end(subscriber.id, now=NOW)
    assert not subscribers.change(subscriber.id, Choices(Frequency.WEEKLY))
    assert not subscribers.end(subscriber.id, now=NOW + timedelta(days=1))
    pending(subscribers, "b")
    assert subscribers.confirm("b", key_of(subscribers), now=NOW)
    assert subscribers.find_state(subscriber.id) is State.CONFIRMED


def test_a_request_is_counted_against_all_of_its_limits_or_none(store: Container) -> None:
    limits = Limits(store.subscribers_table)
    within = limits_of("a", "network", 2, now=NOW)
    for _ in range(3):
        assert limits.admit("first", within, now=NOW) is None
    refused = limits.admit("second", within, now=NOW)
    assert refused
    assert (refused.kind, refused.period) == ("address", "2026-03-14")
    assert limits.count_of("a", now=NOW) == {"2026-03-14": 1, "2026-03": 1}
    assert limits.admit("third", limits_of("b", "network", 2, now=NOW), now=NOW) is None
    refused = limits.admit("fourth", limits_of("c", "network", 2, now=NOW), now=NOW)
    assert refused
    assert refused.kind == "stack"
    assert limits.count_of("c", now=NOW) == {"2026-03-14": 0, "2026-03": 0}


def test_an_address_is_written_to_three_times_a_month(store: Container) -> None:
    outcomes = []
    for day in range(5):
        now = NOW + timedelta(days=day)
        within = limits_of("a", f"network-{day}", 100, now=now)
        outcomes.append(store.limits.admit(f"request-{day}", within, now=now))
    assert [limit and limit.period for limit in outcomes] == [None] * 3 + ["2026-03"] * 2


def test_of_two_requests_at_once_one_is_within_the_limit(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = limits_of("a", "network", 100, now=NOW)
    transact = Table.transact

    def meanwhile(table: Table, *actions: Any) -> None:
        monkeypatch.setattr(Table, "transact", transact)
        assert store.limits.admit("other", within, now=NOW) is None
        transact(table, *actions)

    monkeypatch.setattr(Table, "transact", meanwhile)
    assert store.limits.admit("one", within, now=NOW) == within[0]


_LIVES = itertools.count()


class Life(RuleBasedStateMachine):
    """What is stored of one person, whatever happens to them in whatever order."""

    store: Container

    def __init__(self) -> None:
        super().__init__()
        self.subscribers = self.store.subscribers
        self.person = subscriber_id(key_of(self.subscribers), MAILBOX)
        self.subscribers.erase(self.person)
        self.state: State | None = None
        self.choices: Choices | None = None
        self.pending: dict[str, tuple[Choices, int]] = {}
        self.sent: dict[str, Any] = {}
        self.days = 0
        self.number = 0
        # An object's id would come again, and with it what an earlier life left in the tables.
        self.life = next(_LIVES)

    @rule(choices=CHOICES)
    def ask(self, choices: Choices) -> None:
        self.number += 1
        name = f"{self.life}-{self.number}"
        now = NOW + timedelta(days=self.days)
        self.subscribers.put_pending(name, Pending(MAILBOX, choices, now, "text"), now=now)
        self.pending[name] = (choices, self.days)

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([*self.pending, "wrong"]))
        now = NOW + timedelta(days=self.days)
        confirmed = self.subscribers.confirm(name, key_of(self.subscribers), now=now)
        choices, day = self.pending.get(name, (None, 0))
        if choices is None or day != self.days or self.state is State.SUPPRESSED:
            assert confirmed is None
            return
        assert confirmed
        del self.pending[name]
        self.state, self.choices = State.CONFIRMED, choices

    @rule(choices=CHOICES)
    def choose(self, choices: Choices) -> None:
        changed = self.subscribers.change(self.person, choices)
        assert changed is (self.state is State.CONFIRMED)
        self.choices = choices if changed else self.choices

    @rule()
    def end(self) -> None:
        ended = self.subscribers.end(self.person, now=NOW)
        assert ended is (self.state is State.CONFIRMED)
        if ended:
            self.state, self.choices = State.ENDED, None
            self.sent.pop("bounces", None)

    @rule()
    def send(self) -> None:
        if self.state is State.CONFIRMED:
            self.store.subscribers_table.update(subscriber_key(self.person), Change.setting(SENT))
            self.sent = dict(SENT)

    @rule()
    def suppress(self) -> None:
        if self.state is State.CONFIRMED:
            change = Change.setting({"state": State.SUPPRESSED.value})
            self.store.subscribers_table.update(subscriber_key(self.person), change)
            self.state = State.SUPPRESSED

    @rule(choices=CHOICES)
    def take_in(self, choices: Choices) -> None:
        subscriber = Subscriber(self.person, MAILBOX, choices, Consent(NOW, NOW, "import"))
        assert self.subscribers.add(subscriber) == self.state
        if self.state is None:
            self.state, self.choices = State.CONFIRMED, choices

    @rule()
    def erase(self) -> None:
        assert self.subscribers.erase(self.person) is (self.state is not None)
        self.state, self.choices, self.sent = None, None, {}

    @rule()
    def sleep(self) -> None:
        self.days += 1

    @invariant()
    def as_the_model(self) -> None:
        standing = self.subscribers.find(self.person)
        if standing is None:
            assert self.state is None
            return
        assert standing.state == self.state
        if self.state is State.CONFIRMED:
            assert standing.subscriber
            assert standing.subscriber.choices == self.choices
            assert "ended" not in standing.attributes
        if self.state is State.ENDED:
            assert set(standing.attributes) - SENT.keys() == {"state", "ended"}
        kept = {name: standing.attributes[name] for name in SENT if name in standing.attributes}
        assert kept == self.sent


def test_a_life_is_as_the_model_says(store: Container) -> None:
    machine = type("LifeOnTables", (Life,), {"store": store})
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=checks
        ),
    )
