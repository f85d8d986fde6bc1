"""Write JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterable
from typing import Any

from circulation.articles.article import Article
from circulation.feeds.channel import Channel, categories, entry_id, recording, summary, uri
from circulation.text import legal
from circulation.times import format_time

Json = dict[str, Any]


def json_feed(channel: Channel) -> bytes:
    """Write a channel as JSON Feed in UTF-8. The same channel gives the same bytes."""
    publication = channel.publication
    feed = {
        "home_page_url": uri(channel.home),
        "feed_url": channel.url,
        "description": publication.description,
        "icon": publication.image and uri(publication.image),
        "language": publication.language,
        "authors": _authors_of([publication.title]),
        "next_url": channel.next_url,
        "hubs": [{"type": "WebSub", "url": channel.style.hub}] if channel.style.hub else [],
    }
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": legal(channel.title),
        **_drop_empty(feed),
        "items": [_item_of(article, channel) for article in channel.articles],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _item_of(article: Article, channel: Channel) -> Json:
    publication, popularity = channel.publication, channel.popularity
    file = recording(article)
    item = {
        "id": entry_id(article, publication),
        "url": uri(article.url),
        "title": article.title,
        "summary": summary(article),
        "image": article.image and uri(article.image),
        "date_published": format_time(publication.local(article.published)),
        "date_modified": article.updated and format_time(publication.local(article.updated)),
        "authors": _authors_of(article.authors),
        "attachments": [{"url": file[0], "mime_type": file[1]}] if file else [],
        "tags": [tag for tag in map(legal, categories(article)) if tag],
        "language": article.language,
    }
    views: Json = {}
    if popularity:
        in_window = popularity.views[article.id]
        views = {"_views": {"window": popularity.window, "views": in_window}}
    # An item must have a content_html or content_text.
    text = (
        {"content_html": legal(article.body)}
        if channel.style.full_text
        else {"content_text": legal(summary(article))}
    )
    return _drop_empty(item) | text | views


def _authors_of(names: Iterable[str]) -> list[Json]:
    return [{"name": name} for name in map(legal, names) if name]


def _drop_empty(fields: Json) -> Json:
    """Drop empty fields, and the characters that the other formats cannot have."""
    cleaned = {
        name: legal(value) if isinstance(value, str) else value for name, value in fields.items()
    }
    return {name: value for name, value in cleaned.items() if value not in (None, "", [])}
