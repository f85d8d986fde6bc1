"""The demo: a made-up newspaper with all articles of the library and the widget on its pages."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from circulation.articles.article import Article
from circulation.articles.fields import MAX_NAME
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.queries import list_articles, read_article
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.feeds.addresses import feed_path
from circulation.feeds.channel import MEDIA_TYPES, Format, summary
from circulation.feeds.selection import read_directory
from circulation.ids import is_id
from circulation.popularity.queries import read_popular
from circulation.popularity.windows import Window
from circulation.runtime import container
from circulation.text import shortened
from circulation.web.pages.print_page import direction
from circulation.web.response import Response

LISTED = 100
MOST_READ = 5
TEASER_LENGTH = 200
FEED_NAMES = {Format.RSS: "RSS", Format.ATOM: "Atom", Format.JSON: "JSON Feed"}
# No inline script runs, even if one got through the sanitising of an article.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' https: http: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
}


def page(path: str) -> Response | None:
    """Respond with a page or the style sheet at a path; None if the demo has none there."""
    now = datetime.now(UTC)
    match path.split("/")[1:]:
        case [""] | ["demo"]:
            return Response(302, headers={"location": "/demo/"})
        case ["demo", ""]:
            return _html("front.html", now, articles=_newest(ALL, now))
        case ["demo", "sections", name] if 0 < len(name) <= MAX_NAME:
            newest = _newest(Listing(Kind.SECTION, name), now)
            return _html("section.html", now, section=name, articles=newest) if newest else None
        case ["demo", "articles", article_id] if is_id(article_id):
            return _article_page(article_id, now)
        case ["demo", "style.css"]:
            style = files(__name__).joinpath("style.css").read_bytes()
            return Response(200, style, "text/css; charset=utf-8", headers=HEADERS)
    return None


def articles(base_url: str, now: datetime) -> list[dict[str, Any]]:
    """Give the demo's articles as submissions."""
    text = files(__name__).joinpath("articles.json").read_text(encoding="utf-8")
    return [_submission_of(article, base_url, now) for article in json.loads(text)]


def _submission_of(article: dict[str, Any], base_url: str, now: datetime) -> dict[str, Any]:
    published = now - timedelta(hours=article.pop("hours_ago"))
    return article | {
        "published": published.isoformat(timespec="seconds"),
        "url": f"{base_url}/demo/articles/{article['id']}",
    }


def _article_page(article_id: str, now: datetime) -> Response | None:
    runtime = container()
    try:
        article = read_article(article_id, runtime.catalogue, runtime.books, now=now).article
    except (ArticleNotFound, ArticleGone):
        return None
    return _html("article.html", now, section=article.section, article=article)


def _newest(listing: Listing, now: datetime) -> list[Article]:
    page = list_articles(listing, container().catalogue, now=now, limit=LISTED)
    return [entry.article for entry in page.articles]


def _most_read(window: Window, now: datetime) -> list[Article]:
    runtime = container()
    page = read_popular(
        window, None, runtime.rankings, runtime.catalogue, runtime.books, now=now, limit=MOST_READ
    )
    return [ranked.counted.article for ranked in page.articles]


def _html(template: str, now: datetime, *, section: str = "", **values: object) -> Response:
    text = _pages.get_template(template).render(
        publication=container().settings.publication,
        sections=read_directory(container().catalogue, now=now)[Kind.SECTION],
        section=section,
        listings=[ALL, *([Listing(Kind.SECTION, section)] if section else [])],
        # Of all time if the week has none yet, as in a library that was just filled.
        limit=MOST_READ,
        most_read=_most_read(Window.WEEK, now) or _most_read(Window.ALL, now),
        **values,
    )
    return Response(200, text.encode(), "text/html; charset=utf-8", headers=HEADERS)


def _teaser(article: Article) -> str:
    return shortened(summary(article), TEASER_LENGTH)


_pages = Environment(
    loader=PackageLoader(__name__, "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.globals.update(
    direction=direction, feed_path=feed_path, feed_names=FEED_NAMES, media_types=MEDIA_TYPES
)
_pages.filters["teaser"] = _teaser
