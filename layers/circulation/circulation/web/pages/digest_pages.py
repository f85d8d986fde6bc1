"""The public pages of digests: their list, and the web copy of one."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from circulation.feeds.addresses import DIGESTS
from circulation.feeds.channel import MEDIA_TYPES, Format
from circulation.mail import digest_letter
from circulation.web.pages import mail_style
from circulation.web.pages.mail_frame import CONTENT_TYPE, write_page
from circulation.web.pages.style_source import style_source
from circulation.web.response import Response
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circulation.articles.publication import Publication
    from circulation.mail.digest import Contents, Digest
    from circulation.mail.digest_letter import Letterhead
    from circulation.mail.digests import Heading
    from circulation.words.texts import Words

MAX_AGE = 900
"""Seconds for which the pages and feeds of digests may be cached."""
_NAMES = {Format.RSS: "RSS", Format.ATOM: "Atom", Format.JSON: "JSON Feed"}


def archive_page(publication: Publication, headings: Sequence[Heading], base_url: str) -> Response:
    """List digests, newest first; base_url is where readers reach the API."""
    words = words_in(publication.language)
    digests = f'<ol class="digests">\n{"".join(_items(headings, words))}</ol>'
    none = f'<p class="stand">{escape(words("digest.archive.none"))}</p>'
    feeds = "\n".join(
        f'<a href="/{DIGESTS}.{format_}">{name}</a>' for format_, name in _NAMES.items()
    )
    main = f"""{digests if headings else none}
<hr>
<p class="row"><a href="/subscriptions">{escape(words("subscribe.button"))}</a>
{feeds}</p>"""
    heading = words("digest.archive.title")
    kicker = words("subscribe.kicker")
    body = write_page(publication, kicker, heading, main, head=_links(base_url))
    return Response(200, body, CONTENT_TYPE, MAX_AGE, _headers(f"style-src {_LIST_STYLE}"))


def copy_page(digest: Digest, contents: Contents, letterhead: Letterhead) -> Response:
    """Give the web copy of a digest that has an article."""
    page = digest_letter.web_copy(digest, contents, letterhead).encode(errors="ignore")
    # It is laid out as the mail is, by style attributes, which can load and run nothing here.
    styles = f"style-src-elem {_COPY_STYLE}; style-src-attr 'unsafe-inline'"
    return Response(200, page, CONTENT_TYPE, MAX_AGE, _headers(styles))


_LIST_STYLE = style_source(mail_style.STYLE)
_COPY_STYLE = style_source(digest_letter.STYLE)


def _items(headings: Sequence[Heading], words: Words) -> Iterator[str]:
    for heading in headings:
        title, *others = map(escape, heading.titles)
        day = date.fromisoformat(heading.date)
        written = words("digest.date", weekday=words.name_weekday(day), date=words.write_date(day))
        often = words(f"digest.archive.{heading.frequency}")
        address = f"/digests/{heading.frequency}/{heading.date}"
        more = f'<p class="note" dir="auto">{" · ".join(others)}</p>\n' if others else ""
        yield (
            f'<li><p class="note"><time datetime="{heading.date}">{escape(written)}</time>'
            f" · {escape(often)}</p>\n"
            f'<h2 dir="auto"><a href="{address}">{title}</a></h2>\n{more}</li>\n'
        )


def _links(base_url: str) -> str:
    feeds = (
        f'<link rel="alternate" type="{MEDIA_TYPES[format_]}" href="/{DIGESTS}.{format_}">\n'
        for format_ in Format
    )
    return f'<link rel="canonical" href="{escape(base_url)}/digests">\n{"".join(feeds)}'


def _headers(styles: str) -> dict[str, str]:
    policy = (
        "default-src 'none'", styles, "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'",
    )  # fmt: skip
    return {"content-security-policy": "; ".join(policy)}
