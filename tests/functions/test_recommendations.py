"""From the form to the friend's letter and to the friend's no, by the events that AWS sends."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from circulation.articles.publishing import unpublish
from circulation.aws.mail_service import (
    MailQuotaSpent,
    MailRefused,
    MailStopped,
    MailThrottled,
    MailUncertain,
)
from circulation.aws.table import Change
from circulation.mail.keys import subscriber_key
from circulation.mail.mailbox import read_mailbox
from circulation.mail.recommendation import REFUSING
from circulation.mail.subscriber import link_key, subscriber_id
from circulation.mail.subscribers import State
from circulation.runtime import Container
from functions import record_mail_events, serve_recommendations
from tests.builders import NOW, http_event, publish_all
from tests.functions.letters import deliver, queued

SAM, ROBIN = "sam@mail.example", "robin@mail.example"
FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
ORIGIN = {"origin": "https://api.example"}
TYPED = {
    "article": "harbour-clock", "name": "Sam", "address": SAM,
    "friend_name": "Robin", "friend_address": ROBIN,
}  # fmt: skip
ROUTES = list(serve_recommendations.routes)


@dataclass
class Outbox:
    mails: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    took: bool = False
    """Whether SES takes a mail that ends in an error."""

    def send(self, mail: bytes, sender: str, recipient: str, tags: dict[str, str]) -> str:
        assert sender == "news@news.example"
        error = self.errors.pop() if self.errors else None
        if error is None or self.took:
            self.mails.append((recipient, mail, tags))
        if error:
            raise error
        return "message-1"

    def recipients(self) -> list[str]:
        return [recipient for recipient, _, _ in self.mails]

    def link(self, pattern: str) -> str:
        found = re.search(rf"https://api\.example/recommendations/{pattern}", self.text())
        assert found, self.text()
        return found[1]

    def confirming(self) -> str:
        return self.link(r"confirm/([\w-]{43})")

    def refusing(self) -> str:
        return self.link(r"([\w=-]{64})/refuse")

    def text(self) -> str:
        message = message_from_bytes(self.mails[-1][1], policy=policy.default)
        return str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


@pytest.fixture
def outbox(store: Container) -> Outbox:
    made = Outbox()
    store.__dict__["mail_service"] = made
    store.settings.__dict__["recommends_by_mail"] = True
    publish_all(store, "harbour-clock", "night-bus")
    return made


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask(route: str, key: str = "", **event: Any) -> dict[str, Any]:
    return serve_recommendations.handler(http_event(route, path={"key": key}, **event), None)


def typed(headers: dict[str, str] = FORM | ORIGIN, **fields: Any) -> dict[str, Any]:
    body = urlencode(TYPED | fields, errors="surrogatepass")
    at = fields.pop("at", NOW)
    return ask("POST /recommendations", headers=headers, body=body, at=at)


def asked(store: Container, outbox: Outbox, **fields: Any) -> str:
    """Fill the form in; give the key in the mail to the sender."""
    assert typed(**fields)["statusCode"] == 202
    deliver(queued(store))
    return outbox.confirming()


def confirm(key: str) -> dict[str, Any]:
    return ask("POST /recommendations/confirm/{key}", key, headers=FORM | {"origin": "null"})


def recommended(store: Container, outbox: Outbox, **fields: Any) -> None:
    """Go all the way to the letter, if it is sent."""
    assert confirm(asked(store, outbox, **fields))["statusCode"] == 200
    deliver(queued(store))


def contents(store: Container) -> list[dict[str, Any]]:
    return sorted(store.subscribers_table.scan(), key=lambda item: (item["pk"], item["sk"]))


def person(store: Container, address: str) -> str:
    return subscriber_id(store.subscribers.mail_key(bytes), read_mailbox(address))


def test_a_reader_recommends_an_article_to_a_friend(store: Container, outbox: Outbox) -> None:
    answer = typed()
    assert answer["statusCode"] == 202
    assert "Look in your mailbox" in answer["body"]
    messages = queued(store)
    assert SAM not in str(messages)
    assert ROBIN not in str(messages)
    deliver(messages)
    ((recipient, mail, tags),) = outbox.mails
    assert recipient == SAM
    assert tags == {"k": "recommendation", "s": person(store, SAM)}
    assert b"Robin" not in mail
    assert b"List-Unsubscribe" not in mail
    key = outbox.confirming()
    page = ask("GET /recommendations/confirm/{key}", key)["body"]
    assert "r…@mail.example" in page
    assert ROBIN not in page
    assert confirm(key)["statusCode"] == 200
    deliver(queued(store))
    assert outbox.recipients() == [SAM, ROBIN]
    letter = message_from_bytes(outbox.mails[-1][1], policy=policy.default)
    assert letter["Reply-To"] == SAM
    assert letter["Subject"] == "The harbour clock keeps time again"
    assert letter["List-Unsubscribe"] == (
        f"<https://api.example/recommendations/{outbox.refusing()}/refuse>"
    )
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = outbox.text()
    for part in ("Dear Robin,", f"Sam, {SAM}", "https://news.example/harbour-clock?via=share",
                 "Example Press, 1 Example Quay"):  # fmt: skip
        assert part in text, text
    assert confirm(key)["statusCode"] == 404
    assert not queued(store)
    stored = str(contents(store))
    assert SAM not in stored
    assert ROBIN not in stored


def test_where_it_is_off_every_route_answers_404(store: Container, outbox: Outbox) -> None:
    key = asked(store, outbox)
    store.settings.__dict__["recommends_by_mail"] = False
    before = contents(store)
    for route in [*ROUTES, *(route.replace("GET", "HEAD") for route in ROUTES)]:
        for headers in ({}, FORM | ORIGIN):
            answer = ask(route, key, headers=headers, body=urlencode(TYPED))
            assert answer["statusCode"] == 404, route
            assert answer["headers"]["content-type"] == "application/problem+json", route
    assert contents(store) == before
    assert not queued(store)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_opens_every_link_changes_nothing(
    store: Container, outbox: Outbox, method: str
) -> None:
    recommended(store, outbox)
    refusing = outbox.refusing()
    key = asked(store, outbox, article="night-bus")
    before = contents(store)
    for path, used in (("confirm/{key}", key), ("{key}/refuse", refusing)):
        assert ask(f"{method} /recommendations/{path}", used)["statusCode"] == 200
    assert contents(store) == before
    assert not queued(store)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (FORM | {"origin": "https://webmail.example"}, "List-Unsubscribe=One-Click"),
        ({"content-type": "multipart/form-data; boundary=x"}, "--x--\r\n"),
        ({}, ""),
        ({"content-type": "application/json"}, "{nonsense"),
    ],
)
def test_a_friend_refuses_with_one_click_and_is_never_written_to_again(
    store: Container, outbox: Outbox, headers: dict[str, str], body: str
) -> None:
    recommended(store, outbox)
    key = outbox.refusing()
    for _ in range(2):
        answer = ask("POST /recommendations/{key}/refuse", key, headers=headers, body=body)
        assert answer["statusCode"] == 200
        assert "location" not in answer["headers"]
    (refused,) = [item for item in contents(store) if item["pk"].startswith("REFUSED#")]
    key_only = {"pk": f"REFUSED#{person(store, ROBIN)}", "sk": "REFUSED"}
    assert refused == key_only | {"refused": True}
    outbox.mails.clear()
    recommended_again = asked(
        store, outbox, article="night-bus", friend_address="ROBIN@mail.example"
    )
    assert confirm(recommended_again)["statusCode"] == 200
    deliver(queued(store))
    assert outbox.recipients() == [SAM]
    typed(address=ROBIN, friend_address=SAM)
    deliver(queued(store))
    assert outbox.recipients() == [SAM]


def test_a_link_of_another_purpose_refuses_nothing(store: Container, outbox: Outbox) -> None:
    recommended(store, outbox)
    mail_key, before = store.subscribers.mail_key(bytes), contents(store)
    keys = [link_key(mail_key, person(store, ROBIN)), link_key(bytes(32), "0" * 32, REFUSING), ""]
    for key in keys:
        for method in ("GET", "POST"):
            answer = ask(f"{method} /recommendations/{{key}}/refuse", key)
            assert answer["statusCode"] == 404
    assert contents(store) == before


def test_a_friend_gets_an_article_once(
    store: Container, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    recommended(store, outbox)
    recommended(store, outbox, address="kim@mail.example", name="Kim")
    assert outbox.recipients() == [SAM, ROBIN, "kim@mail.example"]
    recommended(store, outbox, article="night-bus")
    assert outbox.recipients().count(ROBIN) == 2
    clock.shift(timedelta(days=91))
    later = NOW + timedelta(days=91)
    body = urlencode(TYPED)
    ask("POST /recommendations", headers=FORM | ORIGIN, body=body, at=later)
    deliver(queued(store))
    key = outbox.confirming()
    ask("POST /recommendations/confirm/{key}", key, headers=FORM, at=later)
    deliver(queued(store))
    assert outbox.recipients().count(ROBIN) == 3


def test_messages_that_are_delivered_twice_write_to_the_friend_once(
    store: Container, outbox: Outbox
) -> None:
    typed()
    asking = queued(store)
    for error in (MailThrottled, MailUncertain, MailStopped, MailQuotaSpent):
        outbox.errors = [error(SAM)]
        with pytest.raises(error):
            deliver(asking)
    deliver(asking * 2)
    assert outbox.recipients() == [SAM, SAM]
    for _ in range(2):
        confirm(outbox.confirming())
    sending = queued(store)
    assert len(sending) == 2
    outbox.mails.clear()
    for error in (MailThrottled, MailStopped, MailQuotaSpent):
        outbox.errors = [error(ROBIN)]
        with pytest.raises(error):
            deliver(sending)
    deliver(sending * 2 + asking)
    assert outbox.recipients() == [ROBIN]


@pytest.mark.parametrize("took", [True, False])
def test_a_letter_of_which_nobody_knows_is_not_sent_again(
    store: Container, outbox: Outbox, took: bool
) -> None:
    confirm(asked(store, outbox))
    outbox.errors, outbox.took = [MailUncertain(ROBIN)], took
    deliver(queued(store) * 2)
    assert outbox.recipients().count(ROBIN) == took
    assert ROBIN not in str(contents(store))


def test_a_letter_that_is_refused_for_good_is_in_no_log(
    store: Container, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "circulation"):
        outbox.errors = [MailRefused("MessageRejected")]
        typed()
        deliver(queued(store))
        confirm(asked(store, outbox))
        outbox.errors = [MailRefused("MessageRejected")]
        deliver(queued(store))
    assert ROBIN not in caplog.text
    assert SAM not in caplog.text
    assert ROBIN not in outbox.recipients()


def test_a_sender_a_network_and_the_stack_have_their_limits(
    store: Container, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    for number in range(5):
        typed(friend_address=f"friend-{number}@mail.example")
    deliver(queued(store))
    assert outbox.recipients() == [SAM] * 3
    assert not [item for item in contents(store) if item["pk"].startswith("RECOMMENDATION#")][3:]
    for number in range(4):
        typed(address=f"reader-{number}@mail.example")
        deliver(queued(store))
    assert len(outbox.mails) == 5
    clock.shift(timedelta(hours=1))
    store.settings.__dict__["confirmations_per_day"] = 6
    for number in range(4):
        typed(address=f"later-{number}@mail.example")
        deliver(queued(store))
    assert len(outbox.mails) == 6
    assert "192.0.2" not in str(contents(store))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_key_that_is_old_used_or_wrong_is_answered_alike(
    store: Container, outbox: Outbox, method: str
) -> None:
    recommended(store, outbox)
    used = outbox.mails[0]
    outbox.mails.append(used)
    used_key = outbox.confirming()
    old = asked(store, outbox, article="night-bus")
    later = NOW + timedelta(hours=24)
    answers = [
        ask(f"{method} /recommendations/confirm/{{key}}", key, at=later)
        for key in (old, used_key, "x" * 43, "", "\u202e<b>")
    ]
    assert [answer["statusCode"] for answer in answers] == [404] * 5
    assert len({str(answer) for answer in answers}) == 1
    assert not queued(store)


def test_a_message_that_comes_after_a_day_writes_to_nobody(
    store: Container, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    typed()
    asking = queued(store)
    confirm(asked(store, outbox, article="night-bus"))
    sending = queued(store)
    outbox.mails.clear()
    clock.shift(timedelta(days=1))
    deliver(asking + sending)
    assert not outbox.mails


def test_an_article_that_is_unpublished_meanwhile_is_not_sent(
    store: Container, outbox: Outbox
) -> None:
    key = asked(store, outbox)
    confirm(key)
    typed()
    messages = queued(store)
    unpublish("harbour-clock", store.catalogue, store.books, now=NOW)
    deliver(messages)
    assert outbox.recipients() == [SAM]
    assert ask("GET /recommendations/confirm/{key}", key)["statusCode"] == 404
    assert typed()["statusCode"] == 410
    assert typed(article="nowhere")["statusCode"] == 404
    assert typed(article="../x")["statusCode"] == 404


@pytest.mark.parametrize("address", [SAM, ROBIN])
def test_a_suppressed_person_neither_sends_nor_gets(
    store: Container, outbox: Outbox, address: str
) -> None:
    key = asked(store, outbox)
    change = Change.setting({"state": State.SUPPRESSED.value})
    store.subscribers_table.update(subscriber_key(person(store, address)), change)
    confirm(key)
    deliver(queued(store))
    assert outbox.recipients() == [SAM]


@pytest.mark.parametrize(
    ("event", "refuses"),
    [
        ({"eventType": "Complaint", "complaint": {}}, True),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}}, False),
        ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}}, True),
        ({"eventType": "Bounce", "bounce": {"bounceType": "Transient"}}, False),
        ({"eventType": "Delivery"}, False),
    ],
)
def test_who_complains_or_bounces_is_not_written_to_again(
    store: Container, outbox: Outbox, event: dict[str, Any], refuses: bool
) -> None:
    recommended(store, outbox)
    tags = {name: [value] for name, value in outbox.mails[-1][2].items()}
    happened = event | {"mail": {"messageId": "message-1", "tags": tags}}
    for _ in range(2):
        record_mail_events.handler({"Records": [{"body": json.dumps(happened)}]}, None)
    assert store.recommendations.is_refused(person(store, ROBIN)) is refuses


@pytest.mark.usefixtures("outbox")
@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", "", "Who are you?"),
        ("name", "Win at www.prize.example", "A name has no links"),
        ("friend_name", "x" * 61, "at most 60 letters"),
        ("friend_name", "a\r\nBcc: x", "at most 60 letters"),
        ("friend_name", "", "Who is it for?"),
        ("address", "sam@mail", "such as sam@mail.example"),
        ("friend_address", f"{ROBIN}, kim@mail.example", "One friend at a time"),
        ("friend_address", "", "such as robin@mail.example"),
        ("friend_address", f"{ROBIN}\r\nBcc: kim@mail.example", "One friend at a time"),
        ("address", "\ud800@mail.example", "such as sam@mail.example"),
    ],
)
def test_what_cannot_be_taken_is_shown_again_with_the_reason(
    store: Container, field: str, value: str, text: str
) -> None:
    changed: dict[str, Any] = {field: value}
    answer = typed(**changed)
    assert answer["statusCode"] == 422
    assert text in answer["body"]
    assert f'href="#{field}"' in answer["body"]
    assert answer["body"].count('aria-invalid="true"') == 1
    body = json.dumps(TYPED | changed)
    problem = ask("POST /recommendations", headers=ORIGIN, body=body)
    assert problem["statusCode"] == 422
    assert [fault["field"] for fault in json.loads(problem["body"])["errors"]] == [field]
    assert not contents(store)
    assert not queued(store)


@pytest.mark.usefixtures("outbox")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),
        ({"origin": "https://news.example"}, 202),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 202),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(
    store: Container, headers: dict[str, str], status: int
) -> None:
    store.settings.__dict__["allowed_origins"] = frozenset({"https://news.example"})
    assert typed(FORM | headers)["statusCode"] == status
    assert len(queued(store)) == (status == 202)


@pytest.mark.usefixtures("outbox")
def test_a_form_that_is_sent_at_once_is_answered_and_dropped(store: Container) -> None:
    opened = int(NOW.timestamp() * 1000)
    answers = [typed(opened=opened - age) for age in (0, 1_999)]
    assert not contents(store)
    assert not queued(store)
    answers.append(typed(opened=opened - 2_000))
    assert len(queued(store)) == 1
    assert len({str(answer) for answer in answers}) == 1


def test_a_program_is_answered_alike_whoever_the_friend_is(
    store: Container, outbox: Outbox
) -> None:
    recommended(store, outbox)
    ask("POST /recommendations/{key}/refuse", outbox.refusing())
    answers = [
        ask("POST /recommendations", headers=ORIGIN, body=TYPED | {"friend_address": address})
        for address in (ROBIN, "new@mail.example")
    ]
    assert answers[0] == answers[1]
    assert answers[0]["body"] == '{"status":"accepted"}'


def test_every_answer_is_private(store: Container, outbox: Outbox) -> None:
    key = asked(store, outbox)
    for route in ROUTES:
        for headers in ({}, FORM | {"origin": "https://api.example"}):
            answer = ask(route, key, headers=headers)
            answered = answer["headers"]
            assert answered["cache-control"] == "no-store", route
            assert answered["referrer-policy"] == "no-referrer", route
            assert "default-src 'none'" in answered["content-security-policy"], route
            assert "<script" not in answer["body"]
