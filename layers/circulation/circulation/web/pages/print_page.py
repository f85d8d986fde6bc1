"""The print version: an article as a page made for paper."""

from datetime import datetime
from html import escape

from circulation.articles.article import Article
from circulation.articles.publication import Publication
from circulation.times import format_time
from circulation.web.pages.style_source import style_source

CONTENT_TYPE = "text/html; charset=utf-8"

_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"}
"""Languages written from right to left unless their tag names another script (BCP 47)."""
_RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"}
_SCRIPT_LENGTH = 4
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
.dateline { margin: 0 0 1.2rem; color: #333 }
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
    by = f"{escape(', '.join(article.authors))} · " if article.authors else ""
    dateline = escape(_write_dateline(published, language))
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
<header><span>{escape(publication.title)}</span><span>{escape(article.section)}</span></header>
<main>
<h1 dir="auto">{escape(article.title)}</h1>
<p class="dateline">{by}<time dir="ltr" datetime="{format_time(published)}">{dateline}</time></p>
<div dir="auto">
{article.body}
</div>
</main>
<footer><a href="{url}" dir="ltr">{url}</a></footer>
</body>
</html>
""".encode(errors="ignore")


def direction(language: str) -> str:
    """Give the direction in which a language (BCP 47) is written: ltr or rtl."""
    first, *rest = language.lower().split("-")
    scripts = [subtag for subtag in rest if len(subtag) == _SCRIPT_LENGTH and subtag.isalpha()]
    rightward = first in _RIGHT_TO_LEFT if not scripts else scripts[0] in _RIGHT_TO_LEFT_SCRIPTS
    return "rtl" if rightward else "ltr"


def _write_dateline(moment: datetime, language: str) -> str:
    """Write the time of publication: 26 December 2025 [11:11], or 2025-12-26 if not in English."""
    if language.lower().split("-")[0] != "en":
        return f"{moment:%Y-%m-%d} [{moment:%H:%M}]"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year} [{moment:%H:%M}]"
