"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterable
from typing import Any

from circulation.articles.article import Article
from circulation.feeds.channel import Channel, categories, entry_id, summary, uri
from circulation.text import legal
from circulation.times import format_time

Json = dict[str, Any]


def json_feed(channel: Channel) -> bytes:
    """Write the channel as JSON Feed in UTF-8. The same channel gives the same bytes."""
    publication = channel.publication
    feed = {
        "home_page_url": uri(publication.url),
        "feed_url": channel.url,
        "description": publication.description,
        "icon": publication.image and uri(publication.image),
        "language": publication.language,
        "authors": _authors([publication.title]),
        "next_url": channel.next_url,
        "hubs": [{"type": "WebSub", "url": channel.style.hub}] if channel.style.hub else [],
    }
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": legal(channel.title),
        **_present(feed),
        "items": [_item(each, channel) for each in channel.articles],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _item(article: Article, channel: Channel) -> Json:
    publication, popularity = channel.publication, channel.popularity
    item = {
        "id": entry_id(article, publication),
        "url": uri(article.url),
        "title": article.title,
        "summary": summary(article),
        "image": article.image and uri(article.image),
        "date_published": format_time(publication.local(article.published)),
        "date_modified": article.updated and format_time(publication.local(article.updated)),
        "authors": _authors(article.authors),
        "tags": [tag for tag in map(legal, categories(article)) if tag],
        "language": article.language,
    }
    views: Json = {}
    if popularity:
        in_window = popularity.views[article.id]
        views = {"_views": {"window": popularity.window, "views": in_window}}
    # An item must have a text of its own.
    text = (
        {"content_html": legal(article.body)}
        if channel.style.full_text
        else {"content_text": legal(summary(article))}
    )
    return _present(item) | text | views


def _authors(names: Iterable[str]) -> list[Json]:
    return [{"name": name} for name in map(legal, names) if name]


def _present(fields: Json) -> Json:
    """Leave out what there is not, and every character that the other formats cannot take."""
    told = {
        name: legal(value) if isinstance(value, str) else value for name, value in fields.items()
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}
