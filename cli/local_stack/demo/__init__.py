"""The demo: a small news page of everything in the library, with the widget on it."""

import json
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader

from circulation.article import Article
from circulation.container import container
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.listing import ALL
from circulation.popularity import Window
from circulation.publication import Publication
from circulation.reading import list_articles, read_article, read_popular
from circulation.text import plain, shortened
from circulation.web.response import Response

MOST_READ = 5

_ARTICLE = re.compile(r"/demo/articles/([a-z0-9][a-z0-9-]{0,63})")
_pages = Environment(loader=PackageLoader(__name__, "."), autoescape=True)


def page(path: str) -> Response | None:
    """Answer the front page, an article's page, or None where the demo has nothing."""
    publication = container().settings.publication
    if path in ("/", "/demo"):
        return Response(302, headers={"location": "/demo/"})
    if path == "/demo/":
        return _html("front.html", publication, articles=_newest(), popular=_most_read())
    told = _ARTICLE.fullmatch(path)
    if not told:
        return None
    try:
        found = read_article(told[1], container().store, now=datetime.now(UTC))
    except (ArticleNotFound, ArticleGone):
        return None
    return _html("article.html", publication, article=found.article)


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


def _newest() -> list[dict[str, Any]]:
    page = list_articles(ALL, container().store, now=datetime.now(UTC), limit=100)
    return [
        {
            "article": each.article,
            "summary": each.article.summary or shortened(plain(each.article.body), 180),
        }
        for each in page.articles
    ]


def _most_read() -> list[Article]:
    now = datetime.now(UTC)
    found = read_popular(Window.ALL, None, container().store, now=now, limit=MOST_READ)
    return [each.counted.article for each in found.articles]


def _html(name: str, publication: Publication, **values: object) -> Response:
    text = _pages.get_template(name).render(publication=publication, **values)
    return Response(200, text.encode(), "text/html; charset=utf-8")
