"""A signature over the bytes of each of our mails stands whatever transports do to them."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from circulation.articles.publication import Publication
from circulation.mail.confirmation import confirmation_message
from circulation.mail.digest import Entry, contents_for
from circulation.mail.digest_letter import Letterhead, Recipient, write_letter
from circulation.mail.mailbox import Mailbox
from circulation.mail.message import Message, mime_bytes
from circulation.mail.recommendation import Person, Recommendation
from circulation.mail.recommendation_letters import question_message, recommendation_message
from circulation.mail.sender import Plan, Sender
from circulation.mail.subscriber import Choices
from circulation.mail.subscribers import Pending
from tests.builders import HOSTILE_TITLES, NOW, article, digest, digest_entry
from tests.unit.mail.dkim import sign, split, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Reply-To",
    "List-Unsubscribe", "List-Unsubscribe-Post",
)  # fmt: skip
"""What SES signs of what a mail has."""
API = "https://count.example"
SAM, ROBIN = Mailbox("sam@mail.example"), Mailbox("robin@mail.example")
ARABIC = "صحيفة المثال اليومية"
TITLES = {
    "en": "The Daily Example",
    "az": "Gündəlik Misal — Zəngəzur dəhlizi: 混合",
    "ar": ARABIC,
    "he": "x" * 300,
}


def publication(language: str) -> Publication:
    zone = ZoneInfo("Asia/Baku")
    return Publication(TITLES[language], "https://news.example/", "News", language, zone)


def sender(language: str) -> Sender:
    return Sender(
        Mailbox("news@news.example"), TITLES[language], "1 Example Quay, 1000 Exampletown"
    )


def a_digest(language: str, *newest: Entry) -> Message:
    most_read = tuple((digest_entry(20 + place), 3_000 - place) for place in range(5))
    frozen = digest(*newest, most_read=most_read)
    recipient = Recipient("00" * 16, SAM, Choices(), NOW - timedelta(days=1))
    plan = Plan(7, 4, ZoneInfo("Asia/Baku"))
    letterhead = Letterhead(publication(language), sender(language), API, plan)
    contents = contents_for(frozen, recipient.choices)
    return write_letter(frozen, contents, recipient, letterhead, bytes(32))


def a_recommendation() -> Recommendation:
    names = Person("Zəhra", SAM), Person("ربيع", ROBIN)
    return Recommendation("harbour-clock", *names, NOW, API)


def recommended(language: str) -> Message:
    told = article(title=TITLES[language], language=language)
    refusal = f"{API}/recommendations/{'k' * 64}/refuse"
    return recommendation_message(
        a_recommendation(), told, refusal, sender(language), publication(language)
    )


HOSTILE = [digest_entry(place, title=title) for place, title in enumerate(HOSTILE_TITLES)]
HEADED = [
    digest_entry(place, section=ARABIC, title=ARABIC * 12, summary=ARABIC * 9, language="ar")
    for place in range(12)
]
ODD = [
    digest_entry(1, title="From the archive", summary="."),
    digest_entry(2, title=". ", summary="=20=\t="),
    digest_entry(3, title="x" * 500, summary="--", url=f"https://news.example/{'y' * 2_000}"),
]
MAILS: dict[str, Message] = {
    **{
        f"confirmation {language}": confirmation_message(
            Pending(SAM, Choices(), NOW, ""),
            f"{API}/subscriptions/confirm/{'k' * 43}",
            sender(language),
            publication(language),
        )
        for language in TITLES
    },
    **{f"digest {language}": a_digest(language, digest_entry(1)) for language in TITLES},
    "digest of hostile titles": a_digest("en", *HOSTILE),
    "digest from right to left": a_digest("ar", *HEADED),
    "digest of odd lines": a_digest("en", *ODD),
    **{
        f"question {language}": question_message(
            a_recommendation(),
            article(title=ARABIC),
            f"{API}/recommendations/confirm/{'k' * 43}",
            sender(language),
            publication(language),
        )
        for language in ("en", "ar")
    },
    **{f"recommendation {language}": recommended(language) for language in TITLES},
}


def as_ses_sends(message: Message) -> bytes:
    """Add what SES adds, and sign."""
    added = b"Date: Sat, 14 Mar 2026 15:09:26 +0000\r\nMessage-ID: <01-02@eu.amazonses.com>\r\n"
    return sign(added + mime_bytes(message), SIGNED, KEY)


def with_head(mail: bytes, change: Callable[[bytes, bytes], tuple[bytes, bytes]]) -> bytes:
    """Change the header fields of a mail."""
    fields, body = split(mail)
    changed = (change(name, value) for name, value in fields)
    return b"\r\n".join(name + b":" + value for name, value in changed) + b"\r\n\r\n" + body


def folded(mail: bytes) -> bytes:
    """Fold every header at every space."""
    return with_head(mail, lambda name, value: (name, re.sub(rb"[\r\n \t]+", b"\r\n\t", value)))


def unfolded(mail: bytes) -> bytes:
    return with_head(mail, lambda name, value: (name, value.replace(b"\r\n", b"")))


def spaced(mail: bytes) -> bytes:
    return with_head(
        mail, lambda name, value: (name.upper(), b"  " + value.replace(b" ", b" \t ") + b" ")
    )


def ended(mail: bytes) -> bytes:
    """Add white space to the ends of lines, and empty lines to the end."""
    head, _, body = mail.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n" + body.replace(b"\r\n", b" \t\r\n") + b"\r\n \r\n\r\n"


def shortened(mail: bytes) -> bytes:
    """Take empty lines away from its end."""
    return mail.rstrip(b" \t\r\n") + b"\r\n"


def stored(mail: bytes) -> bytes:
    """Store it with the line ends of a Unix, and send it on."""
    return mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def stuffed(mail: bytes) -> bytes:
    """Send it by SMTP, where a dot at the start of a line is doubled (RFC 5321, section 4.5.2)."""
    sent = re.sub(rb"(?m)^\.", b"..", mail)
    return re.sub(rb"(?m)^\.\.", b".", sent)


def received(mail: bytes) -> bytes:
    trace = b"Received: from a by b; Sat, 14 Mar 2026 15:09:27 +0000\r\nX-Spam-Status: No\r\n"
    return b"Return-Path: <0102@bounces.news.example>\r\n" + trace + mail


TRANSPORTS = (folded, unfolded, spaced, ended, shortened, stored, stuffed, received)


def all_of_them(mail: bytes) -> bytes:
    for transport in TRANSPORTS:
        mail = transport(mail)
    return mail


@pytest.mark.parametrize("transport", [*TRANSPORTS, all_of_them], ids=lambda it: it.__name__)
@pytest.mark.parametrize("name", MAILS)
def test_a_signature_stands_whatever_transports_do(
    name: str, transport: Callable[[bytes], bytes]
) -> None:
    mail = as_ses_sends(MAILS[name])
    assert verify(mail, KEY.public_key())
    assert verify(transport(mail), KEY.public_key())


@pytest.mark.parametrize("name", MAILS)
def test_no_transport_has_a_reason_to_encode_a_mail_again(name: str) -> None:
    """RFC 5322, sections 2.1.1 and 2.3: lines of 998 octets, ASCII alone, no bare line ends."""
    mail = mime_bytes(MAILS[name])
    assert mail.isascii()
    assert b"\x00" not in mail
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", mail)
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    parts = [part for part in message_from_bytes(mail).walk() if not part.is_multipart()]
    assert [part["Content-Transfer-Encoding"] for part in parts] == ["quoted-printable"] * 2
    body = split(mail)[1]
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert not re.search(rb"[ \t]\r\n", body)


@pytest.mark.parametrize("name", [name for name in MAILS if not name.startswith(("c", "q"))])
def test_a_signature_covers_what_unsubscribes(name: str) -> None:
    mail = as_ses_sends(MAILS[name])
    fields, _ = split(mail)
    (signature,) = [value for field, value in fields if field == b"DKIM-Signature"]
    for field in SIGNED:
        is_in = field.encode() in {name for name, _ in fields}
        assert is_in is (f"{field}:" in f"{signature.decode().replace(';', ':')}")
    assert re.search(rb"h=[^;]*List-Unsubscribe:List-Unsubscribe-Post;", signature)
    for changed in (
        mail.replace(b"/count.example/", b"/evil.example/", 1),
        mail.replace(b"=One-Click", b"=Never", 1),
        re.sub(rb"List-Unsubscribe-Post:[^\r]*\r\n", b"", mail),
        mail.replace(b"Subject: ", b"Subject: Re: ", 1),
        mail.replace(b"text/html", b"text/xhtml", 1),
        mail + b"more",
    ):
        assert changed != mail
        assert not verify(changed, KEY.public_key())


def test_the_example_of_the_standard_is_verified() -> None:
    """RFC 8463, appendix A.3, with the key of A.2."""
    mail = b"""DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
""".replace(b"\n", b"\r\n")
    key = base64.b64decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert verify(mail, Ed25519PublicKey.from_public_bytes(key))
    assert not verify(mail.replace(b"hungry", b"angry"), Ed25519PublicKey.from_public_bytes(key))
