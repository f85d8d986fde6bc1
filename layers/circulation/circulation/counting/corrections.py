"""The corrections of articles' numbers: an item each, and their sum in the counter."""

from collections.abc import Callable, Iterable, Sequence

from circulation.aws.table import Change, Item, Table, TransactionRefused
from circulation.counting.books import Books
from circulation.counting.correction import MAX_CORRECTIONS, Correction
from circulation.counting.counts import Count
from circulation.counting.keys import article_partition, correction_key, count_key
from circulation.errors import Fault, InvalidInput, PublishConflict
from circulation.times import format_time, parse_time

ATTEMPTS = 5
_FIRST, _PAST = "CORRECTION#", "CORRECTION$"  # "$" follows "#"

Choose = Callable[[Count, Sequence[Correction]], Iterable[Correction]]
"""Chooses the corrections to add by an article's count and the known ones; none if all are known.

It may be called several times.
"""


class Corrections:
    """The corrections in the library's table."""

    def __init__(self, table: Table, books: Books) -> None:
        self._table = table
        self._books = books

    def of(self, article: str) -> list[Correction]:
        """Read an article's corrections, the oldest first."""
        items = self._table.query(
            article_partition(article), between=(_FIRST, _PAST), consistent=True
        )
        return sorted(map(_correction_of, items), key=lambda found: (found.at, found.id))

    def add(self, article: str, choose: Choose) -> Count:
        """Add corrections and give the count with them, in one transaction.

        Corrections only become more, so their number in the counter shows whether others were added
        meanwhile; then they are chosen anew. The base is compared because an older total may be
        corrected to a number. Raises ArticleNotFound, InvalidInput if there are too many, and
        PublishConflict.
        """
        for _ in range(ATTEMPTS):
            count = self._books.count(article, consistent=True)
            known = self.of(article) if count.corrections else []
            added = list(choose(count, known))
            if not added:
                return count
            if len(known) + len(added) > MAX_CORRECTIONS:
                reason = f"there are {len(known)} of the article; it has at most {MAX_CORRECTIONS}"
                raise InvalidInput(Fault("corrections", reason))
            try:
                self._table.transact(
                    *(self._table.putting(_item_of(article, entry)) for entry in added),
                    self._table.updating(count_key(article), _change(count, added)),
                )
            except TransactionRefused:
                continue
            return self._books.count(article, consistent=True)
        raise PublishConflict(article)


def missing(corrections: Iterable[Correction]) -> Choose:
    """Choose those of some corrections that are not known: what an import adds."""
    imported = list(corrections)

    def choose(_count: Count, known: Sequence[Correction]) -> list[Correction]:
        ids = {correction.id for correction in known}
        return [correction for correction in imported if correction.id not in ids]

    return choose


def _change(count: Count, added: Sequence[Correction]) -> Change:
    was = "#corrections = :was" if count.corrections else "attribute_not_exists(#corrections)"
    return Change.setting(
        {
            "adjust": count.adjust + sum(correction.views for correction in added),
            "corrections": count.corrections + len(added),
        },
        condition=f"attribute_exists(pk) AND {was}"
        " AND (attribute_not_exists(#base) OR #base = :base)",
        names={"#corrections": "corrections", "#base": "base"},
        values={":base": count.base} | ({":was": count.corrections} if count.corrections else {}),
    )


def _item_of(article: str, correction: Correction) -> Item:
    total = {} if correction.total is None else {"total": correction.total}
    return {
        **correction_key(article, correction.id),
        "views": correction.views,
        "at": format_time(correction.at),
        "by": correction.by,
        "reason": correction.reason,
        **total,
    }


def _correction_of(item: Item) -> Correction:
    return Correction(
        item["sk"].removeprefix(_FIRST),
        item["views"],
        parse_time(item["at"]),
        item["by"],
        item["reason"],
        item.get("total"),
    )
