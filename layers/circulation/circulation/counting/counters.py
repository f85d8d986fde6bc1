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
"""A counter lists each settled day up to this long before the newest; older ones are below its
horizon."""


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
        """Read the counts of articles by id, of those that have one."""
        items = self._table.get_many(map(count_key, articles), consistent=consistent)
        return {id_of_item(item): count_of_item(item) for item in items}

    def standings(self, articles: Iterable[str]) -> dict[str, Standing]:
        """Read what a ranking needs of articles by id, of those that are published."""
        items = self._table.get_many(map(count_key, articles))
        return {
            id_of_item(item): standing_of_item(item)
            for item in items
            if "section" in item and not item.get("unpublished")
        }

    def grow(self, increment: Increment) -> Refusal | None:
        """Add an increment to the lifetime numbers, unless its lines were added before.

        None if it was added. Only publishing creates a counter, so an article that was never
        published has none.
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
        """Raise the older counter's total of views; a smaller total changes nothing."""
        change = Change(
            update="SET #base = :total",
            condition="attribute_exists(pk) AND #base < :total",
            names={"#base": "base"},
            values={":total": total},
        )
        with suppress(ConditionFailed):
            self._table.update(count_key(article), change)

    def correct(self, article: str, day: str, true: DayCount) -> int | None:
        """Set an open day's numbers; give the views that it had, None if it is not open."""
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
        """Read how many views of a day are tallied; None if it is settled or without a counter."""
        item = self._table.get(count_key(article), consistent=True)
        if item is None or is_sealed(item, day):
            return None
        return int(item.get(f"views#{day}", 0))

    def unsettled(self, day: str, final: Mapping[str, int]) -> Iterator[str]:
        """Give those articles that have not settled a day yet; final has the final views by id."""
        for item in self._table.get_many(map(count_key, final), consistent=True):
            if _has_to_settle(item, day, final[id_of_item(item)]):
                yield id_of_item(item)

    def settle(self, article: str, day: str, final: DayCount, *, closed: str) -> int | None:
        """Move a day from open to settled, with its final numbers, which no later line changes.

        Every day up to the closed one is settled in every counter, so the counter's list of settled
        days may leave those out. Gives the views that were tallied; None if nothing was to settle:
        the day was settled before, it had no views, or there is no counter.
        """
        tallied = None
        while True:
            item = self._table.get(count_key(article), consistent=True)
            if item is None or not _has_to_settle(item, day, final.views):
                return tallied  # by the last attempt, if that was written but its response lost
            tallied = int(item.get(f"views#{day}", 0))
            was, as_of = item.get("sealed", set()), count_of_item(item).as_of
            horizon = min(closed, day_of(start_of(max(was | {day})) - REMEMBERED))
            change = Change.setting(
                {
                    "views": item.get("views", 0) + final.views,
                    "visitors": item.get("visitors", 0) + final.visitors,
                    # The day itself is always listed: the condition of a concurrent call reads it.
                    "sealed": {name for name in was if name > horizon} | {day},
                    "horizon": max(horizon, item.get("horizon", "")),
                }
                | ({"as_of": milliseconds(as_of)} if as_of else {}),
                removing=[f"views#{day}", f"visitors#{day}", *marks_of(item, day)],
                # Only settling writes these attributes, so this condition guards all of them.
                condition="attribute_exists(pk) AND "
                + ("#sealed = :was" if was else "attribute_not_exists(#sealed)"),
                names={"#sealed": "sealed"},
                values={":was": was} if was else {},
            )
            with suppress(ConditionFailed):  # another day was settled meanwhile, or this one
                self._table.update(count_key(article), change)
                return tallied


def _has_to_settle(item: Item, day: str, final: int) -> bool:
    """Tell whether a counter still has to settle a day; without any views it has not."""
    return not is_sealed(item, day) and (final > 0 or f"views#{day}" in item)


def count_of_item(item: Item) -> Count:
    """Read a counter's item; its views are the older total, corrections, settled and open days.

    A correction never makes the number negative; a day that is sealed with fewer views than were
    tallied, or what is imported, can: then it is 0.
    """
    counted, visitors, as_of = 0, 0, item.get("as_of", 0)
    base, adjust = item.get("base", 0), item.get("adjust", 0)
    open_days = []
    for name, value in item.items():
        kind, _, day = name.partition("#")
        match kind:
            case "views":  # of the settled days, and views#2026-01-31 of an open one
                counted += value
                if day:
                    open_days.append(day)
            case "visitors":
                visitors += value
            case "mark":
                as_of = max(as_of, time_of_mark(value))
    return Count(
        article=id_of_item(item),
        views=max(0, base + adjust + counted),
        visitors=visitors,
        as_of=datetime.fromtimestamp(as_of / 1000, UTC) if as_of else None,
        published=parse_time(item["published"]) if "published" in item else None,
        unpublished=parse_time(item["unpublished"]) if "unpublished" in item else None,
        section=item.get("section", ""),
        base=base,
        adjust=adjust,
        counted=counted,
        corrections=item.get("corrections", 0),
        open_days=frozenset(open_days),
        settled_days=frozenset(item.get("sealed", ())),
        horizon=item.get("horizon", ""),
    )


def standing_of_item(item: Item) -> Standing:
    """Read what a ranking needs out of the counter's item of a published article."""
    count = count_of_item(item)
    return Standing(
        section=item["section"],
        published=parse_time(item["published"]),
        views=count.views,
        visitors=count.visitors,
        open_days=tuple(count.open_days),
    )
