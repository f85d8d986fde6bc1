"""The two mails of a recommendation: the question to its sender, and the letter to the friend.

Their texts are fixed. The question has nothing in it that was typed into the form, so that nobody
can use it to write to others; the letter has the two names and the sender's address.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from circulation.articles.via import Via, with_via
from circulation.mail.message import Message, Unsubscribing, can_unsubscribe
from circulation.mail.question import Question, write_question
from circulation.mail.single_letter import (
    INK,
    SERIF,
    Frame,
    letter_html,
    wrapped,
)
from circulation.mail.wording import harmless, imprint, publication_name
from circulation.words.direction import direction
from circulation.words.texts import Words, words_in

if TYPE_CHECKING:
    from circulation.articles.article import Article
    from circulation.articles.publication import Publication
    from circulation.mail.recommendation import Recommendation
    from circulation.mail.sender import Sender

MAX_TITLE = 200


def question_message(
    recommendation: Recommendation,
    article: Article,
    url: str,
    sender: Sender,
    publication: Publication,
) -> Message:
    """Write the mail that asks the sender for a yes; url is the page with the button."""
    words, title = _words(article, publication), _title(article)
    bold = f"<b {_written(article, publication)}>{escape(title)}</b>"
    question = Question(
        kind="question",
        recipient=recommendation.sender.mailbox,
        asked=recommendation.asked,
        text=words("question.asked_text", title=title),
        html=words("question.asked", title=bold),
        url=url,
    )
    return write_question(question, sender, publication, words)


def recommendation_message(
    recommendation: Recommendation,
    article: Article,
    refusal: str,
    sender: Sender,
    publication: Publication,
) -> Message:
    """Write the letter to the friend; refusal is the page on which further ones are refused."""
    words = _words(article, publication)
    site, title, url = (
        publication_name(publication),
        _title(article),
        with_via(article.url, Via.SHARE),
    )
    person, friend = recommendation.sender, recommendation.friend
    address = person.mailbox.address
    frame = Frame(
        language=words.language,
        subject=title,
        preview=words("recommendation.sentence"),
        site=site,
        kicker=words("recommendation.kicker"),
        heading=words("recommendation.heading", name=person.name),
    )
    why = words("recommendation.why", name=person.name, address=address, site=_host(publication))
    refusing = words("recommendation.refuse")
    text = [
        words("recommendation.greeting", friend=friend.name),
        wrapped(words("recommendation.sentence")),
        f"{wrapped(title)}\n{url}",
        f"{person.name}, {address}",
        "--\n" + wrapped(why),
        f"{refusing}:\n{refusal}",
        wrapped(imprint(sender)),
    ]
    greeting = words("recommendation.greeting", friend=_isolated(friend.name))
    signed = f"{_isolated(person.name)}, <bdi>{escape(address)}</bdi>"
    content = f"""<p class="ink" style="margin:12px 0 0;{INK}">{greeting}</p>
<p class="ink" style="margin:12px 0 0;{INK}">{escape(words("recommendation.sentence"))}</p>
<p class="ink" {_written(article, publication)} style="margin:16px 0 0;\
font:700 20px/1.3 {SERIF};color:#1d1b19"><a href="{escape(url)}" style="color:#1d1b19">\
{escape(title)}</a></p>
<p class="ink" style="margin:16px 0 0;{INK}">{signed}</p>"""
    html_why = words(
        "recommendation.why",
        name=_isolated(person.name),
        address=f"<bdi>{escape(address)}</bdi>",
        site=escape(_host(publication)),
    )
    feet = (
        html_why,
        f'<a href="{escape(refusal)}" style="color:#5c5852">{escape(refusing)}</a>',
        escape(imprint(sender)),
    )
    return Message(
        sender=sender.mailbox,
        sender_name=site,
        recipient=friend.mailbox,
        subject=title,
        text="\n\n".join(text) + "\n",
        html=letter_html(frame, content, feet),
        unsubscribing=_one_click(refusal),
        reply_to=person.mailbox,
    )


def _one_click(refusal: str) -> Unsubscribing | None:
    """Let a mail program refuse, where the address is one that it takes."""
    if not can_unsubscribe(refusal):
        return None
    return Unsubscribing(refusal, f"recommendations.{urlsplit(refusal).hostname}")


def _words(article: Article, publication: Publication) -> Words:
    return words_in(article.language or publication.language)


def _written(article: Article, publication: Publication) -> str:
    """Say in which language a title is, and its direction."""
    language = article.language or publication.language
    return f'lang="{escape(language)}" dir="{direction(language)}"'


def _title(article: Article) -> str:
    return harmless(article.title, MAX_TITLE) or article.id


def _host(publication: Publication) -> str:
    return urlsplit(publication.url).hostname or publication.title


def _isolated(name: str) -> str:
    return f"<bdi>{escape(name)}</bdi>"
