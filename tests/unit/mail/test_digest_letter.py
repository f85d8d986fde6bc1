"""The letter of a digest: every title, language and length makes a mail that can be sent."""

import re
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.articles.publication import Publication
from circulation.mail.digest import Entry, contents_for, frozen_digest
from circulation.mail.digest_letter import (
    COLUMNS,
    Letterhead,
    Recipient,
    subject_of,
    web_copy,
    write_letter,
)
from circulation.mail.mailbox import Mailbox
from circulation.mail.message import MAX_BYTES, Message, mime_bytes
from circulation.mail.sender import Plan, Sender
from circulation.mail.subscriber import Choices, Frequency
from circulation.times import format_time
from circulation.words.texts import words_in
from tests.builders import HOSTILE_TITLES, digest_entry

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
KEY = bytes(32)
SAM = Recipient("00" * 16, Mailbox("sam@mail.example"), Choices(), NOW - timedelta(days=1))


def letterhead(language: str = "en", title: str = "The Daily Example") -> Letterhead:
    zone = ZoneInfo("Asia/Baku")
    return Letterhead(
        Publication(title, "https://daily.example/", "News", language, zone),
        Sender(Mailbox("news@daily.example"), title, "1 Example Quay, 1000 Exampletown"),
        "https://count.example",
        Plan(7, 4, zone),
    )


def entry(number: int, **changes: str) -> Entry:
    """An article of this publication, as of this day."""
    own = {
        "url": f"https://daily.example/{number}?a=1#top",
        "published": format_time(NOW - timedelta(minutes=number)),
    }
    return digest_entry(number, **own | changes)


def letter(
    *entries: Entry,
    most_read: tuple[tuple[Entry, int], ...] = (),
    head: Letterhead | None = None,
    recipient: Recipient = SAM,
) -> Message:
    frozen = frozen_digest(
        Frequency.DAILY, "2026-11-27", NOW, newest=entries, most_read={"": most_read}, seen=[]
    )
    contents = contents_for(frozen, recipient.choices)
    return write_letter(frozen, contents, recipient, head or letterhead(), KEY)


def test_a_letter_says_what_is_new_why_it_comes_and_how_it_ends() -> None:
    entries = [entry(number) for number in range(5)]
    message = letter(*entries, most_read=((entry(20, title="Minister resigns"), 2_803),))
    assert message.subject == "Harbour ferry runs aground 0, and four more"
    for content in (message.text, message.html):
        for text in (
            "Friday, 27 November 2026",
            "Harbour ferry runs aground 4",
            "2,803",
            "Minister resigns",
            "every day at 07:00, from all sections, because you asked for it",
            "26 November 2026",
            "/unsubscribe",
            "https://count.example/digests/daily/2026-11-27",
            "The Daily Example, 1 Example Quay, 1000 Exampletown",
        ):
            assert text in content.replace("\n", " "), text
    assert "https://daily.example/0?a=1&via=mail#top" in message.text
    assert "https://daily.example/0?a=1&amp;via=mail#top" in message.html
    assert "<img" not in message.html
    assert "http" not in re.sub(r'href="[^"]*"', "", message.html)
    assert mime_bytes(message)


def test_a_title_is_in_its_own_language_and_direction() -> None:
    arabic = entry(1, language="ar", title="مكتبة صغيرة تفتح أبوابها")
    message = letter(entry(0), arabic)
    assert 'lang="ar" dir="rtl"' in message.html
    assert "text-align:right" in message.html
    assert arabic.title in message.text


def test_the_words_are_the_publications() -> None:
    message = letter(entry(0), entry(1), head=letterhead("az"))
    assert message.subject.endswith("və daha bir xəbər")
    assert "cümə, 27 noyabr 2026" in message.text
    assert '<html lang="az" dir="ltr">' in message.html


def test_the_chosen_sections_are_named() -> None:
    recipient = Recipient(SAM.id, SAM.mailbox, Choices(sections=frozenset({"City"})), None)
    message = letter(entry(0), recipient=recipient)
    assert "from City, because you asked for it." in message.text.replace("\n", " ")


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_hostile_title_is_text(title: str) -> None:
    message = letter(entry(0, title=title, section=title, summary=title))
    assert "<script" not in message.html
    assert "<b>" not in message.html
    mail = BytesParser(policy=policy.default).parsebytes(mime_bytes(message))
    assert str(mail["Subject"]) == message.subject


ANY = st.text(max_size=600) | st.text("=?qQbB utf-8\r\n\t\u2028\u202e\ud800ə🗞<>&\"'", max_size=80)


@settings(deadline=None, max_examples=150)
@given(title=ANY, section=ANY, summary=ANY, publication=ANY)
def test_no_text_stops_a_digest(title: str, section: str, summary: str, publication: str) -> None:
    entries = [entry(0, title=title, section=section, summary=summary), entry(1)]
    message = letter(*entries, head=letterhead(title=publication))
    mime_bytes(message)
    assert all(
        len(line) <= COLUMNS or line.strip().startswith("http") for line in message.text.split("\n")
    )


@pytest.mark.parametrize("letter_", ["a", "🗞", "ə", "=", "<"])
def test_the_longest_letter_is_not_cut_by_a_mail_program(letter_: str) -> None:
    entries = [
        entry(
            number,
            title=letter_ * 500,
            section=letter_ * 100,
            summary=letter_ * 600,
            url="https://daily.example/?" + "=" * 2_000,
        )
        for number in range(30)
    ]
    message = letter(*entries[:12], most_read=tuple((each, 9) for each in entries[12:]))
    assert len(mime_bytes(message)) <= MAX_BYTES
    assert "/unsubscribe" in message.html


def test_a_subject_has_one_title_and_how_many_more() -> None:
    words = words_in("en")
    assert subject_of(["Ferry"], 1, words) == "Ferry"
    assert subject_of(["Ferry"], 12, words) == "Ferry, and eleven more"


def test_the_web_copy_has_nothing_of_a_subscriber() -> None:
    frozen = frozen_digest(
        Frequency.DAILY, "2026-11-27", NOW, newest=[entry(0)], most_read={}, seen=[]
    )
    page = web_copy(frozen, contents_for(frozen, Choices()), letterhead())
    assert "subscriptions/" not in page
    assert "via=mail" not in page
