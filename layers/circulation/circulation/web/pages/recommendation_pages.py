"""The pages on recommendations: the form again, the sender's yes and the friend's no."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from circulation.mail.limits import RECOMMENDATIONS_PER_SENDER_AND_DAY
from circulation.mail.mailbox import MAX_ADDRESS
from circulation.mail.person_name import MAX_PERSON_NAME
from circulation.mail.wording import local_moment
from circulation.web.pages.mail_pages import (
    INVALID,
    Site,
    fault_line,
    isolated,
    mail_page,
    masked,
    summary,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from circulation.articles.article import Article
    from circulation.mail.recommendation import Recommendation
    from circulation.web.response import Response

_KICKER = "recommend.kicker"


def form_page(
    site: Site,
    article: Article,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    at: datetime,
) -> Response:
    """Write the form with what was typed into it, and with its faults as texts by field.

    At is when it was opened, which the form sends back.
    """
    words = site.words
    you = _fields(site, "you", {"name": "name", "address": "email"}, typed, faults)
    friend = _fields(site, "friend", {"friend_name": "off", "friend_address": "off"}, typed, faults)
    main = f"""{summary(dict(faults), words)}
{_title(article)}
<form method="post" action="/recommendations" novalidate>
<input type="hidden" name="article" value="{escape(article.id)}">
<input type="hidden" name="opened" value="{int(at.timestamp() * 1000)}">
{you}
{friend}
<p><button>{escape(words("recommend.button"))}</button></p>
<p class="note">{escape(words("recommend.note"))}</p>
</form>"""
    return mail_page(site, _KICKER, words("recommend.heading"), main, INVALID)


def _fields(
    site: Site,
    legend: str,
    completes: Mapping[str, str],
    typed: Mapping[str, str],
    faults: Mapping[str, str],
) -> str:
    """Write a person's fields; a browser completes each as it says."""
    fields = (_field(site, name, completes[name], typed, faults) for name in completes)
    title = escape(site.words(f"recommend.{legend}"))
    return f"<fieldset><legend>{title}</legend>\n{''.join(fields)}</fieldset>"


def _field(
    site: Site, name: str, complete: str, typed: Mapping[str, str], faults: Mapping[str, str]
) -> str:
    is_mailbox, is_wrong = name.endswith("address"), name in faults
    kind, limit, script = (
        ("email", MAX_ADDRESS, "ltr") if is_mailbox else ("text", MAX_PERSON_NAME, "auto")
    )
    invalid = f' aria-invalid="true" aria-describedby="{name}-fault"' if is_wrong else ""
    return f"""<div class="field">
<label for="{name}">{escape(site.words(f"recommend.{name}"))}</label>
{fault_line(name, dict(faults))}
<input id="{name}" name="{name}" type="{kind}" value="{escape(typed.get(name, ""))}" \
maxlength="{limit}" autocomplete="{complete}" dir="{script}" required{invalid}></div>"""


def sent_page(site: Site, article: Article, recommendation: Recommendation) -> Response:
    """Say the same of every sender and friend."""
    words = site.words
    text = isolated(
        words,
        "recommend.sent_text",
        address=recommendation.sender.mailbox.address,
        friend=recommendation.friend.name,
    )
    note = words(
        "recommend.sent_note",
        title=site.publication.title,
        number=RECOMMENDATIONS_PER_SENDER_AND_DAY,
    )
    main = f"""<p class="stand">{text}</p>
<p class="note">{escape(note)}</p>
<p><a href="{escape(article.url)}">{escape(words("recommend.article"))}</a></p>"""
    return mail_page(site, _KICKER, words("recommend.sent"), main, 202)


def question_page(site: Site, article: Article, recommendation: Recommendation) -> Response:
    """Ask, by a button: whoever opens links by machine sends nothing."""
    words = site.words
    asked = isolated(
        words,
        "recommend.asked",
        moment=local_moment(recommendation.asked, site.publication, words),
        name=recommendation.sender.name,
        title=article.title,
        friend=recommendation.friend.name,
        friend_address=masked(recommendation.friend.mailbox),
    )
    main = f"""<p class="stand">{asked}</p>
<form method="post"><p><button>{escape(words("recommend.yes"))}</button></p></form>
<p class="note">{escape(words("recommend.asked_note"))}</p>"""
    return mail_page(site, _KICKER, words("recommend.question"), main)


def done_page(site: Site, recommendation: Recommendation) -> Response:
    """Thank the sender; whether the friend gets it is not said, for that is the friend's affair."""
    words = site.words
    text = isolated(words, "recommend.done_text", friend=recommendation.friend.name)
    main = f'<p class="stand">{text}</p>'
    return mail_page(site, _KICKER, words("recommend.done"), main)


def ended_page(site: Site) -> Response:
    """Say the same of a link that is too old, was used, or never was one."""
    return _plain(site, "recommend.ended", 404)


def refusal_page(site: Site, key: str) -> Response:
    """Ask, by a button: whoever opens links by machine refuses nothing."""
    words = site.words
    text = isolated(words, "refuse.text", title=site.publication.title)
    main = f"""<p class="stand">{text}</p>
<form method="post" action="/recommendations/{key}/refuse">
<p><button>{escape(words("refuse.button"))}</button></p></form>
<p class="note">{escape(words("refuse.note"))}</p>"""
    return mail_page(site, _KICKER, words("refuse.heading"), main)


def refused_page(site: Site) -> Response:
    """Say that it is done, however often it was."""
    return _plain(site, "refuse.done", 200)


def nobody_page(site: Site) -> Response:
    """Say that a link to refuse is nobody's."""
    return _plain(site, "refuse.nobody", 404)


def failure_page(site: Site, status: int) -> Response:
    """Say that a form was not taken."""
    words = site.words
    text = escape(words("failure.text", status=status))
    main = f'<p class="summary" role="alert">{text}</p>'
    return mail_page(site, _KICKER, words("failure.heading"), main, status)


def _plain(site: Site, key: str, status: int) -> Response:
    main = f'<p class="stand">{escape(site.words(f"{key}_text"))}</p>'
    return mail_page(site, _KICKER, site.words(key), main, status)


def _title(article: Article) -> str:
    return f'<p class="stand" dir="auto">“{escape(article.title)}”</p>'
