"""The two mails of a recommendation: nothing that was typed or published becomes a header."""

from datetime import UTC
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.articles.publication import Publication
from circulation.mail.mailbox import read_mailbox
from circulation.mail.message import mime_bytes
from circulation.mail.person_name import read_name
from circulation.mail.recommendation import Person, Recommendation
from circulation.mail.recommendation_letters import question_message, recommendation_message
from circulation.mail.sender import Sender
from tests.builders import HOSTILE_TITLES, NOW, article

PUBLICATION = Publication(
    title="The Daily Example", url="https://news.example/", description="News",
    language="en", zone=ZoneInfo("Asia/Baku"), image="", feed_authority="",
)  # fmt: skip
SENDER = Sender(read_mailbox("news@news.example"), "Example Press", "1 Example Quay")
SAM, ROBIN = read_mailbox("sam@mail.example"), read_mailbox("robin@mail.example")
REFUSAL = f"https://api.example/recommendations/{'k' * 64}/refuse"
CONFIRMING = f"https://api.example/recommendations/confirm/{'k' * 43}"
HEADERS = {"From", "To", "Subject", "MIME-Version", "Content-Type"}
LETTER_HEADERS = HEADERS | {"Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"}


def asked(name: str = "Sam", friend: str = "Robin") -> Recommendation:
    return Recommendation(
        "harbour-clock", Person(name, SAM), Person(friend, ROBIN), NOW, "https://api.example"
    )


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def is_name(text: str) -> bool:
    try:
        return read_name(text) == text
    except ValueError:
        return False


TYPED = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text("SamKim .<>&\"'{}%=:;,()[]\u200c", min_size=1, max_size=60),
).filter(is_name)


@settings(deadline=None)
@given(name=TYPED, friend=TYPED)
def test_names_stand_in_the_text_alone(name: str, friend: str) -> None:
    message = recommendation_message(asked(name, friend), article(), REFUSAL, SENDER, PUBLICATION)
    mail = parsed(mime_bytes(message))
    assert set(mail.keys()) == LETTER_HEADERS
    assert mail["To"] == "robin@mail.example"
    assert mail["Reply-To"] == "sam@mail.example"
    assert mail["Subject"] == article().title
    text = body(mail, "plain")
    assert f"Dear {friend}," in text
    assert f"\n{name}, sam@mail.example\n" in text
    page = lxml.html.fromstring(body(mail, "html"))
    assert page.xpath("//a/@href") == ["https://news.example/city/harbour-clock?via=share", REFUSAL]
    assert name in page.xpath("//bdi/text()")
    assert not page.xpath("//script | //img | //form")


@settings(deadline=None)
@given(name=TYPED, friend=TYPED)
def test_the_question_has_nothing_of_what_was_typed(name: str, friend: str) -> None:
    messages = {
        mime_bytes(question_message(each, article(), CONFIRMING, SENDER, PUBLICATION))
        for each in (asked(name, friend), asked())
    }
    assert len(messages) == 1


@pytest.mark.parametrize("language", ["en", "az", "ar"])
@pytest.mark.parametrize(
    "title", [*HOSTILE_TITLES, "=?utf-8?q?Bcc:_x?=", "a\u202eb", "x" * 300, "\ufeff"]
)
def test_titles_are_written_whole_and_harmless(title: str, language: str) -> None:
    published = article(title=title, language=language)
    letter = recommendation_message(asked(), published, REFUSAL, SENDER, PUBLICATION)
    question = question_message(asked(), published, CONFIRMING, SENDER, PUBLICATION)
    for message, headers in ((letter, LETTER_HEADERS), (question, HEADERS)):
        mail = parsed(mime_bytes(message))
        assert set(mail.keys()) == headers
        page = lxml.html.fromstring(body(mail, "html"))
        assert not page.xpath("//script")
        assert page.xpath(f"//*[@lang='{language}']")
        for kind in ("plain", "html"):
            assert "Example Press, 1 Example Quay" in body(mail, kind)


def test_each_mail_has_one_link_that_acts_and_the_letter_no_advertising() -> None:
    question = question_message(asked(), article(), CONFIRMING, SENDER, PUBLICATION)
    letter = recommendation_message(asked(), article(), REFUSAL, SENDER, PUBLICATION)
    assert question.unsubscribing is None
    assert set(lxml.html.fromstring(question.html).xpath("//a/@href")) == {CONFIRMING}
    assert letter.text.count("https://") == 2
    assert NOW.astimezone(UTC).date().isoformat() not in letter.text
