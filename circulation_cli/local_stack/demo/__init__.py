"""The demo: a made-up newspaper of everything in the library, with the widget on its pages."""

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
# Nothing inline runs: what slipped through an article's sanitising still could do nothing.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' https: http: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
}


def page(path: str) -> Response | None:
    """Answer with a page or the style sheet, None where the demo has nothing."""
    now = datetime.now(UTC)
    match path.split("/")[1:]:
        case [""] | ["demo"]:
            return Response(302, headers={"location": "/demo/"})
        case ["demo", ""]:
            return _html("front.html", now, articles=_newest(ALL, now))
        case ["demo", "sections", name] if 0 < len(name) <= MAX_NAME:
            found = _newest(Listing(Kind.SECTION, name), now)
            return _html("section.html", now, section=name, articles=found) if found else None
        case ["demo", "articles", article_id] if is_id(article_id):
            return _article(article_id, now)
        case ["demo", "style.css"]:
            style = files(__name__).joinpath("style.css").read_bytes()
            return Response(200, style, "text/css; charset=utf-8", headers=HEADERS)
    return None


def articles(base_url: str, now: datetime) -> list[dict[str, Any]]:
    """Give the articles that an empty library begins with, as a publisher would send them."""
    told = json.loads(files(__name__).joinpath("articles.json").read_text(encoding="utf-8"))
    return [_submission(each, base_url, now) for each in told]


def _submission(told: dict[str, Any], base_url: str, now: datetime) -> dict[str, Any]:
    published = now - timedelta(hours=told.pop("hours_ago"))
    return told | {
        "published": published.isoformat(timespec="seconds"),
        "url": f"{base_url}/demo/articles/{told['id']}",
    }


def _article(article_id: str, now: datetime) -> Response | None:
    runtime = container()
    try:
        article = read_article(article_id, runtime.catalogue, runtime.books, now=now).article
    except (ArticleNotFound, ArticleGone):
        return None
    return _html("article.html", now, section=article.section, article=article)


def _newest(listing: Listing, now: datetime) -> list[Article]:
    found = list_articles(listing, container().catalogue, now=now, limit=LISTED)
    return [each.article for each in found.articles]


def _most_read(window: Window, now: datetime) -> list[Article]:
    runtime = container()
    found = read_popular(
        window, None, runtime.rankings, runtime.catalogue, runtime.books, now=now, limit=MOST_READ
    )
    return [each.counted.article for each in found.articles]


def _html(template: str, now: datetime, *, section: str = "", **values: object) -> Response:
    text = _pages.get_template(template).render(
        publication=container().settings.publication,
        sections=read_directory(container().catalogue, now=now)[Kind.SECTION],
        section=section,
        listings=[ALL, *([Listing(Kind.SECTION, section)] if section else [])],
        # Of all time where the week has none yet, as in a library that was just filled.
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
