"""A question: the mail that asks whether it was its reader who typed an address into a form."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from circulation.mail.message import Message
from circulation.mail.single_letter import INK, SANS, SOFT, Frame, button, letter_html, wrapped
from circulation.mail.wording import imprint, local_moment, publication_name

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.articles.publication import Publication
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.sender import Sender
    from circulation.words.texts import Words


@dataclass(frozen=True, slots=True)
class Question:
    """What one question has that another has not."""

    kind: str
    """The first part of the keys of its words: confirmation, question."""
    recipient: Mailbox
    asked: datetime
    text: str
    """What was asked for, as text."""
    html: str
    """The same as HTML."""
    url: str
    """The page with the button."""


def write_question(
    question: Question, sender: Sender, publication: Publication, words: Words
) -> Message:
    """Write the mail. It has no advertising, and is no list's."""
    title, url = publication_name(publication), question.url
    frame = Frame(
        language=words.language,
        subject=words("confirmation.subject"),
        preview=words(f"{question.kind}.preview"),
        site=title,
        kicker=words("confirmation.title"),
        heading=words("confirmation.heading"),
    )
    why = words(
        "confirmation.why",
        site=urlsplit(publication.url).hostname or title,
        moment=local_moment(question.asked, publication, words),
    )
    otherwise, foot = words(f"{question.kind}.otherwise"), (why, imprint(sender))
    text = [
        f"{title.upper()}\n{frame.kicker}",
        frame.heading,
        wrapped(question.text),
        url,
        wrapped(otherwise),
        "--\n" + "\n".join(map(wrapped, foot)),
    ]
    link = escape(url)
    content = f"""<p class="ink" style="margin:12px 0 0;{INK}">{question.html}</p>
{button(url, words(f"{question.kind}.button"))}
<p class="soft" style="margin:0;{SOFT}">{escape(words("confirmation.address"))}</p>
<p style="margin:2px 0 0;font:14px/1.5 {SANS};word-break:break-all">
<a class="acc" href="{link}" style="color:#96201b">{link}</a></p>
<p class="ink" style="margin:20px 0 0;{INK}">{escape(otherwise)}</p>"""
    return Message(
        sender=sender.mailbox,
        sender_name=title,
        recipient=question.recipient,
        subject=frame.subject,
        text="\n\n".join(text) + "\n",
        html=letter_html(frame, content, map(escape, foot)),
    )
