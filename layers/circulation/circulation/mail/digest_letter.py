"""The letter of a digest: what one subscriber is sent, as text and as HTML of the same content.

One column of 600 pixels, tables for the layout and styles in line, as mail programs need it; no
picture, no font and no pixel is fetched from anywhere. The web copy is the same page without what
is the subscriber's own.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from circulation.articles.via import Via, with_via
from circulation.mail.digest import Contents
from circulation.mail.message import MAX_BYTES, Message, Unsubscribing, can_unsubscribe
from circulation.mail.subscriber import link_key
from circulation.mail.wording import harmless, imprint, publication_name
from circulation.words.direction import direction
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from circulation.articles.publication import Publication
    from circulation.mail.digest import Digest, Entry
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.sender import Plan, Sender
    from circulation.mail.subscriber import Choices
    from circulation.words.texts import Words

COLUMNS = 78
"""Characters of a line of text (RFC 5322, section 2.1.1)."""
MAX_SUBJECT_TITLE = 200
MAX_PREHEADER = 140
MAX_NAMED_SECTIONS = 20
_ROOM = MAX_BYTES - 4 * 1024
"""Bytes for text and HTML; the rest is for the headers."""
_PRINTABLE = bytes(set(range(0x20, 0x7F)) - {ord("=")}) + b"\n"
_SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_SERIF = "Georgia,'Times New Roman',serif"
STYLE = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "a:hover{text-decoration:underline!important}"
    "@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}"
    ".h1{font-size:24px!important}}"
    "@media (prefers-color-scheme:dark){.bg{background-color:#111112!important}"
    ".sheet{background-color:#161617!important}.ink,.ink a{color:#e9e6e1!important}"
    ".soft,.soft a{color:#b3aea6!important}.acc{color:#ff9c8e!important}"
    ".line{border-color:#4a484b!important}.dbl{border-color:#e9e6e1!important}}"
)
_TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every letter of a stack has in common."""

    publication: Publication
    sender: Sender
    url: str
    """Where readers reach the API."""
    plan: Plan

    def web_copy(self, digest: Digest) -> str:
        """Give the address of a digest's web copy."""
        return f"{self.url}/digests/{digest.frequency}/{digest.date}"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for."""

    id: str
    mailbox: Mailbox
    choices: Choices
    asked: datetime | None
    """When the person asked for it; None where that is not known."""


def write_letter(
    digest: Digest, contents: Contents, recipient: Recipient, letterhead: Letterhead, key: bytes
) -> Message:
    """Write the message for one subscriber; key is the mail key, which makes the links.

    Contents that would make it longer than mail programs show (90 KB) lose their last articles.
    """
    link = f"{letterhead.url}/subscriptions/{link_key(key, recipient.id)}"
    unsubscribe = f"{link}/unsubscribe"
    publication = letterhead.publication
    while True:
        page = _Page(digest, contents, letterhead)
        foot = _Foot(
            page.why(recipient),
            ((page.words("digest.preferences"), link),
             (page.words("digest.unsubscribe"), unsubscribe),
             (page.words("digest.web"), letterhead.web_copy(digest))),
        )  # fmt: skip
        text, html = page.text(foot), page.html(foot)
        if _quoted_bytes(text) + _quoted_bytes(html) <= _ROOM or not contents.newest[1:]:
            break
        contents = _shorter(contents)
    # A one-click address must be HTTPS (RFC 8058, section 3.1); only the local stack's is not.
    host = urlsplit(letterhead.url).hostname or "localhost"
    one_click = Unsubscribing(unsubscribe, f"digest.{host}")
    return Message(
        sender=letterhead.sender.mailbox,
        sender_name=publication_name(publication),
        recipient=recipient.mailbox,
        subject=page.subject,
        text=text,
        html=html,
        unsubscribing=one_click if can_unsubscribe(letterhead.url) else None,
    )


def web_copy(digest: Digest, contents: Contents, letterhead: Letterhead) -> str:
    """Write a digest as a page for everybody."""
    page = _Page(digest, contents, letterhead, trace=False)
    archive = (page.words("digest.archive.title"), f"{letterhead.url}/digests")
    canonical = f'<link rel="canonical" href="{escape(letterhead.web_copy(digest))}">\n'
    return page.html(_Foot("", (archive,)), "main", canonical)


def subject_of(titles: Sequence[str], number: int, words: Words) -> str:
    """Give the subject of a digest of so many articles: "<lead title>, and four more"."""
    title = harmless(titles[0], MAX_SUBJECT_TITLE) or "·"
    if number <= 1:
        return title
    written = words("digest.numbers").split(", ")[number - 2]
    return words("digest.more", title=title, number=written)


@dataclass(frozen=True, slots=True)
class _Foot:
    """What stands at the end: why this is sent, and links by their words."""

    why: str
    links: tuple[tuple[str, str], ...]


class _Page:
    """Writes a digest's contents; the languages of an article and of the page may differ."""

    def __init__(
        self, digest: Digest, contents: Contents, letterhead: Letterhead, *, trace: bool = True
    ) -> None:
        self._digest, self._contents, self._letterhead = digest, contents, letterhead
        self._publication = letterhead.publication
        self._trace = trace
        self.words = words_in(self._publication.language)
        self._title = publication_name(self._publication)
        titles = [entry.title for entry in contents.newest]
        self.subject = subject_of(titles, len(titles), self.words)
        day = date.fromisoformat(digest.date)
        self._date = self.words(
            "digest.date", weekday=self.words.name_weekday(day), date=self.words.write_date(day)
        )
        self._most_read = self.words(f"digest.most_read.{digest.frequency}")
        self._imprint = imprint(letterhead.sender)

    def why(self, recipient: Recipient) -> str:
        """Say why the subscriber gets this."""
        words, choices = self.words, recipient.choices
        named = sorted(harmless(section, 100) for section in choices.sections)
        more = "…" if named[MAX_NAMED_SECTIONS:] else ""
        sections = (
            words("digest.some_sections", sections=", ".join(named[:MAX_NAMED_SECTIONS]) + more)
            if named
            else words("digest.all_sections")
        )
        asked = recipient.asked
        on = self._publication.local(asked) if asked else None
        return words(
            f"digest.why.{self._digest.frequency}",
            time=f"{self._letterhead.plan.hour:02}:00",
            weekday=words.name_weekday(date(2024, 1, 1 + self._letterhead.plan.weekday)),
            sections=sections,
            on=words("digest.on", date=words.write_date(on)) if on else "",
        )

    def text(self, foot: _Foot) -> str:
        """Write the page as text of 78 columns; addresses stand on lines of their own."""
        return "\n".join(self._text_lines(foot)) + "\n"

    def _text_lines(self, foot: _Foot) -> Iterator[str]:
        yield from _wrapped(self._title.upper())
        yield from (self._date, "")
        for entry in self._contents.newest:
            yield from _wrapped(entry.section.upper())
            yield from _wrapped(entry.title)
            yield from _wrapped(entry.summary)
            yield from (self._link(entry), "")
        if self._contents.most_read:
            yield from (*_wrapped(self._most_read.upper()), "")
        for rank, (entry, views) in enumerate(self._contents.most_read, 1):
            line = f"{rank}. {entry.title} ({self.words.plural('digest.views', views)})"
            yield from _wrapped(line, indent="   ")
            yield from (f"   {self._link(entry)}", "")
        yield "--"
        if foot.why:
            yield from (*_wrapped(foot.why), "")
        for name, url in foot.links:
            yield from (f"{name}:", url, "")
        yield from _wrapped(self._imprint)

    def html(self, foot: _Foot, element: str = "div", links: str = "") -> str:
        """Write the page as HTML: element holds all of it, links are elements of its head.

        Programs on the web take a mail out of its document, so the element has the language too.
        """
        language = escape(self.words.language)
        subject = escape(self.subject)
        email = f' role="article" aria-roledescription="email" aria-label="{subject}"'
        role = email if element == "div" else ""
        head = (
            f'<!doctype html>\n<html lang="{language}" dir="{direction(self.words.language)}">\n'
            '<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            '<meta name="supported-color-schemes" content="light dark">\n'
            f"{links}<title>{subject}</title>\n<style>{STYLE}</style>\n</head>\n"
            '<body class="bg" style="margin:0;padding:0;background-color:#f6f3ed">\n'
            f'<{element}{role} lang="{language}" dir="{direction(self.words.language)}">\n'
            f'<div style="display:none;max-height:0;overflow:hidden">{self._preheader()}</div>\n'
            f'{_TABLE} class="bg" style="background-color:#f6f3ed"><tr>'
            '<td align="center" style="padding:16px 8px">\n'
            f'{_TABLE} class="sheet" style="max-width:600px;background-color:#fffefc">\n'
        )
        tail = f"</table>\n</td></tr></table>\n</{element}>\n</body>\n</html>\n"
        return head + "\n".join(self._rows(foot)) + "\n" + tail

    def _preheader(self) -> str:
        """Give what lists of mails show after the subject: the articles after the first."""
        lead, *others = self._contents.newest
        parts = [lead.summary or lead.title, *(entry.title for entry in others[:2])]
        return escape(" · ".join(harmless(part, MAX_PREHEADER) for part in parts))

    def _rows(self, foot: _Foot) -> Iterator[str]:
        home = escape(self._traced(self._publication.url))
        yield _row(
            "24px 32px 14px",
            f'<p class="ink" style="margin:0;font:700 26px/1.2 {_SERIF};text-align:center;'
            f'color:#1d1b19">{_anchor(home, escape(self._title))}</p>'
            f'<p class="soft" style="margin:4px 0 0;font:14px/1.5 {_SANS};color:#5c5852;'
            f'text-align:center">{escape(self._date)}</p>',
        )
        yield _row("0 32px", _rule("dbl", "4px double #1d1b19"))
        for place, entry in enumerate(self._contents.newest):
            yield self._article(entry, is_lead=not place)
        if self._contents.most_read:
            yield _row(
                "28px 32px 0",
                _rule("dbl", "2px solid #1d1b19")
                + f'<h2 class="ink" style="margin:10px 0 2px;font:700 20px/1.25 {_SERIF};'
                f'color:#1d1b19">{escape(self._most_read)}</h2>',
            )
            yield _row("0 32px", f"{_TABLE}>{''.join(self._ranks())}</table>")
        yield _row("24px 32px 28px", self._foot(foot))

    def _article(self, entry: Entry, *, is_lead: bool) -> str:
        language, way = self._language(entry)
        side = "right" if way == "rtl" else "left"
        attributes = f'lang="{language}" dir="{way}"'
        tag, size, kind = ("h1", "28px", "ink h1") if is_lead else ("h2", "20px", "ink")
        rule = "" if is_lead else _rule("line", "1px solid #dad5cb")
        summary = (
            f'<p class="soft" {attributes} style="margin:6px 0 0;font:16px/1.5 {_SERIF};'
            f'text-align:{side};color:#5c5852">{escape(entry.summary)}</p>'
        )
        return _row(
            "22px 32px 0" if is_lead else "16px 32px 0",
            f'{rule}<p class="acc" dir="auto" style="margin:{0 if is_lead else 12}px 0 0;'
            f"font:700 14px/1.5 {_SANS};color:#96201b;text-align:{side}"
            f'">{escape(entry.section)}</p>'
            f'<{tag} class="{kind}" {attributes} style="margin:2px 0 0;font:700 {size}/1.22 '
            f'{_SERIF};text-align:{side};color:#1d1b19">'
            f"{_anchor(escape(self._link(entry)), escape(entry.title))}</{tag}>"
            + (summary if entry.summary else ""),
        )

    def _ranks(self) -> Iterator[str]:
        for rank, (entry, views) in enumerate(self._contents.most_read, 1):
            language, way = self._language(entry)
            title = _anchor(escape(self._link(entry)), escape(entry.title))
            yield (
                f'<tr><td width="28" valign="top" class="acc" style="padding:8px 0;'
                f'font:700 20px/1.2 {_SERIF};color:#96201b">{rank}</td>'
                f'<td class="ink" lang="{language}" dir="{way}" style="padding:8px 0;'
                f'font:17px/1.35 {_SERIF};color:#1d1b19">{title}</td>'
                f'<td valign="top" align="right" class="soft" style="padding:8px 0 8px 12px;'
                f'font:14px/1.6 {_SANS};color:#5c5852">'
                f"{escape(self.words.write_number(views))}</td></tr>"
            )

    def _foot(self, foot: _Foot) -> str:
        style = f'class="soft" style="margin:10px 0 0;font:13px/1.5 {_SANS};color:#5c5852"'
        links = " &nbsp;·&nbsp; ".join(
            f'<a class="soft" href="{escape(url)}" style="color:#5c5852">{escape(name)}</a>'
            for name, url in foot.links
        )
        why = f"<p {style}>{escape(foot.why)}</p>" if foot.why else ""
        return (
            f"{_rule('line', '1px solid #dad5cb')}{why}<p {style}>{links}</p>"
            f"<p {style}>{escape(self._imprint)}</p>"
        )

    def _language(self, entry: Entry) -> tuple[str, str]:
        language = entry.language or self._publication.language
        return escape(language), direction(language)

    def _link(self, entry: Entry) -> str:
        return self._traced(entry.url)

    def _traced(self, url: str) -> str:
        return with_via(url, Via.MAIL) if self._trace else url


def _row(padding: str, content: str) -> str:
    return f'<tr><td class="pad" style="padding:{padding}">{content}</td></tr>'


def _rule(kind: str, border: str) -> str:
    style = f"border-top:{border};font-size:0;line-height:0"
    return f'<div class="{kind}" style="{style}">&nbsp;</div>'


def _anchor(url: str, content: str) -> str:
    """Link words that look as those around it; both are escaped already."""
    return f'<a href="{url}" style="color:inherit;text-decoration:none">{content}</a>'


def _wrapped(text: str, *, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, COLUMNS, subsequent_indent=indent, break_long_words=True, break_on_hyphens=False
    )


def _shorter(contents: Contents) -> Contents:
    """Take the last of the most read away, or of the newest where there is none."""
    if contents.most_read:
        return Contents(contents.newest, contents.most_read[:-1])
    return Contents(contents.newest[:-1], ())


def _quoted_bytes(text: str) -> int:
    """Give how many bytes a text has at most as quoted-printable (RFC 2045, section 6.7)."""
    written = text.encode(errors="ignore")
    quoted = len(written) + 2 * len(written.translate(None, _PRINTABLE))
    return quoted + 3 * (quoted // 72) + 3 * text.count("\n")
