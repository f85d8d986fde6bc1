"""How articles are stored as items; docs/table.md describes the attributes."""

from __future__ import annotations

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
