"""The editions: one item for each listing, with its last change and its future ones."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from circulation.articles import keys
from circulation.articles.edition import Edition
from circulation.articles.listing import ALL, Kind, Listing
from circulation.aws.table import Change, ConditionFailed, Item, Key, Table
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from circulation.articles.change import Revision

SETTLES = timedelta(seconds=60)
"""A publisher's request has ended by then, done or not: its function runs for up to 29 seconds."""

MAX_DUE = 20
"""Articles to appear later that an edition lists one by one: 1,700 bytes, two write units.

Of further ones it lists the years, at most 9,999 of four bytes each. Once such a year has begun,
the newest article is read from the listing itself."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Announcement:
    """Changes of a listing that have begun, with what is needed to close them."""

    listing: Listing
    marker: str
    """Represents them among the changes that are not closed."""
    item: Item
    """The edition's item with them."""

    def moment(self, now: datetime) -> datetime:
        """Give the time of the changes: now, or just after the last one if the clock was set back.

        Readers who have the last change ask for what came later, so the time must never go back.
        """
        last = _changed_at(self.item)
        return now if last is None or last <= now else last + timedelta(seconds=1)


class Editions:
    """The editions in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, listing: Listing, *, now: datetime) -> Edition | None:
        """Read a listing's edition; None if it never had a visible article."""
        item = self._table.get(keys.edition_key(listing), consistent=True)
        return self._edition_of_item(listing, item, now) if item else None

    def get_beside(self, key: Key, *, now: datetime) -> tuple[Edition | None, Item | None]:
        """Read the whole site's edition, and an item of another kind, in one request.

        Either is None if it does not exist.
        """
        wanted_keys = [keys.edition_key(ALL), key]
        items_by_partition = {
            item["pk"]: item for item in self._table.get_many(wanted_keys, consistent=True)
        }
        item = items_by_partition.get(keys.EDITIONS)
        edition = self._edition_of_item(ALL, item, now) if item else None
        return edition, items_by_partition.get(key["pk"])

    def all(
        self,
        *,
        now: datetime,
        kind: Kind | None = None,
        limit: int | None = None,
        descending: bool = False,
    ) -> Iterator[tuple[Listing, Edition]]:
        """Read the editions of all listings, or of one kind, that ever had a visible article.

        With a limit, only that many editions are looked at, in the order of their names, or in the
        descending one.
        """
        between = (f"{kind}#", f"{kind}$") if kind else None  # "$" follows "#"
        items = self._table.query(
            keys.EDITIONS, between=between, descending=descending, limit=limit, consistent=True
        )
        for item in items:
            listing = _listing_of_key(item["sk"])
            if edition := self._edition_of_item(listing, item, now):
                yield listing, edition

    def begin(
        self, listing: Listing, revisions: Collection[Revision], now: datetime
    ) -> Announcement:
        """Announce changes of a listing's articles.

        If they are never closed, the edition changes once they must be over, so that readers look
        again. Articles that are to appear later are recorded: the edition then changes without a
        write.
        """
        key, marker = keys.edition_key(listing), _marker_of(revisions, now)
        due = {
            keys.place(article.published, article.id)
            for revision in revisions
            if (article := revision.editions()[listing][1]) and article.published > now
        }
        opened = {":open": {marker}}
        if 0 < len(due) <= MAX_DUE:
            change = Change(
                update="ADD #open :open, #due :due",
                condition="attribute_not_exists(#due) OR size(#due) <= :room",
                names={"#open": "open", "#due": "due"},
                values={**opened, ":due": due, ":room": MAX_DUE - len(due)},
            )
            with suppress(ConditionFailed):  # the item has no room for them
                return Announcement(listing, marker, self._table.update(key, change, whole=True))
        change = Change(
            update="ADD #open :open" + (", #later :later" if due else ""),
            names={"#open": "open"} | ({"#later": "later"} if due else {}),
            values=opened | ({":later": set(map(_year_of, due))} if due else {}),
        )
        return Announcement(listing, marker, self._table.update(key, change, whole=True))

    def close(
        self, announcement: Announcement, revisions: Collection[Revision], now: datetime
    ) -> int:
        """Record changes that were made as one change of the edition, and give its number."""
        while True:
            try:
                return self._close(announcement, revisions, now)
            except ConditionFailed as failed:  # other changes were closed at a later time
                announcement = replace(announcement, item=failed.item)

    def _close(
        self, announcement: Announcement, revisions: Collection[Revision], now: datetime
    ) -> int:
        """Close changes, unless the stored edition has a later time than they would set.

        Raises ConditionFailed.
        """
        item, bound = announcement.item, keys.past(now)
        arrived = {place for place in item.get("due", ()) if place < bound}
        expired = {marker for marker in item.get("open", ()) if marker < bound}
        past_years = {year for year in item.get("later", ()) if year < _year_of(bound)}
        removed, shows = set(), bool(arrived)
        for revision in revisions:
            before, after = revision.editions()[announcement.listing]
            if before and not (after and after.published == before.published):
                removed.add(keys.place(before.published, before.id))
            shows = shows or (after is not None and after.published <= now)
        # What is removed here may have shown an article; only the listing says whether it did.
        if not (shows or item.get("shown")) and (expired or past_years):
            shows = self._find_newest(announcement.listing, now) is not None
        obsolete = (arrived | removed) & item.get("due", set())
        change = Change(
            update="SET #changed = :changed"
            + (", #shown = :true" if shows else "")
            + " ADD #number :one DELETE #open :open"
            + (", #due :due" if obsolete else "")
            + (", #later :later" if past_years else ""),
            condition="attribute_not_exists(#changed) OR #changed <= :changed",
            names={"#changed": "changed", "#number": "number", "#open": "open"}
            | ({"#shown": "shown"} if shows else {})
            | ({"#due": "due"} if obsolete else {})
            | ({"#later": "later"} if past_years else {}),
            values={
                ":changed": format_time(announcement.moment(now)),
                ":one": 1,
                ":open": expired | {announcement.marker},
            }
            | ({":true": True} if shows else {})
            | ({":due": obsolete} if obsolete else {})
            | ({":later": past_years} if past_years else {}),
        )
        return int(self._table.update(keys.edition_key(announcement.listing), change)["number"])

    def ensure(self, listing: Listing, now: datetime) -> None:
        """Have the edition of a month with entries show them, unless it says what it shows.

        Without one, or with one that only knows of later changes, it would not. In a month that is
        not over readers look which entries are due.
        """
        counted = "SET #changed = if_not_exists(#changed, :now){} ADD #number :one{}"
        names = {"#changed": "changed", "#number": "number", "#shown": "shown"}
        values = {":now": format_time(now), ":one": 1}
        if listing.name < keys.month_of_place(format_time(now)):
            change = Change(
                update=counted.format(", #shown = :true", ""),
                condition="attribute_not_exists(#shown)",
                names=names,
                values={**values, ":true": True},
            )
        else:
            year = _year_of(listing.name)
            change = Change(
                update=counted.format("", ", #later :later"),
                condition="attribute_not_exists(#shown) AND NOT contains(#later, :year)",
                names={**names, "#later": "later"},
                values={**values, ":later": {year}, ":year": year},
            )
        with suppress(ConditionFailed):
            self._table.update(keys.edition_key(listing), change)

    def renew(self, listing: Listing) -> None:
        """Have readers look again at what is made of a listing, although no article changed."""
        change = Change(
            update="ADD #number :one",
            condition="attribute_exists(pk)",
            names={"#number": "number"},
            values={":one": 1},
        )
        with suppress(ConditionFailed):  # it never had an article
            self._table.update(keys.edition_key(listing), change)

    def retire(self, listing: Listing, number: int) -> None:
        """Record that a listing was empty after the change of that number."""
        change = Change(
            update="SET #shown = :false",
            condition="#number = :number AND attribute_exists(#shown)",
            names={"#shown": "shown", "#number": "number"},
            values={":false": False, ":number": number},
        )
        try:
            self._table.update(keys.edition_key(listing), change)
        except ConditionFailed:
            return  # it was changed again, or never had a visible article

    def _edition_of_item(self, listing: Listing, item: Item, now: datetime) -> Edition | None:
        """Read an edition as it is at an instant.

        Whether a change that was begun and never closed was made is unknown: the listing may have a
        visible article since, which reading it will show.
        """
        bound = keys.past(now)
        arrived = {place for place in item.get("due", ()) if place < bound}
        expired = {marker for marker in item.get("open", ()) if marker < bound}
        if any(year <= _year_of(bound) for year in item.get("later", ())):
            newest = self._find_newest(listing, now)
            arrived |= {newest} if newest else set()
        if not (arrived or expired or "shown" in item):
            return None
        times = [parse_time(key.partition("#")[0]) for key in arrived | expired]
        if changed := _changed_at(item):
            times.append(changed)
        return Edition(
            item.get("number", 0),
            max(times, default=_NEVER),
            bool(arrived or expired) or item["shown"],
            any(place >= bound for place in item.get("due", ()))
            or any(year >= _year_of(bound) for year in item.get("later", ())),
        )

    def _find_newest(self, listing: Listing, now: datetime) -> str | None:
        """Give the sort key of a listing's newest visible article; None if there is none."""
        bound = min(keys.past(now), keys.listing_end(listing))
        partition = keys.listing_partition(listing)
        items = self._table.query(partition, before=bound, limit=1, consistent=True)
        item = next(items, None)
        return item["sk"] if item and item["sk"] > keys.listing_start(listing) else None


def _marker_of(revisions: Collection[Revision], now: datetime) -> str:
    """Identify the changes of one request by the time at which they must be over, and a hash."""
    articles = "\n".join(sorted(revision.article for revision in revisions))
    digest = hashlib.blake2b(articles.encode(), digest_size=8).hexdigest()
    return keys.place(now + SETTLES, digest)


def _changed_at(edition: Item) -> datetime | None:
    """Give the time of the last closed change of an edition; None if there is none."""
    return _read_time(edition["changed"]) if "changed" in edition else None


@lru_cache(maxsize=1024)  # a container reads the same editions over and over
def _read_time(text: str) -> datetime:
    return parse_time(text)


def _year_of(key: str) -> str:
    return key[:4]


def _listing_of_key(sort_key: str) -> Listing:
    """Give the listing of an edition by its sort key."""
    kind, _, name = sort_key.partition("#")
    return Listing(Kind(kind), name)
