"""The digests, frozen in the library's table: the first that is stored for a date stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circulation.aws.table import Change, ConditionFailed
from circulation.mail.digest import Digest, read_digest, written_digest
from circulation.mail.keys import digest_key, digests_partition
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from circulation.aws.table import Item, Table
    from circulation.mail.subscriber import Frequency

AFTER_ALL = "~"
"""A sort key after every date."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A digest in the list of digests."""

    frequency: Frequency
    date: str
    frozen: datetime
    titles: tuple[str, ...]
    """Of its newest articles."""


class Digests:
    """The digests in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def freeze(self, digest: Digest) -> Digest:
        """Store a digest unless its date has one; give the one that is stored."""
        item = {
            "content": written_digest(digest),
            "frozen": format_time(digest.frozen),
            "titles": [digest.entries[article].title for article in digest.newest[:3]],
        }
        change = Change.setting(item, condition="attribute_not_exists(pk)")
        try:
            self._table.update(digest_key(digest.frequency, digest.date), change)
        except ConditionFailed as error:
            return _digest_of(digest.frequency, error.item)
        return digest

    def get(self, frequency: Frequency, date: str) -> Digest | None:
        """Read the digest of a date; None if none was frozen."""
        item = self._table.get(digest_key(frequency, date), consistent=True)
        return _digest_of(frequency, item) if item else None

    def before(self, frequency: Frequency, date: str, limit: int) -> list[Digest]:
        """Read the last digests before a date, newest first."""
        items = self._table.query(
            digests_partition(frequency), before=date, limit=limit, consistent=True
        )
        return [_digest_of(frequency, item) for item in items]

    def newest(self, frequency: Frequency, limit: int) -> Iterator[Digest]:
        """Give the newest digests, newest first."""
        items = self._table.query(digests_partition(frequency), before=AFTER_ALL, limit=limit)
        return (_digest_of(frequency, item) for item in items)

    def headings(self, frequency: Frequency, limit: int) -> Iterator[Heading]:
        """Give the newest digests that have an article, newest first, among so many."""
        items = self._table.query(
            digests_partition(frequency),
            before=AFTER_ALL,
            limit=limit,
            only=("sk", "frozen", "titles"),
        )
        for item in items:
            if item["titles"]:
                yield Heading(
                    frequency, item["sk"], parse_time(item["frozen"]), tuple(item["titles"])
                )


def _digest_of(frequency: Frequency, item: Item) -> Digest:
    return read_digest(frequency, item["sk"], item["content"])
