"""The lifetime counters: one COUNT item beside each article, never inside it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from circulation.count import Count, DayCount
from circulation.errors import ArticleNotFound
from circulation.popularity import Standing
from circulation.store.growth import grow, marks_of, time_of_mark
from circulation.store.keys import count_key, id_of_item
from circulation.store.table import Change, ConditionFailed, Item, Table
from circulation.tally import Increment, Refusal
from circulation.times import milliseconds, parse_time

MAX_SEALED = 14
"""Sealed days that a counter remembers, the newest ones. Lines come at most a day late."""


class Counters:
    """The counters in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, article: str, *, consistent: bool = False) -> Count:
        """Read an article's count. Raises ArticleNotFound."""
        item = self._table.get(count_key(article), consistent=consistent)
        if item is None:
            raise ArticleNotFound(article)
        return count_of_item(item)

    def of(self, articles: Iterable[str], *, consistent: bool = False) -> dict[str, Count]:
        """Read the counts of articles by id; who has none is left out."""
        found = self._table.get_many(map(count_key, articles), consistent=consistent)
        return {id_of_item(item): count_of_item(item) for item in found}

    def standings(self, articles: Iterable[str]) -> dict[str, Standing]:
        """Give what a ranking has to know of those of the articles that are published."""
        found = self._table.get_many(map(count_key, articles))
        return {
            id_of_item(item): standing_of_item(item)
            for item in found
            if "section" in item and not item.get("unpublished")
        }

    def grow(self, increment: Increment) -> Refusal | None:
        """Fold an increment into the lifetime numbers, unless its lines are in already."""
        return grow(
            self._table,
            count_key(increment.article),
            increment,
            {
                f"views#{increment.day}": increment.views,
                f"visitors#{increment.day}": increment.visitors,
            },
            unsealed="NOT contains(#sealed, :day)",
        )

    def raise_base(self, article: str, total: int) -> None:
        """Raise what an older counter had counted; a smaller total changes nothing."""
        change = Change(
            update="SET #base = :total",
            condition="attribute_exists(pk) AND #base < :total",
            names={"#base": "base"},
            values={":total": total},
        )
        with suppress(ConditionFailed):
            self._table.update(count_key(article), change)

    def correct(self, article: str, day: str, true: DayCount) -> int:
        """Set an open day's numbers; answer with the views it had."""
        had = int(self._item(article).get(f"views#{day}", 0))
        if had != true.views:
            numbers = {f"views#{day}": true.views, f"visitors#{day}": true.visitors}
            self._table.update(count_key(article), Change.setting(numbers))
        return had

    def open_views(self, article: str, day: str) -> int | None:
        """Read how many views of a day are tallied, None when the day is settled."""
        item = self._item(article)
        return None if _is_settled(item, day) else int(item.get(f"views#{day}", 0))

    def settle(self, article: str, day: str, final: DayCount) -> int | None:
        """Move a day from open to settled, with its final numbers; no later line changes it.

        Answers with the views that were tallied, or None when the day was settled before.
        """
        while True:
            item = self._item(article)
            if _is_settled(item, day):
                return None
            was, as_of = item.get("sealed"), count_of_item(item).as_of
            change = Change.setting(
                {
                    "views": item.get("views", 0) + final.views,
                    "visitors": item.get("visitors", 0) + final.visitors,
                    "sealed": set(sorted({*(was or ()), day})[-MAX_SEALED:]),
                }
                | ({"as_of": milliseconds(as_of)} if as_of else {}),
                removing=[f"views#{day}", f"visitors#{day}", *marks_of(item, day)],
                # Only settling changes what is set here, so this guards all of it.
                condition="#sealed = :was" if was else "attribute_not_exists(#sealed)",
                names={"#sealed": "sealed"},
                values={":was": was} if was else {},
            )
            with suppress(ConditionFailed):  # another day was settled meanwhile, or this one
                self._table.update(count_key(article), change)
                return int(item.get(f"views#{day}", 0))

    def _item(self, article: str) -> Item:
        return self._table.get(count_key(article), consistent=True) or dict(count_key(article))


def _is_settled(item: Item, day: str) -> bool:
    """Tell whether a day is settled; one older than all that are remembered is left as it is."""
    sealed = item.get("sealed", ())
    return day in sealed or (len(sealed) == MAX_SEALED and day < min(sealed))


def count_of_item(item: Item) -> Count:
    """Sum a lifetime counter: the older counter's total, the settled days and the open days."""
    views, visitors, as_of = item.get("base", 0), 0, item.get("as_of", 0)
    open_days = []
    for name, value in item.items():
        kind, _, day = name.partition("#")
        match kind:
            case "views":  # of the settled days, and views#2026-01-31 of an open one
                views += value
                if day:
                    open_days.append(day)
            case "visitors":
                visitors += value
            case "mark":
                as_of = max(as_of, time_of_mark(value))
    return Count(
        article=id_of_item(item),
        views=views,
        visitors=visitors,
        as_of=datetime.fromtimestamp(as_of / 1000, UTC) if as_of else None,
        published=parse_time(item["published"]) if "published" in item else None,
        unpublished=parse_time(item["unpublished"]) if "unpublished" in item else None,
        section=item.get("section", ""),
        base=item.get("base", 0),
        open_days=frozenset(open_days),
    )


def standing_of_item(item: Item) -> Standing:
    """Read what a lifetime counter says of its published article."""
    count = count_of_item(item)
    return Standing(
        section=item["section"],
        published=parse_time(item["published"]),
        views=count.views,
        visitors=count.visitors,
        open_days=tuple(count.open_days),
    )
