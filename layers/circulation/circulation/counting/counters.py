"""The lifetime counters: one COUNT item beside each article, never inside it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.counting.counts import Count, DayCount, Standing
from circulation.counting.growth import grow, is_sealed, marks_of, time_of_mark
from circulation.counting.keys import count_key, id_of_item
from circulation.counting.tally import Increment, Refusal
from circulation.errors import ArticleNotFound
from circulation.times import day_of, milliseconds, parse_time, start_of

REMEMBERED = timedelta(days=14)
"""How long before its newest settled day a counter names each one by itself."""


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
        """Fold an increment into the lifetime numbers, unless its lines are in already.

        Only publishing makes a counter: there is none for what was never published.
        """
        return grow(
            self._table,
            count_key(increment.article),
            increment,
            {
                f"views#{increment.day}": increment.views,
                f"visitors#{increment.day}": increment.visitors,
            },
            unsealed="attribute_exists(pk) AND NOT contains(#sealed, :day)"
            " AND (attribute_not_exists(#horizon) OR #horizon < :day)",
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

    def correct(self, article: str, day: str, true: DayCount) -> int | None:
        """Set an open day's numbers; answer with the views it had, None where it is not open."""
        had = self.open_views(article, day)
        if had is not None and had != true.views:
            change = Change.setting(
                {f"views#{day}": true.views, f"visitors#{day}": true.visitors},
                condition="attribute_exists(pk) AND NOT contains(#sealed, :day)",
                names={"#sealed": "sealed"},
                values={":day": day},
            )
            with suppress(ConditionFailed):  # settled meanwhile
                self._table.update(count_key(article), change)
        return had

    def open_views(self, article: str, day: str) -> int | None:
        """Read how many views of a day are tallied; None when it is settled or nobody's."""
        item = self._table.get(count_key(article), consistent=True)
        if item is None or is_sealed(item, day):
            return None
        return int(item.get(f"views#{day}", 0))

    def unsettled(self, day: str, final: Mapping[str, int]) -> Iterator[str]:
        """Name those of some articles, with their final views, that have yet to settle a day."""
        for item in self._table.get_many(map(count_key, final), consistent=True):
            if _has_to_settle(item, day, final[id_of_item(item)]):
                yield id_of_item(item)

    def settle(self, article: str, day: str, final: DayCount, *, closed: str) -> int | None:
        """Move a day from open to settled, with its final numbers; no later line changes it.

        Every day up to the closed one is settled in every counter, so those need not be named.
        Answers with the views that were tallied, or None when there was nothing to settle: it was
        before, it had no views, or there is no counter.
        """
        tallied = None
        while True:
            item = self._table.get(count_key(article), consistent=True)
            if item is None or not _has_to_settle(item, day, final.views):
                return tallied  # of the last attempt, if it was done and its answer lost
            tallied = int(item.get(f"views#{day}", 0))
            was, as_of = item.get("sealed", set()), count_of_item(item).as_of
            horizon = min(closed, day_of(start_of(max(was | {day})) - REMEMBERED))
            change = Change.setting(
                {
                    "views": item.get("views", 0) + final.views,
                    "visitors": item.get("visitors", 0) + final.visitors,
                    # The day itself in any case: a twin's condition has to see that this was done.
                    "sealed": {name for name in was if name > horizon} | {day},
                    "horizon": max(horizon, item.get("horizon", "")),
                }
                | ({"as_of": milliseconds(as_of)} if as_of else {}),
                removing=[f"views#{day}", f"visitors#{day}", *marks_of(item, day)],
                # Only settling changes what is set here, so this guards all of it.
                condition="attribute_exists(pk) AND "
                + ("#sealed = :was" if was else "attribute_not_exists(#sealed)"),
                names={"#sealed": "sealed"},
                values={":was": was} if was else {},
            )
            with suppress(ConditionFailed):  # another day was settled meanwhile, or this one
                self._table.update(count_key(article), change)
                return tallied


def _has_to_settle(item: Item, day: str, final: int) -> bool:
    """Tell whether a counter has still to take a day's final views; no views change nothing."""
    return not is_sealed(item, day) and (final > 0 or f"views#{day}" in item)


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
        settled_days=frozenset(item.get("sealed", ())),
        horizon=item.get("horizon", ""),
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
