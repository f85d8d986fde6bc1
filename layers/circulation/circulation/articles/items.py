"""How articles are stored as items; docs/table.md describes the attributes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circulation.articles.article import FIELDS, Article
from circulation.articles.keys import article_key
from circulation.counting.keys import id_of_item
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A stored article; article is None if it was unpublished."""

    article: Article | None
    version: int
    was_public: bool = False
    """Of an unpublished article: whether it was visible before."""
    source_ids: tuple[str, ...] = ()
    """The permanent ids that other systems know the article by."""
    noted: int = 0
    """How many changes of the article are noted."""


def item_of_article(article: Article, version: int, noted: int) -> Item:
    """Convert an article to its item; noted is how many of its changes are noted."""
    item: Item = article_key(article.id) | {"version": version, "noted": noted}
    for name, field in FIELDS.items():
        value = getattr(article, name)
        item[name] = field.to_attribute(value) if value else None
    return item | {
        "source_ids": list(article.source_ids) or None,
        "changed": article.changed and format_time(article.changed),
    }


MAX_ENTRY_BYTES = 2_000
"""Of an entry in the listing of the whole site; most have less than 1,000, for one write unit."""
_IN_ENTRIES = FIELDS.keys() - {"body", "published"}


def attributes_of_entry(article: Article) -> Item:
    """Give what the entry of the whole site's listing has: all that lists show of an article.

    If that is too much, it has only what sitemaps show; then lists read the article.
    """
    revised = {"revised": format_time(article.revised())}
    entry = revised | {
        name: FIELDS[name].to_attribute(value)
        for name in sorted(_IN_ENTRIES)
        if (value := getattr(article, name))
    }
    if len(json.dumps(entry, ensure_ascii=False).encode()) <= MAX_ENTRY_BYTES:
        return entry
    return revised | {"url": article.url, "title": article.title, "language": article.language}


def head_of_entry(item: Item) -> Article | None:
    """Read an article without its body from the entry of the whole site's listing.

    None if the entry does not have all.
    """
    if "section" not in item:
        return None
    published, _, article_id = item["sk"].partition("#")
    head = {name: FIELDS[name].from_attribute(item[name]) for name in _IN_ENTRIES & item.keys()}
    return Article(id=article_id, published=parse_time(published), body="", **head)


def item_of_unpublished(  # noqa: PLR0913  what remains
    article_id: str,
    version: int,
    now: datetime,
    *,
    noted: int,
    was_public: bool,
    source_ids: Sequence[str] = (),
) -> Item:
    """Give the item that remains of an unpublished article."""
    return article_key(article_id) | {
        "version": version,
        "noted": noted,
        "unpublished": format_time(now),
        "was_public": was_public,
        "source_ids": list(source_ids) or None,
    }


def shelved_of_item(item: Item) -> Shelved:
    """Read an article's item, or what remains of it."""
    if "unpublished" in item:
        source_ids = tuple(item.get("source_ids", ()))
        return Shelved(
            None, item["version"], item["was_public"], source_ids, noted=item.get("noted", 0)
        )
    return Shelved(
        Article(
            id=id_of_item(item),
            changed=parse_time(item["changed"]) if "changed" in item else None,
            source_ids=tuple(item.get("source_ids", ())),
            **{
                name: field.from_attribute(item[name])
                for name, field in FIELDS.items()
                if name in item
            },
        ),
        item["version"],
        noted=item.get("noted", 0),
        source_ids=tuple(item.get("source_ids", ())),
    )
