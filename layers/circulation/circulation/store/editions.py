"""The editions: one item for each listing that says when it last changed, and will by itself."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from circulation.edition import Edition
from circulation.listing import ALL, Kind, Listing
from circulation.popularity import Window
from circulation.revision import Revision
from circulation.store import keys
from circulation.store.rankings import Ranked, ranked_of_item
from circulation.store.table import Change, ConditionFailed, Item, Table
from circulation.times import format_time, parse_time

SETTLES = timedelta(seconds=60)
"""A publisher's request is over by then, done or not: its function runs for 29 seconds at most."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Editions:
    """The editions in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, listing: Listing, *, now: datetime) -> Edition | None:
        """Read a listing's edition; None where no article ever was whose time had come."""
        item = self._table.get(keys.edition_key(listing), consistent=True)
        return _edition(item, now) if item else None

    def ranked(
        self, window: Window, section: str, *, now: datetime
    ) -> tuple[Edition | None, Ranked | None]:
        """Read the whole site's edition and a ranking in one request; None where there is none."""
        wanted = [keys.edition_key(ALL), keys.ranking_key(window, section)]
        found = {each["pk"]: each for each in self._table.get_many(wanted, consistent=True)}
        edition = found.get(keys.EDITIONS)
        ranking = found.get(keys.ranking_partition(window))
        return (
            _edition(edition, now) if edition else None,
            ranked_of_item(ranking) if ranking else None,
        )

    def all(self, *, now: datetime) -> Iterator[tuple[Listing, Edition]]:
        """Read the edition of every listing that ever showed an article."""
        for item in self._table.query(keys.EDITIONS):
            if edition := _edition(item, now):
                yield _listing(item["sk"]), edition

    def begin(self, listing: Listing, revisions: Collection[Revision], now: datetime) -> None:
        """Announce changes of a listing's articles.

        Unless they are closed, readers look again when they must be over. An article whose time has
        not come is remembered: it appears then, though nobody writes.
        """
        opened = {keys.place(now + SETTLES, each.article) for each in revisions}
        due = {
            keys.place(fresh.published, fresh.id)
            for each in revisions
            if (fresh := each.listings()[listing][1]) and fresh.published > now
        }
        change = Change(
            update="ADD #open :open" + (", #due :due" if due else ""),
            names={"#open": "open"} | ({"#due": "due"} if due else {}),
            values={":open": opened} | ({":due": due} if due else {}),
        )
        self._table.update(keys.edition_key(listing), change)

    def close(self, listing: Listing, revisions: Collection[Revision], now: datetime) -> int:
        """Count changes that are done as one, and give its number."""
        key, bound = keys.edition_key(listing), keys.past(now)
        item: Item = self._table.get(key, consistent=True) or {}
        come = {each for each in item.get("due", ()) if each < bound}
        own, gone, shows = set(), set(), bool(come)
        for each in revisions:
            standing, fresh = each.listings()[listing]
            own.add(keys.place(now + SETTLES, each.article))
            if standing and not (fresh and fresh.published == standing.published):
                gone.add(keys.place(standing.published, standing.id))
            shows = shows or (fresh is not None and fresh.published <= now)
        change = Change(
            update="SET #changed = :now"
            + (", #shown = :true" if shows else "")
            + " ADD #number :one DELETE #open :open"
            + (", #due :due" if come | gone else ""),
            names={"#changed": "changed", "#number": "number", "#open": "open"}
            | ({"#shown": "shown"} if shows else {})
            | ({"#due": "due"} if come | gone else {}),
            values={
                ":now": format_time(now),
                ":one": 1,
                ":open": own | {each for each in item.get("open", ()) if each < bound},
            }
            | ({":true": True} if shows else {})
            | ({":due": come | gone} if come | gone else {}),
        )
        return int(self._table.update(key, change)["number"])

    def retire(self, listing: Listing, number: int) -> None:
        """Say that nothing is left in a listing, as was seen after the change of that number."""
        change = Change(
            update="SET #shown = :false",
            condition="#number = :number AND attribute_exists(#shown)",
            names={"#shown": "shown", "#number": "number"},
            values={":false": False, ":number": number},
        )
        try:
            self._table.update(keys.edition_key(listing), change)
        except ConditionFailed:
            return  # changed again meanwhile, or it never showed anything


def _edition(item: Item, now: datetime) -> Edition | None:
    """Read an edition as it stands at an instant.

    Of a change that was begun and never closed nobody knows whether it was done: the listing may
    show an article since, and who reads it will see.
    """
    bound = keys.past(now)
    come = [each for each in item.get("due", ()) if each < bound]
    over = [each for each in item.get("open", ()) if each < bound]
    if not (come or over or "shown" in item):
        return None
    times = [parse_time(each.partition("#")[0]) for each in (*come, *over)]
    if "changed" in item:
        times.append(parse_time(item["changed"]))
    return Edition(
        item.get("number", 0), max(times, default=_NEVER), bool(come or over) or item["shown"]
    )


def _listing(sort_key: str) -> Listing:
    """Read which listing an edition is of."""
    kind, _, name = sort_key.partition("#")
    return Listing(Kind(kind), name)
