"""How many articles a section lists: added up in the transactions that list them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from circulation.articles import keys
from circulation.aws.table import Change, Item, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from circulation.articles.change import Revision

SHARES = 8
"""Items that a section's size is split among, so that two publishers seldom write the same one.

A transaction is refused if another one writes an item of it at the same time."""


class SectionSizes:
    """The sizes of sections in the library's table, with articles that are to appear later."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, *, limit: int) -> Counter[str]:
        """Read the sizes of the first sections by name, up to limit; consistently.

        A section is missing if all of it was listed by a version that did not add sizes up. So may
        be the last ones of the limit, as shares are in a slightly different order than names are.
        """
        most = limit * SHARES
        items = list(self._table.query(keys.SECTION_SIZES, limit=most, consistent=True))
        sizes = Counter[str]()
        for item in items:
            sizes[keys.section_of_share(item["sk"])] += item["articles"]
        if len(items) == most:  # there may be more shares of the last section
            del sizes[keys.section_of_share(items[-1]["sk"])]
        return sizes

    def actions(self, changes: Mapping[str, int], first: str) -> Iterator[Item]:
        """Give the actions of a transaction that change sizes, by section.

        First is the first article of it: it decides which share of a size is written.
        """
        for section, change in sorted(changes.items()):
            share = crc32(first.encode()) % SHARES
            yield self._table.updating(keys.section_share_key(section, share), _adding(change))

    def correct(self, section: str, listed: int, shares: Mapping[str, Item]) -> None:
        """Add what is missing to the size of a section that lists so many, by its shares.

        Raises ConditionFailed if the share that it is added to has changed since they were read, as
        it has after a call whose answer was lost and which was made again.
        """
        missing = listed - sum(item["articles"] for item in shares.values())
        if missing or not shares:
            key = keys.section_share_key(section, 0)
            share = shares.get(key["sk"])
            adding = _adding(missing)
            condition = "#changes = :changes" if share else "attribute_not_exists(#changes)"
            known = {":changes": share["changes"]} if share else {}
            self._table.update(
                key, replace(adding, condition=condition, values={**adding.values, **known})
            )

    def shares(self, section: str) -> dict[str, Item]:
        """Read the shares of a section's size, by their sort keys; consistently.

        They differ from those read before if the section has changed since.
        """
        wanted_keys = [keys.section_share_key(section, share) for share in range(SHARES)]
        return {item["sk"]: item for item in self._table.get_many(wanted_keys, consistent=True)}


def changes_of_sizes(revision: Revision) -> Counter[str]:
    """Give by how much a revision changes the sizes of sections; only those that it changes."""
    changes = Counter[str]()
    if revision.before:
        changes[revision.before.section] -= 1
    if revision.after:
        changes[revision.after.section] += 1
    return Counter({section: change for section, change in changes.items() if change})


def _adding(articles: int) -> Change:
    return Change(
        update="ADD #articles :articles, #changes :one",
        names={"#articles": "articles", "#changes": "changes"},
        values={":articles": articles, ":one": 1},
    )
