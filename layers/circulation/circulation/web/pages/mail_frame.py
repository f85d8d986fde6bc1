"""The frame of the pages on subscriptions and of the list of digests."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from circulation.web.pages.mail_style import STYLE
from circulation.words.direction import direction
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from circulation.articles.publication import Publication

CONTENT_TYPE = "text/html; charset=utf-8"


def write_page(
    publication: Publication, kicker: str, heading: str, main: str, *, head: str = ""
) -> bytes:
    """Write a page in the publication's words; main and head are HTML."""
    words = words_in(publication.language)
    return f"""<!doctype html>
<html lang="{words.language}" dir="{direction(words.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{head}<title>{escape(heading)} · {escape(publication.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header lang="{escape(publication.language)}" dir="{direction(publication.language)}">
<a href="{escape(publication.url)}">{escape(publication.title)}</a></header>
<main>
<p class="kicker">{escape(kicker)}</p>
<h1>{escape(heading)}</h1>
{main}
</main>
<footer><a href="/feeds.opml">{escape(words("page.feeds"))}</a></footer>
</body>
</html>
""".encode(errors="ignore")
