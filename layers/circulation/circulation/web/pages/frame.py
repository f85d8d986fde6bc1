"""An article's views as a small page, which other pages embed in a frame."""

from html import escape

from circulation.articles.article import Article
from circulation.articles.publication import Publication
from circulation.web.pages.numbers import format_number
from circulation.web.pages.pixel import EMBEDDED
from circulation.web.pages.style_source import style_source
from circulation.web.problems import detail_of
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.words.direction import direction

CONTENT_TYPE = "text/html; charset=utf-8"

# Browsers give a frame its own background if its colour scheme differs from the page's. Most pages
# are light, whatever their readers prefer; black on white is readable on all of them.
_STYLE = """
:root { color-scheme: light }
body { margin: 0; color: #1b1b1b; background: #fff; font: 1rem/1.5 system-ui, sans-serif }
p { margin: 0 }
b { font-variant-numeric: tabular-nums }
"""
HEADERS = EMBEDDED | {
    "content-security-policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src {style_source(_STYLE)}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors *",
            "sandbox",
        )
    ),
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
    "cross-origin-embedder-policy": "require-corp",  # cross-origin isolated pages require it
}


def frame_page(article: Article, views: int, publication: Publication) -> bytes:
    """Write the page in HTML; its title has the article's."""
    language = article.language or publication.language
    number = f'<b dir="ltr">{format_number(views, language)}</b>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Views of “{escape(article.title)}”</title>
<style>{_STYLE}</style>
</head>
<body lang="{escape(language)}" dir="{direction(language)}">
<p><span lang="en">Views:</span> {number}</p>
</body>
</html>
""".encode(errors="ignore")


def empty_frame(_request: Request, problem: Response) -> Response:
    """Answer with an empty page; its description has the reason why there is no number."""
    body = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex">
<meta name="description" content="{escape(detail_of(problem))}">
<title>No views</title>
<style>{_STYLE}</style>
</head>
<body></body>
</html>
"""
    headers = {**HEADERS, **problem.headers}
    return Response(problem.status, body.encode(errors="replace"), CONTENT_TYPE, headers=headers)
