"""The print version: an article as a page made for paper."""

from datetime import datetime
from html import escape

from circulation.articles.article import Article
from circulation.articles.publication import Publication
from circulation.times import format_time
from circulation.web.pages.style_source import style_source
from circulation.words.direction import direction
from circulation.words.texts import words_in

CONTENT_TYPE = "text/html; charset=utf-8"

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_STYLE = """
@page { margin: 20mm 18mm }
:root { color-scheme: light }
body { max-width: 42em; margin: 2rem auto; padding: 0 1rem; color: #000; background: #fff;
  font: 12pt/1.5 Georgia, "Times New Roman", "Noto Serif", "Noto Naskh Arabic", serif }
header, footer { font: 10pt/1.4 Arial, "Noto Sans", sans-serif; color: #333 }
header { display: flex; justify-content: space-between; gap: 1em; padding-bottom: .4em;
  border-bottom: 1px solid #000 }
h1 { margin: 1rem 0 .3rem; font-size: 20pt; line-height: 1.2 }
header .section::first-letter { text-transform: uppercase }
.summary { margin: 0 0 .5rem; font-size: 13pt; line-height: 1.4 }
.dateline { margin: 0 0 1.2rem; color: #333 }
figure { margin: 1.2rem 0; break-inside: avoid }
figcaption { font: 10pt/1.4 Arial, "Noto Sans", sans-serif; color: #333 }
p, li, blockquote { orphans: 3; widows: 3; overflow-wrap: anywhere }
h1, h2, h3, h4 { break-after: avoid }
img, table, pre, blockquote { max-width: 100%; break-inside: avoid }
img { height: auto }
table { border-collapse: collapse }
td, th { border: 1px solid #999; padding: .2em .5em }
pre { white-space: pre-wrap }
main a { color: inherit }
footer { margin-top: 2rem; padding-top: .4em; border-top: 1px solid #000;
  overflow-wrap: anywhere }
@media print { body { max-width: none; margin: 0; padding: 0 } }
"""
_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {style_source(_STYLE)}",
        "img-src http: https:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
}


def print_page(article: Article, publication: Publication) -> bytes:
    """Write the page in HTML. The same article gives the same bytes."""
    language = article.language or publication.language
    published = publication.local(article.published)
    url = escape(article.url)
    parts = [escape(", ".join(article.authors)), _write_time(published, language)]
    if update := article.later_update():
        parts.append(_write_update(publication.local(update), published, language))
    return f"""<!doctype html>
<html lang="{escape(language)}" dir="{direction(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(article.title)} · {escape(publication.title)}</title>
<link rel="canonical" href="{url}">
<style>{_STYLE}</style>
</head>
<body>
<header lang="{escape(publication.language)}"><span>{escape(publication.title)}</span>
<span class="section">{escape(article.section)}</span></header>
<main>
<h1 dir="auto">{escape(article.title)}</h1>
{_write_summary(article)}<p class="dateline">{" · ".join(filter(None, parts))}</p>
{_write_picture(article)}<div dir="auto">
{article.body}
</div>
</main>
<footer><a href="{url}" dir="ltr">{url}</a></footer>
</body>
</html>
""".encode(errors="ignore")


def _write_summary(article: Article) -> str:
    summary = escape(article.summary or "")
    return f'<p class="summary" dir="auto">{summary}</p>\n' if summary else ""


def _write_picture(article: Article) -> str:
    """Write the article's image, unless its body has it."""
    if not article.image or article.has_image_in_body():
        return ""
    return f'<figure><img src="{escape(article.image)}" alt=""></figure>\n'


def _write_update(updated: datetime, published: datetime, language: str) -> str:
    """Write when the article was updated, by the time alone if that was the same day."""
    words = words_in(language)
    is_same_day = updated.date() == published.date()
    moment = _write_time(updated, language, with_day=not is_same_day)
    way = direction(words.language)
    text = words("print.updated", moment=moment)
    return f'<span lang="{words.language}" dir="{way}">{text}</span>'


def _write_time(moment: datetime, language: str, *, with_day: bool = True) -> str:
    """Write a time: 26 December 2025 [11:11], or 2025-12-26 if not in English."""
    is_english = language.lower().split("-")[0] == "en"
    month = _MONTHS[moment.month - 1]
    day = f"{moment.day} {month} {moment.year}" if is_english else f"{moment:%Y-%m-%d}"
    text = f"{day} [{moment:%H:%M}]" if with_day else f"[{moment:%H:%M}]"
    return f'<time dir="ltr" datetime="{format_time(moment)}">{text}</time>'
