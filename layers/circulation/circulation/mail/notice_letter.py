"""A notice as a mail, in text and HTML of the same content."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from circulation.mail.message import Message
from circulation.mail.notice import (
    MAX_ARTICLES,
    MAX_ROWS,
    explanation_of,
    headline_of,
    page_of,
)
from circulation.mail.single_letter import INK, SERIF, SOFT, Frame, button, letter_html, wrapped
from circulation.mail.wording import harmless, imprint, publication_name
from circulation.statistics.sentence import difference_of
from circulation.statistics.wording import write_difference
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circulation.articles.publication import Publication
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.notice import Notice
    from circulation.mail.sender import Sender
    from circulation.words.texts import Words

COLUMNS = 78
MAX_TITLE = 300
_KEY = "statistics.report"
_TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a list: what it is about, and its number."""

    name: str
    number: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    heading: str
    lines: Sequence[_Line]


def write_notice(
    notice: Notice, recipient: Mailbox, sender: Sender, publication: Publication, url: str
) -> Message:
    """Write the mail to one of the addresses of ReportTo; url is that of the API."""
    words = words_in(publication.language)
    headline = harmless(headline_of(notice, words), MAX_TITLE)
    explanation = harmless(explanation_of(notice, words), MAX_TITLE)
    name = publication_name(publication)
    kind = "weekly" if notice.figures else "alert"
    feet = [words(f"{_KEY}.why"), imprint(sender)]
    link = page_of(notice, url)
    groups = list(_groups(notice, words))
    kicker = _kicker(notice, words)
    frame = Frame(words.language, headline, explanation, name, kicker, headline)
    return Message(
        sender=sender.mailbox,
        sender_name=name,
        recipient=recipient,
        subject=harmless(words(f"{_KEY}.subject.{kind}", headline=headline), MAX_TITLE),
        text=_text(frame, groups, (words(f"{_KEY}.open"), link), feet),
        html=letter_html(
            frame,
            _html(explanation, groups) + button(link, words(f"{_KEY}.open")),
            map(escape, feet),
        ),
    )


def _kicker(notice: Notice, words: Words) -> str:
    if notice.figures is None:
        return words(f"{_KEY}.kicker.alert")
    span = notice.figures.span
    first, last = words.write_date(span.first), words.write_date(span.last)
    return words(f"{_KEY}.kicker.weekly", first=first, last=last)


def _groups(notice: Notice, words: Words) -> Iterator[_Group]:
    figures = notice.figures
    if figures is None:
        return
    articles = [
        _Line(harmless(row.title or row.article, MAX_TITLE), words.write_number(row.views))
        for row in figures.rows[:MAX_ARTICLES]
    ]
    if articles:
        yield _Group(words(f"{_KEY}.most_read"), articles)
    sections = [
        _Line(
            harmless(row.name, MAX_TITLE),
            words.write_number(row.views),
            _note(row.views, row.before, words),
        )
        for row in figures.sections[:MAX_ROWS]
    ]
    if sections:
        yield _Group(words(f"{_KEY}.sections"), sections)


def _note(views: int, before: float | None, words: Words) -> str:
    difference = difference_of(views, before)
    return write_difference(difference, words) if difference else ""


def _text(
    frame: Frame, groups: Sequence[_Group], link: tuple[str, str], feet: Sequence[str]
) -> str:
    lines = [frame.site.upper(), frame.kicker, "", wrapped(frame.heading)]
    if frame.preview:
        lines += ["", wrapped(frame.preview)]
    for group in groups:
        lines += ["", group.heading.upper(), ""]
        for rank, line in enumerate(group.lines, 1):
            note = f", {line.note}" if line.note else ""
            lines += textwrap.wrap(
                f"{rank}. {line.name} ({line.number}{note})", COLUMNS, subsequent_indent="   "
            )
    lines += ["", f"{link[0]}:", link[1], "", "--"]
    lines += [wrapped(foot) for foot in feet]
    return "\n".join(lines) + "\n"


def _html(explanation: str, groups: Sequence[_Group]) -> str:
    said = f'<p class="ink" style="margin:12px 0 0;{INK}">{escape(explanation)}</p>'
    return (said if explanation else "") + "".join(map(_table, groups))


def _table(group: _Group) -> str:
    rows = "".join(
        f'<tr><td class="ink line" dir="auto" style="padding:7px 0;border-bottom:1px solid #dad5cb;'
        f'font:17px/1.35 {SERIF};color:#1d1b19">{escape(line.name)}</td>'
        f'<td class="soft line" align="right" style="padding:7px 0 7px 12px;'
        f'border-bottom:1px solid #dad5cb;white-space:nowrap;{SOFT}">'
        f"{escape(', '.join(filter(None, (line.number, line.note))))}</td></tr>"
        for line in group.lines
    )
    return (
        f'<h2 class="ink" style="margin:26px 0 6px;font:700 20px/1.25 {SERIF};color:#1d1b19">'
        f"{escape(group.heading)}</h2>{_TABLE}>{rows}</table>"
    )
