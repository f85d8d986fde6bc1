import re
from dataclasses import replace
from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.mail.mailbox import Mailbox
from circulation.mail.message import (
    MAX_BYTES,
    MAX_HEADER,
    ONE_CLICK,
    Message,
    UnsafeMessageError,
    Unsubscribing,
    mime_bytes,
)
from circulation.text import one_line

URL = f"https://count.example/subscriptions/{'K7-a' * 16}/unsubscribe"
DIGEST = Message(
    sender=Mailbox("news@daily.example"),
    sender_name="The Daily Example",
    recipient=Mailbox("reader@example.org"),
    subject="Harbour ferry runs aground, and four more",
    text="CITY\nHarbour ferry runs aground\nhttps://daily.example/ferry?via=mail\n",
    html='<!doctype html><p><a href="https://daily.example/ferry?via=mail">Harbour ferry</a></p>\n',
    unsubscribing=Unsubscribing(URL, "digest.count.example"),
)
HOSTILE = [
    "a\r\nBcc: other@example.org",
    "a\nBcc: other@example.org",
    "a\rBcc: other@example.org",
    "a\x0bb",
    "a\x00b",
    "a\u2028Bcc: other@example.org",
    "a\x85Bcc: other@example.org",
    "=?utf-8?q?=0ABcc:_other@example.org?=",
    "=?utf-8?b?CkJjYzogb3RoZXI=?=",
    "= ?utf-8?q?a?=",
    "\u202egnp.exe",
    "\ud800",
    "",
    " ",
    "x" * (MAX_HEADER + 1),
]


def parsed(written: bytes) -> dict[str, str]:
    mail = BytesParser(policy=policy.default).parsebytes(written)
    assert len(mail.keys()) == len({name.lower() for name in mail.keys()})  # noqa: SIM118
    return {name: str(mail[name]) for name in mail.keys()}  # noqa: SIM118


def test_a_digest_is_text_and_html_to_one_person() -> None:
    written = mime_bytes(DIGEST)
    mail = BytesParser(policy=policy.default).parsebytes(written)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["To"] == "reader@example.org"
    assert mail["From"] == "The Daily Example <news@daily.example>"
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert max(map(len, written.split(b"\r\n"))) <= 998


def test_what_unsubscribes_is_said_once_and_to_the_letter() -> None:
    written = mime_bytes(DIGEST)
    headers = parsed(written)
    assert headers["List-Unsubscribe"] == f"<{URL}>"
    assert headers["List-Unsubscribe-Post"] == ONE_CLICK
    for name in (b"List-Unsubscribe:", b"List-Unsubscribe-Post:"):
        assert len(re.findall(rb"(?mi)^" + name, written)) == 1


def test_a_mail_that_answers_a_person_is_no_list() -> None:
    headers = parsed(mime_bytes(replace(DIGEST, unsubscribing=None)))
    assert not [name for name in headers if name.startswith("List-")]


def test_other_scripts_are_read_as_they_were_written() -> None:
    message = replace(
        DIGEST,
        sender_name="Günün Xəbərləri, «Baku»",
        subject="مكتبة صغيرة تفتح أبوابها ليلًا لمن لا ينام — Köhnə həyətdə 🗞",
        text="مقاعد مريحة\n.\nFrom here on\n",
        html="<p>" + "ə" * 3_000 + "</p>\n",
    )
    headers = parsed(mime_bytes(message))
    assert headers["Subject"] == message.subject
    assert "Günün Xəbərləri, «Baku»" in headers["From"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("part", ["subject", "sender_name"])
def test_what_would_be_more_than_one_header_is_refused(part: str, value: str) -> None:
    changes: dict[str, str] = {part: value}
    with pytest.raises(UnsafeMessageError):
        mime_bytes(replace(DIGEST, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    ["a@example.org, b@example.org", "a@example.org\nBcc: b@example.org", "=?q?@example.org", ""],
)
@pytest.mark.parametrize("part", ["sender", "recipient", "reply_to"])
def test_an_address_that_was_not_read_is_refused(part: str, address: str) -> None:
    changes = {part: Mailbox(address)}
    with pytest.raises(UnsafeMessageError):
        mime_bytes(replace(DIGEST, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    ["http://count.example/u", "https://a.example/>, <mailto:b@example.org", "https://a.example/ə"],
)
def test_an_address_that_would_not_unsubscribe_is_refused(url: str) -> None:
    with pytest.raises(UnsafeMessageError):
        mime_bytes(replace(DIGEST, unsubscribing=Unsubscribing(url, "digest.count.example")))


def test_a_mail_that_would_be_cut_is_refused() -> None:
    with pytest.raises(UnsafeMessageError, match="bytes"):
        mime_bytes(replace(DIGEST, html="x" * MAX_BYTES))


WORDS = st.text(max_size=MAX_HEADER + 5) | st.text("=?utf-8qQbB_\r\n :<>@,.aə\u2028", max_size=60)


@settings(deadline=None)
@given(subject=WORDS, name=WORDS, body=st.text(max_size=2_000))
def test_no_input_becomes_a_header_or_a_recipient(subject: str, name: str, body: str) -> None:
    message = replace(DIGEST, subject=subject, sender_name=name, text=body, html=body)
    try:
        written = mime_bytes(message)
    except UnsafeMessageError:
        return
    headers = parsed(written)
    assert headers.keys() == parsed(mime_bytes(DIGEST)).keys()
    assert headers["Subject"] == subject
    assert headers["To"] == "reader@example.org"
    assert headers["From"].endswith("<news@daily.example>")


LETTERS = st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="?")


@settings(deadline=None)
@given(
    subject=st.text(LETTERS, min_size=1, max_size=MAX_HEADER).map(one_line).filter(bool),
    name=st.text(LETTERS, min_size=1, max_size=MAX_HEADER).map(one_line).filter(bool),
)
def test_any_line_of_text_can_be_a_subject_and_a_name(subject: str, name: str) -> None:
    headers = parsed(mime_bytes(replace(DIGEST, subject=subject, sender_name=name)))
    assert headers["Subject"] == subject
