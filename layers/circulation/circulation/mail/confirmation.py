"""The confirmation: the one mail that asks whether somebody wants to subscribe."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from circulation.mail.message import Message
from circulation.mail.single_letter import INK, SANS, SOFT, Frame, button, letter_html, wrapped
from circulation.mail.wording import (
    digest_name,
    imprint,
    local_moment,
    publication_name,
    section_number,
)
from circulation.words.texts import Words, words_in

if TYPE_CHECKING:
    from circulation.articles.publication import Publication
    from circulation.mail.sender import Sender
    from circulation.mail.subscribers import Pending


def consent_text(publication: Publication) -> str:
    """Give the text that a person agrees to, as the form has it above its button."""
    return words_in(publication.language)("subscribe.consent")


def confirmation_message(
    pending: Pending, url: str, sender: Sender, publication: Publication
) -> Message:
    """Write the mail; url is the page with the button. It has no advertising, and is no list's.

    Nothing of what was typed is in it, so that nobody uses it to write to others: names of sections
    are any text.
    """
    words = words_in(publication.language)
    title = publication_name(publication)
    values = {
        "digest": digest_name(pending.choices.frequency, words),
        "sections": section_number(pending.choices.sections, words),
    }
    why = words(
        "confirmation.why",
        site=urlsplit(publication.url).hostname or title,
        moment=local_moment(pending.asked, publication, words),
    )
    foot = imprint(sender)
    return Message(
        sender=sender.mailbox,
        sender_name=title,
        recipient=pending.mailbox,
        subject=words("confirmation.subject"),
        text=_text(title, values, url, (why, foot), words),
        html=_html(title, values, url, (why, foot), words),
    )


def _text(title: str, values: dict[str, str], url: str, foot: tuple[str, str], words: Words) -> str:
    parts = [
        f"{title.upper()}\n{words('confirmation.title')}",
        words("confirmation.heading"),
        wrapped(words("confirmation.asked_text", **values)),
        url,
        wrapped(words("confirmation.otherwise")),
        "--\n" + "\n".join(map(wrapped, foot)),
    ]
    return "\n\n".join(parts) + "\n"


def _html(title: str, values: dict[str, str], url: str, foot: tuple[str, str], words: Words) -> str:
    bold = {name: f"<b>{escape(value)}</b>" for name, value in values.items()}
    asked, link = words("confirmation.asked", **bold), escape(url)
    frame = Frame(
        language=words.language,
        subject=words("confirmation.subject"),
        preview=words("confirmation.preview"),
        site=title,
        kicker=words("confirmation.title"),
        heading=words("confirmation.heading"),
    )
    content = f"""<p class="ink" style="margin:12px 0 0;{INK}">{asked}</p>
{button(url, words("confirmation.button"))}
<p class="soft" style="margin:0;{SOFT}">{escape(words("confirmation.address"))}</p>
<p style="margin:2px 0 0;font:14px/1.5 {SANS};word-break:break-all">
<a class="acc" href="{link}" style="color:#96201b">{link}</a></p>
<p class="ink" style="margin:20px 0 0;{INK}">{escape(words("confirmation.otherwise"))}</p>"""
    return letter_html(frame, content, map(escape, foot))
