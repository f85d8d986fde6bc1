"""The most read articles in JSON, as docs/api.md describes them."""

from typing import Any

from circulation.articles.publication import Publication
from circulation.popularity.periods import Period
from circulation.popularity.queries import Popular
from circulation.popularity.windows import Among, Window
from circulation.times import format_time
from circulation.web.cursors import cursor_of_rank
from circulation.web.json.articles import WHOLE, Shape, article_json

Json = dict[str, Any]


def ranked_json(popular: Popular, publication: Publication, shape: Shape = WHOLE) -> Json:
    """Write a page of the most read articles, with the cursor of the next page if there is one."""
    document: Json = {
        "articles": [
            article_json(ranked.counted, publication, shape) | {"window_views": ranked.window_views}
            for ranked in popular.articles
        ]
    }
    if popular.after is None:
        return document
    article, views = popular.after
    return document | {"cursor": cursor_of_rank(views, article)}


def popular_json(
    popular: Popular,
    window: Window | Period,
    section: str | None,
    among: Among,
    publication: Publication,
) -> Json:
    """Write the most read articles in order, without their bodies."""
    articles = []
    for ranked in popular.articles:
        document = article_json(ranked.counted, publication) | {"window_views": ranked.window_views}
        del document["body"]
        articles.append(document)
    return {
        "window": str(window),
        **({"section": section} if section else {}),
        **({"tag": among.tag} if among.tag else {}),
        **({"window_views_error": popular.error} if popular.error else {}),
        "as_of": popular.as_of and format_time(popular.as_of),
        "articles": articles,
    }
