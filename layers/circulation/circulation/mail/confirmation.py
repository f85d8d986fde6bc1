"""The confirmation: the one mail that asks whether somebody wants to subscribe."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from circulation.mail.question import Question, write_question
from circulation.mail.wording import digest_name, section_number
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from circulation.articles.publication import Publication
    from circulation.mail.message import Message
    from circulation.mail.sender import Sender
    from circulation.mail.subscribers import Pending


def consent_text(publication: Publication) -> str:
    """Give the text that a person agrees to, as the form has it above its button."""
    return words_in(publication.language)("subscribe.consent")


def confirmation_message(
    pending: Pending, url: str, sender: Sender, publication: Publication
) -> Message:
    """Write the mail; url is the page with the button.

    Nothing of what was typed is in it, so that nobody uses it to write to others: names of sections
    are any text.
    """
    words = words_in(publication.language)
    values = {
        "digest": digest_name(pending.choices.frequency, words),
        "sections": section_number(pending.choices.sections, words),
    }
    bold = {name: f"<b>{escape(value)}</b>" for name, value in values.items()}
    question = Question(
        kind="confirmation",
        recipient=pending.mailbox,
        asked=pending.asked,
        text=words("confirmation.asked_text", **values),
        html=words("confirmation.asked", **bold),
        url=url,
    )
    return write_question(question, sender, publication, words)
