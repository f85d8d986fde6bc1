"""From the form to a yes, and from there to the end, by the events that AWS sends."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes, policy
from html import escape, unescape
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from circulation.articles.article import Submission
from circulation.articles.publishing import publish, unpublish
from circulation.aws.mail_service import (
    MailQuotaSpent,
    MailRefused,
    MailStopped,
    MailThrottled,
    MailUncertain,
)
from circulation.aws.sdk import session
from circulation.aws.table import Change
from circulation.mail.keys import subscriber_key
from circulation.mail.mailbox import read_mailbox
from circulation.mail.subscriber import OWN, link_key, subscriber_id
from circulation.mail.subscribers import State
from circulation.runtime import Container
from functions import record_mail_events, serve_subscriptions
from tests.builders import NOW, article, http_event, publish_all
from tests.functions.letters import deliver, queued

SAM = "sam@mail.example"
FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
ORIGIN = {"origin": "https://api.example"}
MULTIPART = {"content-type": "multipart/form-data; boundary=x"}
PARTS = (
    '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
)
NO_ADDRESSES = [
    "", "sam", "sam@mail", "a@b.example,c@d.example", "sam@mail.example\r\nBcc: x@y.example",
    '"<script>alert(1)</script>"@mail.example', "=?utf-8?q?a?=@mail.example", "x" * 5_000, "\x00",
    "\u202esam@mail.example", "\ud800@mail.example",
]  # fmt: skip


@dataclass
class Outbox:
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    error: Exception | None = None

    def send(self, mail: bytes, sender: str, recipient: str, tags: dict[str, str]) -> str:
        assert sender == "news@news.example"
        assert tags["k"] == "confirmation"
        self.tags.append(tags)
        if self.error:
            raise self.error
        self.mails.append((recipient, mail))
        return "message-1"

    def confirmation_key(self) -> str:
        text = self.mails[-1][1].replace(b"=\r\n", b"").decode()
        found = re.search(r"https://api\.example/subscriptions/confirm/([\w-]{43})", text)
        assert found
        return found[1]


@pytest.fixture
def outbox(store: Container) -> Outbox:
    made = Outbox()
    store.__dict__["mail_service"] = made
    return made


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask(route: str, key: str = "", **event: Any) -> dict[str, Any]:
    return serve_subscriptions.handler(http_event(route, path={"key": key}, **event), None)


def typed(request_id: str = "request-1", **fields: Any) -> dict[str, Any]:
    body = urlencode({"address": SAM, **fields}, doseq=True, errors="surrogatepass")
    return ask("POST /subscriptions", headers=FORM | ORIGIN, body=body, request_id=request_id)


def subscribed(store: Container, outbox: Outbox, **fields: Any) -> str:
    """Subscribe; give the key of the person's links."""
    typed(**fields)
    deliver(queued(store))
    answer = ask("POST /subscriptions/confirm/{key}", outbox.confirmation_key(), headers=FORM)
    assert answer["statusCode"] == 200
    found = re.search(r'href="/subscriptions/([\w=-]{64})"', answer["body"])
    assert found
    return found[1]


def person(store: Container) -> str:
    return subscriber_id(store.subscribers.mail_key(bytes), read_mailbox(SAM))


def contents(store: Container) -> list[dict[str, Any]]:
    return sorted(store.subscribers_table.scan(), key=lambda item: (item["pk"], item["sk"]))


def test_a_reader_subscribes_and_confirms_by_a_button(store: Container, outbox: Outbox) -> None:
    publish_all(store, "harbour-clock")
    form = ask("GET /subscriptions")
    assert 'name="section" value="city" checked' in form["body"]
    answer = typed(frequency="weekly")
    assert answer["statusCode"] == 202
    assert SAM in answer["body"]
    deliver(queued(store))
    ((recipient, mail),) = outbox.mails
    assert recipient == SAM
    assert b"List-Unsubscribe" not in mail
    key = outbox.confirmation_key()
    asked = ask("GET /subscriptions/confirm/{key}", key)["body"]
    assert "s…@mail.example" in asked
    assert SAM not in asked
    assert store.subscribers.find(person(store)) is None
    assert "Welcome" in ask("POST /subscriptions/confirm/{key}", key)["body"]
    standing = store.subscribers.find(person(store))
    assert standing
    assert standing.subscriber
    assert standing.subscriber.choices.frequency == "weekly"
    assert standing.subscriber.consent.asked == NOW.replace(microsecond=0)
    assert len(standing.subscriber.consent.text) == 64


def test_every_address_is_answered_alike_with_the_same_calls(
    store: Container, outbox: Outbox
) -> None:
    subscribed(store, outbox)
    calls: list[str] = []

    def note(event_name: str, **_rest: object) -> None:
        calls.append(event_name)

    session().register("before-parameter-build", note)
    try:
        outcomes = []
        for address in (SAM, "new@mail.example", "SAM@mail.example"):
            calls.clear()
            body = json.dumps({"address": address})
            answer = ask("POST /subscriptions", headers=ORIGIN, body=body)
            outcomes.append((answer["statusCode"], answer["body"], answer["headers"], tuple(calls)))
    finally:
        session().unregister("before-parameter-build", note)
    assert len(set(map(str, outcomes))) == 1
    assert outcomes[0][:2] == (202, '{"status":"accepted"}')


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_opens_every_link_changes_nothing(
    store: Container, outbox: Outbox, clock: time_machine.Traveller, method: str
) -> None:
    key = subscribed(store, outbox)
    clock.shift(timedelta(days=2))
    typed("request-2")
    deliver(queued(store))
    confirmation, before = outbox.confirmation_key(), contents(store)
    for path in ("", "/{key}", "/{key}/unsubscribe", "/{key}/export", "/confirm/{key}"):
        used = confirmation if "confirm" in path else key
        answer = ask(f"{method} /subscriptions{path}", used, at=NOW + timedelta(days=2))
        assert answer["statusCode"] == 200, path
    assert contents(store) == before
    assert not queued(store)


def test_a_key_that_is_old_used_or_wrong_is_answered_alike(
    store: Container, outbox: Outbox
) -> None:
    subscribed(store, outbox)
    used = outbox.confirmation_key()
    typed("request-2")
    store.subscribers_table.delete({"pk": f"LIMIT#address#{person(store)}", "sk": "2026-03-14"})
    deliver(queued(store))
    old, later = outbox.confirmation_key(), NOW + timedelta(hours=24)
    assert old != used
    for method in ("GET", "POST"):
        answers = [
            ask(f"{method} /subscriptions/confirm/{{key}}", key, at=later)
            for key in (old, used, "x" * 43, "", "\u202e<b>")
        ]
        assert [answer["statusCode"] for answer in answers] == [404] * 5
        assert len({str(answer) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (FORM, "List-Unsubscribe=One-Click"),
        (MULTIPART, PARTS),
        (MULTIPART | {"content-type": "multipart/form-data"}, PARTS),
        ({}, ""),
        ({"content-type": "application/json"}, "{nonsense"),
        (FORM | {"origin": "https://webmail.example", "sec-fetch-site": "cross-site"}, "a=b"),
    ],
)
def test_one_click_ends_a_subscription_whatever_the_body_is(
    store: Container, outbox: Outbox, headers: dict[str, str], body: str
) -> None:
    key = subscribed(store, outbox)
    for later in (timedelta(0), timedelta(days=1), timedelta(days=4_000)):
        answer = ask(
            "POST /subscriptions/{key}/unsubscribe", key,
            headers=headers, body=body, at=NOW + later,
        )  # fmt: skip
        assert answer["statusCode"] == 200
        assert "location" not in answer["headers"]
    standing = store.subscribers.find(person(store))
    assert standing
    assert standing.attributes == {"state": "ended", "ended": "2026-03-14T15:09:26Z"}
    assert SAM not in str([item for item in contents(store) if item["pk"].startswith("SUBS#")])


def test_a_link_of_nobody_ends_nothing(store: Container, outbox: Outbox) -> None:
    subscribed(store, outbox)
    before = contents(store)
    for key in ("", "x" * 64, link_key(bytes(32), person(store))):
        assert ask("POST /subscriptions/{key}/unsubscribe", key)["statusCode"] == 404
        assert ask("POST /subscriptions/{key}", key)["statusCode"] == 404
        assert ask("GET /subscriptions/{key}/export", key)["statusCode"] == 404
    assert contents(store) == before


def test_choices_change_and_what_the_sending_side_keeps_stays(
    store: Container, outbox: Outbox
) -> None:
    publish_all(store, "harbour-clock")
    key = subscribed(store, outbox)
    sent = {"daily": "2026-03-14", "delivery": {"state": "sent"}, "bounces": ["x"]}
    store.subscribers_table.update(subscriber_key(person(store)), Change.setting(sent))
    body = urlencode({"frequency": "weekly", "section": ["sport"], "pause": "week"}, doseq=True)
    answer = ask("POST /subscriptions/{key}", key, headers=FORM | ORIGIN, body=body)
    assert "Saved." in answer["body"]
    assert '<option value="kept" selected>' in answer["body"]
    standing = store.subscribers.find(person(store))
    assert standing
    expected = sent | {"frequency": "weekly", "sections": ["sport"], "paused_until": "2026-03-21"}
    assert {name: standing.attributes[name] for name in expected} == expected
    body = urlencode({"frequency": "weekly", "choosing": "sections"})
    answer = ask("POST /subscriptions/{key}", key, headers=FORM | ORIGIN, body=body)
    assert answer["statusCode"] == 422
    assert "Choose at least one section" in answer["body"]
    body = urlencode({"section": "city", "choosing": "sections", "pause": "none"})
    ask("POST /subscriptions/{key}", key, headers=FORM | ORIGIN, body=body)
    standing = store.subscribers.find(person(store))
    assert standing
    assert not {"sections", "paused_until"} & standing.attributes.keys()


def test_a_person_gets_everything_that_is_stored(store: Container, outbox: Outbox) -> None:
    key = subscribed(store, outbox)
    answer = ask("GET /subscriptions/{key}/export", key)
    exported = json.loads(answer["body"])
    assert exported["address"] == SAM
    assert exported["state"] == "confirmed"
    assert exported["mails_asked_for"] == {"2026-03-14": 1, "2026-03": 1}
    assert answer["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_is_shown_again_with_the_reason(store: Container, address: str) -> None:
    answer = typed(address=address)
    assert answer["statusCode"] == 422
    assert 'aria-invalid="true"' in answer["body"]
    assert "<script>" not in answer["body"]
    found = re.search(r'type="email" value="([^"]*)"', answer["body"])
    assert found
    assert len(unescape(found[1])) <= 254
    body = json.dumps({"address": address})
    problem = ask("POST /subscriptions", headers=ORIGIN, body=body)
    assert problem["statusCode"] == 422
    assert json.loads(problem["body"])["errors"][0]["field"] == "address"
    assert not queued(store)


@pytest.mark.parametrize(
    "fields",
    [
        {"frequency": "hourly"},
        {"section": [f"s{number}" for number in range(101)]},
        {"section": "a\r\nBcc: b"},
        {"section": "x" * 101},
        {"section": "\u202eb"},
        {"choosing": "sections"},
    ],
)
def test_choices_that_there_are_not_are_refused(store: Container, fields: dict[str, Any]) -> None:
    assert typed(**fields)["statusCode"] == 422
    assert not queued(store)


def test_a_body_that_is_too_large_or_none_is_refused(store: Container) -> None:
    for body, status in (("address=" + "x" * 20_000, 413), ("&".join(["a=b"] * 500), 400)):
        answer = ask("POST /subscriptions", headers=FORM | ORIGIN, body=body)
        assert answer["statusCode"] == status
        assert answer["body"].startswith("<!doctype html>")
    assert ask("POST /subscriptions", body="{", headers=ORIGIN)["statusCode"] == 400
    sections = {"address": SAM, "sections": "city"}
    assert ask("POST /subscriptions", body=sections, headers=ORIGIN)["statusCode"] == 422
    assert not queued(store)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),
        ({"origin": "https://news.example"}, 202),
        ({"origin": "https://api.example"}, 202),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 202),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "https://news.example.elsewhere.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(
    store: Container, headers: dict[str, str], status: int
) -> None:
    store.settings.__dict__["allowed_origins"] = frozenset({"https://news.example"})
    body = urlencode({"address": SAM})
    answer = ask("POST /subscriptions", headers=FORM | headers, body=body)
    assert answer["statusCode"] == status
    assert len(queued(store)) == (status == 202)


def test_a_form_that_is_sent_at_once_is_answered_and_dropped(store: Container) -> None:
    opened = int(NOW.timestamp() * 1000)
    answers = [typed(opened=opened - age) for age in (0, 1, 1_999)]
    assert not queued(store)
    # A script on a page takes the reader's own clock, which may be ahead.
    answers += [typed(opened=opened - age) for age in (2_000, -1, -60_000)]
    assert len(queued(store)) == 3
    answers += [typed(opened=opened) for opened in ("", "x", "9" * 20)]
    assert len(queued(store)) == 3
    assert len({str(answer) for answer in answers}) == 1


def test_a_suppressed_person_is_sent_nothing(store: Container, outbox: Outbox) -> None:
    subscribed(store, outbox)
    change = Change.setting({"state": State.SUPPRESSED.value})
    store.subscribers_table.update(subscriber_key(person(store)), change)
    old = outbox.confirmation_key()
    outbox.mails.clear()
    assert typed("request-2")["statusCode"] == 202
    deliver(queued(store))
    assert not outbox.mails
    assert ask("POST /subscriptions/confirm/{key}", old)["statusCode"] == 404


@pytest.mark.parametrize("state", [State.SUPPRESSED, State.ENDED])
def test_the_link_of_a_person_who_is_sent_nothing_opens_and_changes_nothing(
    store: Container, outbox: Outbox, state: State
) -> None:
    key = subscribed(store, outbox)
    gone = Change.setting({"state": state.value}, removing=[*OWN])
    store.subscribers_table.update(subscriber_key(person(store)), gone)
    before = contents(store)
    for route in ("GET /subscriptions/{key}/unsubscribe", "POST /subscriptions/{key}/unsubscribe"):
        answer = ask(route, key, headers=FORM | ORIGIN, body="List-Unsubscribe=One-Click")
        assert answer["statusCode"] == 200
        assert SAM not in answer["body"]
    for route in ("GET /subscriptions/{key}", "POST /subscriptions/{key}"):
        answer = ask(route, key, headers=FORM | ORIGIN, body="frequency=weekly")
        assert answer["statusCode"] == 404
    assert contents(store) == before


def test_who_subscribes_twice_is_one_person_with_the_last_choices(
    store: Container, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    key = subscribed(store, outbox, section="city")
    sent = {"daily": "2026-03-14", "delivery": {"state": "sent"}}
    store.subscribers_table.update(subscriber_key(person(store)), Change.setting(sent))
    typed("request-2", address="SAM@Mail.Example", frequency="weekly")
    deliver(queued(store))
    assert len(outbox.mails) == 1  # one a day
    clock.shift(timedelta(days=1))
    for number in (3, 4):
        typed(f"request-{number}", address="SAM@Mail.Example", frequency="weekly")
        deliver(queued(store))
    assert len(outbox.mails) == 2
    later = NOW + timedelta(days=1)
    for status in (200, 404):  # the button is pressed twice
        confirming = "POST /subscriptions/confirm/{key}"
        answer = ask(confirming, outbox.confirmation_key(), headers=FORM, at=later)
        assert answer["statusCode"] == status
    (item,) = [item for item in contents(store) if item["pk"].startswith("SUBS#")]
    assert item["frequency"] == "weekly"
    assert "sections" not in item
    assert item["confirmed"] == "2026-03-15T15:09:26Z"
    assert {name: item[name] for name in sent} == sent
    assert ask("GET /subscriptions/{key}", key, at=later)["statusCode"] == 200


@pytest.mark.parametrize(
    "title",
    [
        "x" * 300,
        "Ə" * 300,
        "The Daily " * 30,
        "=?utf-8?q?a?=",
        "=?utf-8?q?=0d=0aBcc:_x=40y.example?= " * 12,
        '"Daily" <evil@evil.example>, b',
        "\u202eelpmaxE yliaD\u200f",
        "=?",
    ],
)
def test_no_title_of_the_publication_keeps_a_confirmation_back_or_becomes_a_header(
    store: Container, outbox: Outbox, title: str
) -> None:
    publication = replace(store.settings.publication, title=title)
    store.settings.__dict__["publication"] = publication
    subscribed(store, outbox)
    ((recipient, mail),) = outbox.mails
    assert recipient == SAM
    parsed = message_from_bytes(mail, policy=policy.default)
    (sender,) = parsed["From"].addresses
    assert (sender.addr_spec, str(parsed["To"])) == ("news@news.example", SAM)
    # The newer header classes read a space between two encoded words, where none is.
    assert len(sender.display_name.replace(" ", "")) <= 200
    assert "=?" not in sender.display_name
    assert "Bcc" not in parsed
    assert max(map(len, mail.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "section", ["Win a car at evil.example", "https://evil.example/", "=?utf-8?q?a?=", "x" * 100]
)
def test_a_mail_to_a_stranger_has_nothing_of_what_was_typed(
    store: Container, outbox: Outbox, section: str
) -> None:
    """A section may have any name; whoever gets the mail has perhaps never heard of us."""
    assert typed(section=[section, "evil"])["statusCode"] == 202
    deliver(queued(store))
    ((_, mail),) = outbox.mails
    for part in message_from_bytes(mail, policy=policy.default).iter_parts():
        content = part.get_content()
        assert section not in content
        assert "evil" not in content
        assert "2 sections" in content
    page = ask("GET /subscriptions/confirm/{key}", outbox.confirmation_key())["body"]
    assert escape(section) in page


@pytest.mark.parametrize("name", ["مدیریت\u200cها", "חדשות\u200f", "co\u00adoperation", "Q=?A"])  # noqa: RUF001  Persian
def test_every_section_that_the_form_offers_can_be_chosen(
    store: Container, outbox: Outbox, name: str
) -> None:
    for article_id, section in (("harbour-clock", name), ("night-bus", "sport")):
        published = article(article_id, section=section, url=f"https://news.example/{article_id}")
        publish(Submission(published), store.catalogue, store.books, now=NOW)
    assert f'value="{escape(name)}"' in ask("GET /subscriptions")["body"]
    key = subscribed(store, outbox, section=name)
    faulty = typed("request-2", section=name, address="sam")
    assert faulty["statusCode"] == 422
    assert f'value="{escape(name)}" checked' in faulty["body"]
    assert 'value="sport" checked' not in faulty["body"]
    unpublish("harbour-clock", store.catalogue, store.books, now=NOW)  # the last of the section
    body = urlencode({"frequency": "weekly", "section": name, "choosing": "sections"})
    answer = ask("POST /subscriptions/{key}", key, headers=FORM | ORIGIN, body=body)
    assert answer["statusCode"] == 200
    standing = store.subscribers.find(person(store))
    assert standing
    assert standing.attributes["sections"] == [name]


def test_a_message_that_is_delivered_twice_is_not_lost_to_its_own_limit(
    store: Container, outbox: Outbox
) -> None:
    typed()
    messages = queued(store)
    for error in (MailThrottled, MailUncertain, MailStopped, MailQuotaSpent):
        outbox.error = error("SES says no to sam@mail.example")
        with pytest.raises(error):
            deliver(messages)
    outbox.error = None
    deliver(messages * 2)
    assert len(outbox.mails) == 2
    assert store.limits.count_of(person(store), now=NOW)["2026-03-14"] == 1
    typed("request-2")
    deliver(queued(store))
    assert len(outbox.mails) == 2


def test_a_mail_that_is_refused_for_good_is_counted_and_its_address_is_in_no_log(
    store: Container, outbox: Outbox,
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    outbox.error = MailRefused("MessageRejected")
    typed()
    with caplog.at_level(logging.DEBUG, "circulation"):
        deliver(queued(store))
    assert '"ConfirmationsRefused":[1' in capsys.readouterr().out.replace(" ", "")
    assert "MessageRejected" in caplog.text
    assert SAM not in caplog.text
    assert not queued(store)


def test_a_network_and_the_stack_have_their_limits(
    store: Container, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    store.settings.__dict__["confirmations_per_day"] = 7
    for number in range(6):
        typed(f"request-{number}", address=f"reader-{number}@mail.example")
        deliver(queued(store))
    assert len(outbox.mails) == 5
    clock.shift(timedelta(hours=1))
    for number in range(4):
        typed(f"later-{number}", address=f"later-{number}@mail.example")
        deliver(queued(store))
    assert len(outbox.mails) == 7
    assert "192.0.2" not in str(contents(store))


def test_every_answer_is_private_and_of_no_use_to_another_site(
    store: Container, outbox: Outbox
) -> None:
    keys = (subscribed(store, outbox), "nobodys")
    for route, key in product(serve_subscriptions.routes, keys):
        for headers in ({}, FORM | {"origin": "null"}):
            answer = ask(route, key, headers=headers)
            told = answer["headers"]
            assert told["cache-control"] == "no-store", route
            assert told["referrer-policy"] == "no-referrer", route
            assert told["x-robots-tag"].startswith("noindex"), route
            assert "default-src 'none'" in told["content-security-policy"], route
            assert "<script" not in answer["body"]


COMPLAINT = {"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}}
BOUNCE = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}}


def event_of(outbox: Outbox, event: dict[str, Any]) -> str:
    """Write an event about the last mail as SES does."""
    tags = {name: [value] for name, value in outbox.tags[-1].items()}
    return json.dumps({**event, "mail": {"messageId": "message-1", "tags": tags}})


def happen(outbox: Outbox, event: dict[str, Any]) -> None:
    record_mail_events.handler({"Records": [{"body": event_of(outbox, event)}]}, None)


@pytest.mark.parametrize("event", [COMPLAINT, BOUNCE])
def test_whose_confirmation_bounced_or_annoyed_is_never_asked_again(
    store: Container, outbox: Outbox, clock: time_machine.Traveller, event: dict[str, Any]
) -> None:
    typed()
    deliver(queued(store))
    for _ in range(2):
        happen(outbox, event)
    assert store.subscribers.find_state(person(store)) is State.SUPPRESSED
    answer = ask("POST /subscriptions/confirm/{key}", outbox.confirmation_key(), headers=FORM)
    assert answer["statusCode"] == 404
    clock.shift(timedelta(days=2))
    typed("request-2")
    deliver(queued(store))
    assert len(outbox.mails) == 1


@pytest.mark.parametrize("event", [COMPLAINT, BOUNCE])
def test_who_confirmed_and_called_the_confirmation_unwanted_is_deleted(
    store: Container, outbox: Outbox, event: dict[str, Any]
) -> None:
    subscribed(store, outbox)
    happen(outbox, event)
    standing = store.subscribers.find(person(store))
    assert standing
    assert standing.attributes == {"state": "suppressed"}


@pytest.mark.parametrize(
    "event",
    [
        {"eventType": "Send"},
        {"eventType": "Delivery"},
        {"eventType": "Bounce", "bounce": {"bounceType": "Transient"}},
        {"eventType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}},
    ],
)
def test_what_does_no_harm_to_a_confirmation_changes_nothing(
    store: Container, outbox: Outbox, event: dict[str, Any]
) -> None:
    typed()
    deliver(queued(store))
    before = contents(store)
    happen(outbox, event)
    assert contents(store) == before


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "",
        "null",
        "[]",
        "{}",
        '{"mail": {}}',
    ],
)
def test_what_is_no_event_stops_none_that_comes_with_it(
    store: Container, outbox: Outbox, body: str, *, after: bool
) -> None:
    """SES greets a topic with a line of text, and SQS delivers it with the events around it."""
    typed()
    deliver(queued(store))
    records = [{"body": body}, {"body": event_of(outbox, BOUNCE)}]
    record_mail_events.handler({"Records": records[::-1] if after else records}, None)
    assert store.subscribers.find_state(person(store)) is State.SUPPRESSED


@pytest.mark.parametrize(
    "address",
    [SAM, SAM.upper(), "sam+paper@mail.example", "Sam+Other+Paper@MAIL.example", f" {SAM} "],
)
def test_no_way_of_writing_an_address_gets_around_its_limit(
    store: Container, outbox: Outbox, address: str
) -> None:
    typed()
    typed("request-2", address=address)
    deliver(queued(store))
    assert [recipient for recipient, _ in outbox.mails] == [SAM]


def test_of_who_unsubscribes_nothing_of_bounces_is_stored(store: Container, outbox: Outbox) -> None:
    key = subscribed(store, outbox)
    change = Change.setting({"bounces": ["2026-03-14T00:00:00Z#message-1"]})
    store.subscribers_table.update(subscriber_key(person(store)), change)
    assert ask("POST /subscriptions/{key}/unsubscribe", key)["statusCode"] == 200
    standing = store.subscribers.find(person(store))
    assert standing
    assert standing.attributes.keys() == {"state", "ended"}


def test_an_export_by_a_link_of_nobody_is_a_problem(store: Container, outbox: Outbox) -> None:
    subscribed(store, outbox)
    answer = ask("GET /subscriptions/{key}/export", "nobodys")
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert json.loads(answer["body"])["status"] == 404
