"""The histories of articles: an item for each change, and one for the digests that had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.articles.change import Alteration, ChangeKind
from circulation.articles.keys import change_key, mailings_key
from circulation.aws.parallel import for_each
from circulation.aws.table import Change, ConditionFailed
from circulation.counting.keys import article_partition
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from circulation.aws.table import Item, Key, Table

MAX_MAILINGS = 50
"""Digests that are noted of an article, the first ones; further ones are sent all the same."""
_FIRST, _PAST = "CHANGE#", "CHANGE$"  # "$" follows "#"


class Changes:
    """The histories in the library's table; the library writes a change with the article."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, article: str) -> list[Alteration]:
        """Read what is noted of an article, the oldest first; at most 200."""
        items = self._table.query(
            article_partition(article), between=(_FIRST, _PAST), consistent=True
        )
        found = [alteration for item in items for alteration in _alterations_of(item)]
        return sorted(found, key=lambda alteration: (alteration.at, alteration.version or 0))

    def note_mailing(self, article: str, frequency: str, frozen: datetime) -> None:
        """Note that a digest of a frequency, frozen at a time, has an article; once.

        Of an article with MAX_MAILINGS of them nothing is noted.
        """
        change = Change(
            update="ADD #digests :digest",
            condition="attribute_not_exists(#digests) OR size(#digests) < :most",
            names={"#digests": "digests"},
            values={":digest": {f"{format_time(frozen)}#{frequency}"}, ":most": MAX_MAILINGS},
        )
        try:
            self._table.update(mailings_key(article), change)
        except ConditionFailed:
            return

    def remove_titles(self, article: str) -> None:
        """Remove the titles from an article's history: of what is unpublished no text is kept."""
        titled = [alteration for alteration in self.of(article) if alteration.title]

        def remove(alteration: Alteration) -> None:
            names = {"#title": "title", "#was": "title_was"}
            change = Change(update="REMOVE #title, #was", names=names)
            self._table.update(_key_of(article, alteration), change)

        for_each(titled, remove)


def item_of_alteration(article: str, alteration: Alteration) -> Item:
    """Convert what is noted of a change to its item."""
    return {
        **_key_of(article, alteration),
        "kinds": list(alteration.kinds),
        "version": alteration.version,
        "title": alteration.title,
        "title_was": alteration.title_was,
        "section": alteration.section,
        "section_was": alteration.section_was,
        "published": alteration.published and format_time(alteration.published),
    }


def mailings_of_item(item: Item) -> tuple[datetime, ...]:
    """Read when the digests that had an article were frozen, from the item that notes them."""
    return tuple(parse_time(digest.partition("#")[0]) for digest in sorted(item["digests"]))


def _alterations_of(item: Item) -> Iterator[Alteration]:
    if "digests" in item:
        for frozen in mailings_of_item(item):
            yield Alteration(frozen, (ChangeKind.MAILED,))
        return
    published = item.get("published")
    yield Alteration(
        parse_time(item["sk"].split("#")[1]),
        tuple(map(ChangeKind, item["kinds"])),
        item["version"],
        title=item.get("title"),
        title_was=item.get("title_was"),
        section=item.get("section"),
        section_was=item.get("section_was"),
        published=parse_time(published) if published else None,
    )


def _key_of(article: str, alteration: Alteration) -> Key:
    return change_key(article, format_time(alteration.at), alteration.version)
