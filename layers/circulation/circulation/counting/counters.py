"""The lifetime counters: one COUNT item beside each article, never inside it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from sys import intern

from circulation.aws.parallel import for_each, portions
from circulation.aws.table import MAX_KEYS, Change, ConditionFailed, Item, Table
from circulation.counting.counts import DayCount, Labels, LifetimeCounter, Standing
from circulation.counting.keys import count_key, id_of_item
from circulation.times import day_of, parse_time, start_of

REMEMBERED = timedelta(days=14)
"""A counter lists each settled day up to this long before the newest; older ones are below its
horizon."""
MAX_NAMED = 10_000
"""Open days of articles that a container remembers to have named."""


class Counters:
    """The counters in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._named: set[tuple[str, str]] = set()

    def of(
        self, articles: Iterable[str], *, consistent: bool = False
    ) -> dict[str, LifetimeCounter]:
        """Read the counters of articles by id, of those that have one."""
        items = self._table.get_many(map(count_key, articles), consistent=consistent)
        return {id_of_item(item): counter_of_item(item) for item in items}

    def standings(
        self, articles: Iterable[str], days: Collection[str]
    ) -> dict[str, Standing | None]:
        """Read the standings of articles by id, also which of some days are settled.

        None if an article was never published. Of any number of articles, several calls at a time.
        """
        sets: dict[frozenset[str], frozenset[str]] = {}

        def read(ids: list[str]) -> dict[str, Standing | None]:
            found: dict[str, Standing | None] = dict.fromkeys(ids)
            for item in self._table.get_many(map(count_key, ids)):
                standing = counter_of_item(item).standing(days)
                # One set for all articles that have the same days.
                found[id_of_item(item)] = standing and standing._replace(
                    open_days=sets.setdefault(standing.open_days, standing.open_days),
                    settled_days=sets.setdefault(standing.settled_days, standing.settled_days),
                )
            return found

        standings: dict[str, Standing | None] = {}
        for found in for_each(portions(map(intern, articles), MAX_KEYS), read):
            standings.update(found)
        return standings

    def open(self, article: str, day: str) -> None:
        """Name a day as open, whose page has views; one write per container, article and day.

        Only publishing creates a counter, so an article that was never published has none. A day
        that is settled, also one that is listed no more, is never named again.
        """
        if (article, day) in self._named:
            return
        change = Change(
            update="ADD #open :days",
            condition="attribute_exists(pk) AND NOT contains(#open, :day)"
            " AND NOT contains(#sealed, :day)"
            " AND (attribute_not_exists(#horizon) OR #horizon < :day)",
            names={"#open": "open", "#sealed": "sealed", "#horizon": "horizon"},
            values={":day": day, ":days": {day}},
        )
        with suppress(ConditionFailed):
            self._table.update(count_key(article), change)
        if len(self._named) >= MAX_NAMED:
            self._named.clear()
        self._named.add((article, day))

    def labels_of(self, article: str) -> Labels:
        """Read what an article's counter says of it; nothing without a counter."""
        item = self._table.get(count_key(article), consistent=True)
        return counter_of_item(item).labels if item else Labels()

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

    def unsettled(self, day: str, final: Mapping[str, int]) -> Iterator[str]:
        """Give those articles that have not settled a day yet; final has the final views by id."""

        def find(articles: list[str]) -> list[str]:
            items = self._table.get_many(map(count_key, articles), consistent=True)
            found = ((id_of_item(item), item) for item in items)
            return [article for article, item in found if _has_to_settle(item, day, final[article])]

        for waiting in for_each(portions(final, MAX_KEYS), find):
            yield from waiting

    def settle(self, article: str, day: str, final: DayCount, *, closed: str) -> bool:
        """Move a day from open to settled, with its final numbers.

        Every day up to the closed one is settled in every counter, so the counter's list of settled
        days may leave those out. False if nothing was to settle: the day was settled before, it had
        no views, or there is no counter.
        """
        tried = False
        while True:
            item = self._table.get(count_key(article), consistent=True)
            if item is None or not _has_to_settle(item, day, final.views):
                return tried  # by the last attempt, if that was written but its response lost
            tried = True
            was = item.get("sealed", set())
            horizon = min(closed, day_of(start_of(max(was | {day})) - REMEMBERED))
            setting = Change.setting(
                {
                    "views": item.get("views", 0) + final.views,
                    "visitors": item.get("visitors", 0) + final.visitors,
                    # The day itself is always listed: the condition of a concurrent call reads it.
                    "sealed": {name for name in was if name > horizon} | {day},
                    "horizon": max(horizon, item.get("horizon", "")),
                },
                # Only settling writes these attributes, so this condition guards all of them.
                condition="attribute_exists(pk) AND "
                + ("#sealed = :was" if was else "attribute_not_exists(#sealed)"),
                names={"#sealed": "sealed", "#open": "open"},
                values={":days": {day}} | ({":was": was} if was else {}),
            )
            change = replace(setting, update=f"{setting.update} DELETE #open :days")
            with suppress(ConditionFailed):  # another day was settled meanwhile, or this one
                self._table.update(count_key(article), change)
                return True


def _has_to_settle(item: Item, day: str, final: int) -> bool:
    """Tell whether a counter still has to settle a day; without any views it has not.

    A day that was never named may have views all the same, if the tally did not run.
    """
    is_open = day in item.get("open", ())
    if day in item.get("sealed", ()) or (day <= item.get("horizon", "") and not is_open):
        return False
    return final > 0 or is_open


def counter_of_item(item: Item) -> LifetimeCounter:
    """Read a counter's item."""
    settled = frozenset(item.get("sealed", ()))
    return LifetimeCounter(
        article=id_of_item(item),
        views=item.get("views", 0),
        visitors=item.get("visitors", 0),
        base=item.get("base", 0),
        adjust=item.get("adjust", 0),
        corrections=item.get("corrections", 0),
        labels=Labels(
            item.get("title", ""),
            item.get("section", ""),
            tuple(item.get("authors", ())),
            tuple(item.get("tags", ())),
            parse_time(item["published"]) if "published" in item else None,
        ),
        unpublished=parse_time(item["unpublished"]) if "unpublished" in item else None,
        # A day that is settled has been named once more if the two writes crossed.
        open_days=frozenset(item.get("open", ())) - settled,
        settled_days=settled,
        horizon=item.get("horizon", ""),
    )
