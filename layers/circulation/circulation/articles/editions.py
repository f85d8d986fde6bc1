"""The editions: one item for each listing that says when it last changed, and will by itself."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from circulation.articles import keys
from circulation.articles.change import Revision
from circulation.articles.edition import Edition
from circulation.articles.listing import ALL, Kind, Listing
from circulation.aws.table import Change, ConditionFailed, Item, Key, Table
from circulation.times import format_time, parse_time

SETTLES = timedelta(seconds=60)
"""A publisher's request is over by then, done or not: its function runs for 29 seconds at most."""

MAX_DUE = 20
"""Articles whose time has not come that an edition knows one by one: 1,700 bytes, two write units.

Of those that do not fit it knows the years in which they come, at most the calendar's 9,999 of
four bytes each; once such a year has begun, the listing itself is asked for its newest article."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Announcement:
    """Changes of a listing that were begun: what it takes to close them."""

    listing: Listing
    marker: str
    """What stands for them among the changes that are not closed."""
    item: Item
    """The edition with them."""

    def moment(self, now: datetime) -> datetime:
        """Give the time of the changes: now, or right after the last one where the clock was set.

        A reader who has the last one asks for what came after it, so the time never goes back.
        """
        last = _changed(self.item)
        return now if last is None or last <= now else last + timedelta(seconds=1)


class Editions:
    """The editions in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, listing: Listing, *, now: datetime) -> Edition | None:
        """Read a listing's edition; None where no article ever was whose time had come."""
        item = self._table.get(keys.edition_key(listing), consistent=True)
        return self._edition(listing, item, now) if item else None

    def get_beside(self, key: Key, *, now: datetime) -> tuple[Edition | None, Item | None]:
        """Read the whole site's edition, and an item of another kind in the same request.

        None stands for either where there is none.
        """
        wanted = [keys.edition_key(ALL), key]
        found = {each["pk"]: each for each in self._table.get_many(wanted, consistent=True)}
        edition = found.get(keys.EDITIONS)
        return self._edition(ALL, edition, now) if edition else None, found.get(key["pk"])

    def all(
        self, *, now: datetime, kind: Kind | None = None, limit: int | None = None
    ) -> Iterator[tuple[Listing, Edition]]:
        """Read the edition of every listing, or every one of a kind, that ever showed an article.

        With a limit, only as many are looked at, in the order of their names.
        """
        between = (f"{kind}#", f"{kind}$") if kind else None  # "$" follows "#"
        found = self._table.query(keys.EDITIONS, between=between, limit=limit, consistent=True)
        for item in found:
            listing = _listing(item["sk"])
            if edition := self._edition(listing, item, now):
                yield listing, edition

    def begin(
        self, listing: Listing, revisions: Collection[Revision], now: datetime
    ) -> Announcement:
        """Announce changes of a listing's articles.

        Unless they are closed, readers look again when they must be over. An article whose time has
        not come is remembered: it appears then, though nobody writes.
        """
        key, marker = keys.edition_key(listing), _marker(revisions, now)
        due = {
            keys.place(fresh.published, fresh.id)
            for each in revisions
            if (fresh := each.listings()[listing][1]) and fresh.published > now
        }
        opened = {":open": {marker}}
        if 0 < len(due) <= MAX_DUE:
            change = Change(
                update="ADD #open :open, #due :due",
                condition="attribute_not_exists(#due) OR size(#due) <= :room",
                names={"#open": "open", "#due": "due"},
                values={**opened, ":due": due, ":room": MAX_DUE - len(due)},
            )
            with suppress(ConditionFailed):  # there is no room for them
                return Announcement(listing, marker, self._table.update(key, change, whole=True))
        change = Change(
            update="ADD #open :open" + (", #later :later" if due else ""),
            names={"#open": "open"} | ({"#later": "later"} if due else {}),
            values=opened | ({":later": set(map(_year, due))} if due else {}),
        )
        return Announcement(listing, marker, self._table.update(key, change, whole=True))

    def close(self, begun: Announcement, revisions: Collection[Revision], now: datetime) -> int:
        """Count changes that are done as one, and give its number."""
        while True:
            try:
                return self._close(begun, revisions, now)
            except ConditionFailed as failed:  # others were closed meanwhile, at a later time
                begun = replace(begun, item=failed.item)

    def _close(self, begun: Announcement, revisions: Collection[Revision], now: datetime) -> int:
        """Close changes, unless the edition has a later time than they would leave in it.

        Raises ConditionFailed.
        """
        item, bound = begun.item, keys.past(now)
        come = {each for each in item.get("due", ()) if each < bound}
        over = {each for each in item.get("open", ()) if each < bound}
        past_years = {each for each in item.get("later", ()) if each < _year(bound)}
        gone, shows = set(), bool(come)
        for each in revisions:
            standing, fresh = each.listings()[begun.listing]
            if standing and not (fresh and fresh.published == standing.published):
                gone.add(keys.place(standing.published, standing.id))
            shows = shows or (fresh is not None and fresh.published <= now)
        # What is forgotten here may have shown an article; whether it did, the listing knows.
        if not (shows or item.get("shown")) and (over or past_years):
            shows = self._newest(begun.listing, now) is not None
        known = (come | gone) & item.get("due", set())
        change = Change(
            update="SET #changed = :changed"
            + (", #shown = :true" if shows else "")
            + " ADD #number :one DELETE #open :open"
            + (", #due :due" if known else "")
            + (", #later :later" if past_years else ""),
            condition="attribute_not_exists(#changed) OR #changed <= :changed",
            names={"#changed": "changed", "#number": "number", "#open": "open"}
            | ({"#shown": "shown"} if shows else {})
            | ({"#due": "due"} if known else {})
            | ({"#later": "later"} if past_years else {}),
            values={
                ":changed": format_time(begun.moment(now)),
                ":one": 1,
                ":open": over | {begun.marker},
            }
            | ({":true": True} if shows else {})
            | ({":due": known} if known else {})
            | ({":later": past_years} if past_years else {}),
        )
        return int(self._table.update(keys.edition_key(begun.listing), change)["number"])

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

    def _edition(self, listing: Listing, item: Item, now: datetime) -> Edition | None:
        """Read an edition as it stands at an instant.

        Of a change that was begun and never closed nobody knows whether it was done: the listing
        may show an article since, and who reads it will see.
        """
        bound = keys.past(now)
        come = {each for each in item.get("due", ()) if each < bound}
        over = {each for each in item.get("open", ()) if each < bound}
        if any(each <= _year(bound) for each in item.get("later", ())):
            newest = self._newest(listing, now)
            come |= {newest} if newest else set()
        if not (come or over or "shown" in item):
            return None
        times = [parse_time(each.partition("#")[0]) for each in come | over]
        if changed := _changed(item):
            times.append(changed)
        return Edition(
            item.get("number", 0), max(times, default=_NEVER), bool(come or over) or item["shown"]
        )

    def _newest(self, listing: Listing, now: datetime) -> str | None:
        """Give the place of the last article of a listing whose time has come, None without any."""
        partition = keys.listing_partition(listing)
        found = self._table.query(partition, before=keys.past(now), limit=1, consistent=True)
        item = next(found, None)
        return item["sk"] if item else None


def _marker(revisions: Collection[Revision], now: datetime) -> str:
    """Name changes that one request makes together, by when they must be over."""
    articles = "\n".join(sorted(each.article for each in revisions))
    digest = hashlib.blake2b(articles.encode(), digest_size=8).hexdigest()
    return keys.place(now + SETTLES, digest)


def _changed(edition: Item) -> datetime | None:
    """Read when an edition last changed by a publisher, None where none has closed a change."""
    return parse_time(edition["changed"]) if "changed" in edition else None


def _year(key: str) -> str:
    return key[:4]


def _listing(sort_key: str) -> Listing:
    """Read which listing an edition is of."""
    kind, _, name = sort_key.partition("#")
    return Listing(Kind(kind), name)
