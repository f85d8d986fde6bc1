"""The recommendations' store: what two workers do at once, and how often anybody is written to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulation.aws.mail_service import MailRefused, MailThrottled, MailUncertain
from circulation.mail.limits import (
    LETTERS_PER_FRIEND_AND_DAY,
    PER_NETWORK_AND_HOUR,
    RECOMMENDATIONS_PER_SENDER_AND_DAY,
    limits_of,
)
from circulation.mail.mailbox import Mailbox, read_mailbox
from circulation.mail.recommendation import REFUSING, Person, Recommendation
from circulation.mail.recommendations import ONCE_WITHIN
from circulation.mail.recommending import ask_sender, refuse, send_recommendation
from circulation.mail.subscriber import key_hash, link_key, subscriber_id
from circulation.mail.subscribing import Post
from circulation.runtime import Container
from circulation.times import day_of, hour_of
from tests.builders import NOW, publish_all
from tests.memory_store import metered_tables
from tests.simulation.dynamodb import AT_ONCE

SAM, KIM = read_mailbox("sam@mail.example"), read_mailbox("kim@mail.example")
ROBIN = read_mailbox("robin@mail.example")
CLOCK, BUS = "harbour-clock", "night-bus"


@dataclass
class Ses:
    """SES: does what the next step says before it answers, or fails with it."""

    recipients: list[str] = field(default_factory=list)
    steps: list[Callable[[], object] | Exception] = field(default_factory=list)

    def send(self, _mail: bytes, _sender: str, recipient: str, _tags: object) -> str:
        step = self.steps.pop(0) if self.steps else None
        if callable(step):
            step()
        if isinstance(step, Exception):
            raise step
        self.recipients.append(recipient)
        return "message-1"


@dataclass
class Office:
    """What a worker of LetterQueue has."""

    store: Container
    ses: Ses
    per_day: int = 100

    def post(self) -> Post:
        settings = self.store.settings
        return Post(self.ses, settings.sender, settings.publication, self.per_day)  # type: ignore[arg-type]

    def put(
        self,
        key: str,
        sender: Mailbox = SAM,
        friend: Mailbox = ROBIN,
        article: str = CLOCK,
        now: datetime = NOW,
    ) -> None:
        people = Person("Sam", sender), Person("Robin", friend)
        asked = Recommendation(article, *people, now, "https://api.example")
        self.store.recommendations.put(key_hash(key), asked)

    def ask(self, key: str, network: str = "network", now: datetime = NOW) -> str:
        stores = self.store.recommendation_stores
        return ask_sender(key, network, stores, self.post(), now=now, random_bytes=bytes)

    def send(self, key: str, now: datetime = NOW) -> str:
        stores = self.store.recommendation_stores
        return send_recommendation(key_hash(key), stores, self.post(), now=now, random_bytes=bytes)

    def addresses(self) -> set[str]:
        """Give the addresses that are stored."""
        stored = str(list(self.store.subscribers_table.scan()))
        return {box.address for box in (SAM, KIM, ROBIN) if box.address in stored}

    def person(self, mailbox: Mailbox) -> str:
        return subscriber_id(self.store.subscribers.mail_key(bytes), mailbox)


@pytest.fixture
def office(store: Container) -> Office:
    """On tables in memory, which take a small part of moto's time."""
    made = Container(store.settings, cast("Any", metered_tables()), AT_ONCE)
    publish_all(made, CLOCK, BUS)
    return Office(made, Ses())


def test_of_two_workers_with_one_message_one_writes_to_the_friend(office: Office) -> None:
    office.put("a")
    others: list[str] = []
    office.ses.steps = [lambda: others.append(office.send("a"))]
    assert office.send("a") == "sent"
    assert others == ["repeated"]
    assert office.ses.recipients == [ROBIN.address]
    assert office.send("a") == "gone"
    assert office.addresses() == set()


def test_a_letter_that_one_worker_cannot_send_is_not_lost_to_another_with_its_message(
    office: Office,
) -> None:
    office.put("a")

    def meanwhile() -> None:
        assert office.send("a") == "repeated"
        raise MailThrottled("Maximum sending rate exceeded.")

    office.ses.steps = [meanwhile]
    with pytest.raises(MailThrottled):
        office.send("a")
    assert office.send("a") == "sent"
    assert office.ses.recipients == [ROBIN.address]
    assert office.addresses() == set()


@pytest.mark.parametrize("error", [MailUncertain("no answer"), MailRefused("no")])
def test_a_letter_of_which_nobody_knows_or_that_is_refused_is_not_tried_again(
    office: Office, error: Exception
) -> None:
    office.put("a")
    office.ses.steps = [error]
    if isinstance(error, MailRefused):
        with pytest.raises(MailRefused):
            office.send("a")
    else:
        assert office.send("a") == "uncertain"
    assert office.send("a") == "gone"
    office.put("b", KIM)
    assert office.send("b") == "repeated"
    assert office.ses.recipients == []


def test_of_two_senders_at_once_one_writes_to_the_friend(office: Office) -> None:
    office.put("a", SAM)
    office.put("b", KIM, read_mailbox("ROBIN@Mail.Example"))
    outcomes: list[str] = []
    office.ses.steps = [lambda: outcomes.append(office.send("b"))]
    outcomes.append(office.send("a"))
    assert outcomes == ["repeated", "sent"]
    assert office.ses.recipients == [ROBIN.address]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([SAM, KIM]),
            st.sampled_from([SAM, ROBIN, read_mailbox("Robin@MAIL.example")]),
            st.sampled_from([CLOCK, BUS]),
            st.integers(0, 60),
        ),
        max_size=8,
    )
)
def test_a_friend_has_an_article_once_in_90_days_whoever_recommends_it(
    office: Office, letters: list[tuple[Mailbox, Mailbox, str, int]]
) -> None:
    for friend in (SAM, ROBIN):
        for article in (CLOCK, BUS):
            office.store.recommendations.release(office.person(friend), article)
    now, last = NOW, dict[tuple[str, str], datetime]()
    for number, (sender, friend, article, days) in enumerate(letters):
        now += timedelta(days=days)
        office.put(f"{number}", sender, friend, article, now)
        had = last.get((friend.identity, article))
        is_due = had is None or now - had >= ONCE_WITHIN
        assert office.send(f"{number}", now) == ("sent" if is_due else "repeated")
        if is_due:
            last[friend.identity, article] = now


@pytest.mark.parametrize("waiting", [True, False])
def test_a_friend_who_refused_is_written_to_by_nobody_and_writes_to_nobody(
    office: Office, waiting: bool
) -> None:
    if waiting:
        office.put("a")
    key = link_key(office.store.subscribers.mail_key(bytes), office.person(ROBIN), REFUSING)
    for _ in range(2):
        assert refuse(key, office.store.recommendation_stores, bytes)
    if not waiting:
        office.put("a")
    assert office.send("a") == "refused"
    office.put("b", KIM, read_mailbox("Robin@MAIL.example"), BUS)
    assert office.send("b") == "refused"
    office.put("c", ROBIN, KIM)
    assert office.ask("c") == "refused"
    office.put("d", ROBIN, KIM)
    assert office.send("d") == "refused"  # refused between the question and the yes
    assert office.ses.recipients == []
    assert office.addresses() == set()
    assert office.store.recommendations.erase(office.person(ROBIN), ROBIN) is False
    office.put("e")
    assert office.send("e") == "refused"


def test_a_refusal_while_a_letter_is_on_its_way_holds_for_the_next(office: Office) -> None:
    office.put("a")
    office.put("b", KIM, ROBIN, BUS)
    office.ses.steps = [lambda: office.store.recommendations.refuse(office.person(ROBIN))]
    assert (office.send("a"), office.send("b")) == ("sent", "refused")
    assert office.ses.recipients == [ROBIN.address]


ASKED = st.lists(
    st.tuples(
        st.sampled_from(["sam", "SAM", "kim", "alex"]),
        st.sampled_from(["home", "office"]),
        st.integers(0, 9),
    ),
    max_size=18,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=ASKED, per_day=st.integers(0, 8))
def test_senders_networks_and_the_stack_are_within_their_limits(
    office: Office, asked: list[tuple[str, str, int]], per_day: int
) -> None:
    """Hours pass between some; what is beyond a limit leaves no address, and is counted nowhere."""
    office.per_day, now = per_day, NOW
    for item in list(office.store.subscribers_table.scan()):
        office.store.subscribers_table.delete({"pk": item["pk"], "sk": item["sk"]})
    office.store.subscribers.__dict__["_mail_key"] = bytes(32)
    counts: Counter[Any] = Counter()
    for number, (name, network, hours) in enumerate(asked):
        now += timedelta(hours=max(0, hours - 6))
        sender, day = read_mailbox(f"{name}@mail.example"), day_of(now)
        limits = {
            ("sender", sender.identity, day): RECOMMENDATIONS_PER_SENDER_AND_DAY,
            ("network-recommend", network, hour_of(now)): PER_NETWORK_AND_HOUR,
            ("stack", day): per_day,
        }
        office.put(f"{number}", sender, now=now)
        reached = [limit[0] for limit, most in limits.items() if counts[limit] >= most]
        for _ in range(2):  # its message is delivered twice
            expected = reached[0] if reached else "sent"
            assert office.ask(f"{number}", network, now) == expected
            reached = ["gone"] if reached else []
        if expected == "sent":
            counts.update(limits.keys())
        else:
            assert office.store.recommendations.find(key_hash(f"{number}"), now=now) is None
        within = limits_of(office.person(sender), network, 1, now=now)
        assert office.store.limits.count_of(office.person(sender), now=now) == {
            limit.period: 0 for limit in within[:2]
        }  # those of subscribing are others


def test_a_refusal_and_an_article_hold_however_the_friends_address_is_written(
    office: Office,
) -> None:
    tagged = [read_mailbox(f"Robin+{number}@mail.example") for number in range(3)]
    office.put("first", friend=tagged[0])
    office.put("second", friend=tagged[1])
    assert (office.send("first"), office.send("second")) == ("sent", "repeated")
    key = link_key(bytes(32), office.person(ROBIN), REFUSING)
    assert refuse(key, office.store.recommendation_stores, bytes)
    for friend in (ROBIN, tagged[2]):
        office.put("third", friend=friend, article=BUS)
        assert office.send("third") == "refused"
    office.put("fourth", sender=tagged[2], friend=KIM)
    assert office.ask("fourth") == "refused"


def test_a_friend_gets_few_letters_a_day_whoever_they_are_from(office: Office) -> None:
    articles = [f"article-{number}" for number in range(LETTERS_PER_FRIEND_AND_DAY + 1)]
    publish_all(office.store, *articles)
    outcomes = []
    for number, article in enumerate(articles):
        sender = read_mailbox(f"reader-{number}@mail.example")
        office.put(article, sender=sender, article=article)
        outcomes.append(office.send(article))
    assert outcomes == ["sent"] * LETTERS_PER_FRIEND_AND_DAY + ["friend"]
    assert office.addresses() == set()
    tomorrow = NOW + timedelta(days=1)
    office.put("tomorrow", article=articles[-1], now=tomorrow)
    assert office.send("tomorrow", now=tomorrow) == "sent"


def test_a_letter_that_waits_for_ses_is_counted_once(office: Office) -> None:
    office.put("first")
    for _ in range(LETTERS_PER_FRIEND_AND_DAY + 1):
        office.ses.steps = [MailThrottled("slow down")]
        with pytest.raises(MailThrottled):
            office.send("first")
    assert office.send("first") == "sent"
