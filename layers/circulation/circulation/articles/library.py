"""The library: the articles, and the entries of their listings."""

from __future__ import annotations

import json
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from circulation.articles import keys
from circulation.articles.canonical_path import canonical_path
from circulation.articles.change import Alteration, ChangeKind
from circulation.articles.changes import item_of_alteration
from circulation.articles.identity import addresses_of, source_key
from circulation.articles.items import (
    Shelved,
    attributes_of_entry,
    head_of_entry,
    item_of_article,
    item_of_unpublished,
    shelved_of_item,
)
from circulation.articles.listing import ALL, Listing, is_milestone, listings_of
from circulation.articles.names import Names
from circulation.articles.section_sizes import SectionSizes, changes_of_sizes
from circulation.aws.table import (
    MAX_ATTEMPTS,
    Change,
    ConditionFailed,
    Item,
    Key,
    Table,
    TransactionRefused,
    TransactionThrottled,
)
from circulation.counting.counters import counter_of_item
from circulation.counting.counts import MAX_LABEL_TITLE
from circulation.counting.keys import count_key, id_of_item
from circulation.errors import StoreUnavailable
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from circulation.articles.article import Article, Submission
    from circulation.articles.change import Claim, Revision
    from circulation.counting.counts import LifetimeCounter

MAX_ACTIONS = 100
"""Actions in one transaction at most (API_TransactWriteItems)."""
MAX_BYTES = 500_000
"""Bytes that a transaction writes. 4 MB are allowed, but each KB takes two write units, and a new
on-demand table has 4,000 a second, a partition 1,000 (Amazon DynamoDB Developer Guide: Read/write
capacity mode, Initial throughput for on-demand; Understanding DynamoDB warm throughput)."""


@dataclass(frozen=True, slots=True)
class _Write:
    """What a transaction does for one article."""

    actions: list[Item]
    resized: Counter[str] = field(default_factory=Counter)
    """By how much it changes the sizes of sections."""


_PAGE = ("sk", "url", "revised")
_PLACE = (*_PAGE, "title", "language")

Transaction = dict[str, _Write]
"""What a transaction does, by article."""


@dataclass(frozen=True, slots=True)
class Place:
    """An article's entry in a listing."""

    article: str
    key: str
    url: str = ""
    revised: datetime | None = None
    title: str = ""
    language: str | None = None
    """Of the article, like url, revised and title; only set in the listing of the whole site."""
    head: Article | None = None
    """The article without its body, if that was asked for and the entry has it."""

    @property
    def published(self) -> datetime:
        """When the article appears."""
        return parse_time(self.key.partition("#")[0])


class Library:
    """The articles and listings in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._hosts = set[str]()
        self.section_sizes = SectionSizes(table)

    def find(self, article_id: str, *, consistent: bool = False) -> Shelved | None:
        """Find an article, or what remains of an unpublished one; None if there never was one."""
        item = self._table.get(keys.article_key(article_id), consistent=consistent)
        return shelved_of_item(item) if item else None

    def find_many(self, article_ids: Iterable[str]) -> dict[str, Shelved]:
        """Find articles, or what remains of unpublished ones, by id; read consistently."""
        items = self._table.get_many(map(keys.article_key, article_ids), consistent=True)
        return {id_of_item(item): shelved_of_item(item) for item in items}

    def names(self, submissions: Iterable[Submission]) -> Names:
        """Read every stored name of submissions; consistently."""
        return Names(self._table.get_many(_keys_of_names(submissions), consistent=True))

    def add_hosts(self, hosts: Iterable[str]) -> None:
        """Store that articles are at hosts (canonical_path.host_of)."""
        for host in set(hosts) - self._hosts:
            self._table.update(keys.host_key(host), Change.setting({"host": host}))
            self._hosts.add(host)

    def shelve(self, revisions: Iterable[Revision], *, now: datetime) -> set[str]:
        """Store each revision as a whole or not at all: article, listings, counter and address.

        The sizes of sections change with it.

        What is noted of the change is part of it, so that it is neither missed nor noted twice.

        One transaction takes as many as fit. An unpublished article leaves a marker; its count
        stays, and so does every address that it ever had. Answers with the ids of those that were
        refused, because the article was changed since it was read or another write conflicted.
        Raises StoreUnavailable if the table has no capacity after all attempts.
        """
        refused: set[str] = set()
        waiting = deque(self._fill_transactions(revisions, now))
        throttled = 0
        while waiting:
            transaction = waiting.popleft()
            try:
                self._table.transact(*self._actions_of_all(transaction))
            except TransactionRefused:
                if len(transaction) == 1:
                    refused |= transaction.keys()
                else:  # one of several was refused, so the transaction with all of them was
                    waiting.extendleft({name: transaction[name]} for name in reversed(transaction))
            except TransactionThrottled as error:
                throttled += 1
                if throttled >= MAX_ATTEMPTS:
                    raise StoreUnavailable(str(error)) from error
                waiting.extendleft(reversed(_halve(transaction)))
                self._table.backoff.wait(throttled - 1)
            else:
                throttled = 0
        return refused

    def _fill_transactions(
        self, revisions: Iterable[Revision], now: datetime
    ) -> Iterator[Transaction]:
        """Group the revisions' actions into transactions in which no item occurs twice."""
        transaction: Transaction = {}
        number, size, names, sections = 0, 0, set[str](), set[str]()
        for revision in revisions:
            write = _Write(self._actions_of(revision, now), changes_of_sizes(revision))
            length = len(json.dumps(write.actions, ensure_ascii=False).encode())
            claimed = {claim.pk for claim in revision.claims}
            actions = number + len(write.actions) + len(sections | write.resized.keys())
            full = actions > MAX_ACTIONS or size + length > MAX_BYTES
            if transaction and (full or claimed & names):
                yield transaction
                transaction, number, size, names, sections = {}, 0, 0, set(), set()
            transaction[revision.article] = write
            number, size = number + len(write.actions), size + length
            names |= claimed
            sections |= write.resized.keys()
        if transaction:
            yield transaction

    def _actions_of_all(self, transaction: Transaction) -> Iterator[Item]:
        """Give all actions of a transaction; articles of one section change its size together."""
        resized = Counter[str]()
        for write in transaction.values():
            yield from write.actions
            for section, change in write.resized.items():
                resized[section] += change
        changes = {section: change for section, change in resized.items() if change}
        yield from self.section_sizes.actions(changes, next(iter(transaction)))

    def _actions_of(self, revision: Revision, now: datetime) -> list[Item]:
        before, after, version = revision.before, revision.after, revision.version
        stale = _entries_of(before) if before else set()
        if after is None:
            was_public = before is not None and before.published <= now
            mark = item_of_unpublished(
                revision.article,
                revision.next_version,
                now,
                noted=revision.noted_after,
                was_public=was_public,
                source_ids=before.source_ids if before else (),
            )
            # Of what is unpublished no text stays; what its views belong to does.
            gone = Change.setting({"unpublished": format_time(now)}, removing=["title"])
            return [
                self._table.putting(mark, _unless_changed(version)),
                self._table.updating(count_key(revision.article), gone),
                self._table.putting(keys.unpublished_key(revision.article)),
                *self._noting(revision.article, revision.alteration(now)),
                *(self._table.deleting(_entry_key(entry)) for entry in sorted(stale)),
            ]
        # The tally and the seal write to the counter, and would conflict: it is only part of the
        # transaction if something in it changes.
        same_count = not revision.relabels()
        places, page = _entries_of(after), _site_entry(after)
        returns = before is None and version is not None
        return [
            self._table.putting(
                item_of_article(after, revision.next_version, revision.noted_after),
                _unless_changed(version),
            ),
            *self._noting(after.id, revision.alteration(after.changed or now)),
            *([] if same_count else [self._counter_action(after, revision.views_before)]),
            *self._claiming(revision.claims, after.id),
            *([self._table.deleting(keys.unpublished_key(after.id))] if returns else []),
            *(self._table.deleting(_entry_key(entry)) for entry in sorted(stale - places)),
            *(
                self._table.putting(_entry_key(entry))
                for entry in sorted(places - stale - {(page["pk"], page["sk"])})
            ),
            self._table.putting(page),
        ]

    def places(  # noqa: PLR0913  what a list is bounded by
        self,
        listing: Listing,
        *,
        until: datetime,
        since: datetime | None = None,
        limit: int | None = None,
        after: str | None = None,
        consistent: bool = False,
        heads: bool = False,
    ) -> Iterator[Place]:
        """Read up to limit entries of a listing, newest first, by publication time.

        Until and since are the bounds, both included; after is the key of the last entry of the
        previous page. With heads, those of the whole site have the articles without their bodies.
        """
        earliest = format_time(since) if since else ""
        bound = keys.past(until)
        items = self._table.query(
            keys.listing_partition(listing),
            before=min(bound, after) if after else bound,
            limit=limit,
            consistent=consistent,
            only=() if heads else _PLACE,
        )
        for item in items:
            if item["sk"] < earliest:
                return
            yield _place_of_item(item, head_of_entry(item) if heads else None)

    def listed(self, listing: Listing, *, until: datetime) -> Iterator[str]:
        """Read the ids of all articles of a listing up to an instant, newest first."""
        partition = keys.listing_partition(listing)
        for item in self._table.query(partition, before=keys.past(until), only=["sk"]):
            yield item["sk"].partition("#")[2]

    def heads(self, listing: Listing, places: Iterable[Place]) -> dict[str, Article]:
        """Read the articles of places in a listing without their bodies, by id.

        Of the whole site, the places must have been read with heads. See heads_of.
        """
        if listing == ALL:
            return {place.article: place.head for place in places if place.head}
        return self.heads_of({place.article: place.published for place in places})

    def heads_of(self, published: Mapping[str, datetime]) -> dict[str, Article]:
        """Read articles without their bodies, by id, of which the times of publication are known.

        They are in the entries of the whole site's listing. What is missing has an entry without
        room for all, or is not published at that time any more.
        """
        partition = keys.listing_partition(ALL)
        wanted_keys = (
            _entry_key((partition, keys.place(moment, article_id)))
            for article_id, moment in published.items()
        )
        heads = map(head_of_entry, self._table.get_many(wanted_keys))
        return {head.id: head for head in heads if head}

    def count(self, listing: Listing, *, after: datetime | None = None) -> int:
        """Count the entries of a listing, or those after an instant; reads all of these."""
        bound = keys.past(after) if after else " "
        return self._table.count(keys.listing_partition(listing), after=bound)

    def count_section_anew(self, listing: Listing) -> int:
        """Count the articles of a section, and correct its size if that differs; give the number.

        Meanwhile others may publish in it: then it is counted again.
        """
        while True:
            before = self.section_sizes.shares(listing.name)
            listed = self.count(listing)
            if self.section_sizes.shares(listing.name) == before:
                with suppress(ConditionFailed):
                    self.section_sizes.correct(listing.name, listed, before)
                    return listed

    def holds(self, listing: Listing) -> bool:
        """Say whether a listing has any entry, also of an article that is to appear later."""
        bounds = keys.listing_start(listing) or " ", keys.listing_end(listing)
        items = self._table.query(
            keys.listing_partition(listing), between=bounds, limit=1, consistent=True
        )
        return next(items, None) is not None

    def pages(self, first: str, end: str) -> Iterator[Place]:
        """Read the site's entries from a sort key up to one before another, the oldest first.

        They have what a sitemap has; read consistently.
        """
        items = self._table.query(
            keys.listing_partition(ALL),
            between=(first, end),
            consistent=True,
            only=_PAGE,
        )
        return (_place_of_item(item) for item in items if item["sk"] != end)

    def milestones(self, listing: Listing = ALL) -> list[str]:
        """Read the places that divide the sitemap of the site or of a month, in order.

        One in some 400 articles is among them (listing.is_milestone).
        """
        bounds = keys.listing_start(listing) or " ", keys.listing_end(listing)
        items = self._table.query(keys.MILESTONES, between=bounds, consistent=True)
        return [item["sk"] for item in items]

    def mark_milestone(self, entry: Place) -> None:
        """Put an entry of the site among the milestones, if it is one."""
        if is_milestone(entry.article, entry.url):
            self._table.transact(self._table.putting(_entry_key((keys.MILESTONES, entry.key))))

    def articles(
        self, article_ids: Iterable[str], *, consistent: bool = True
    ) -> dict[str, Article]:
        """Read the current versions of the articles that are published, by id."""
        wanted_keys = [keys.article_key(article_id) for article_id in article_ids]
        stored = map(shelved_of_item, self._table.get_many(wanted_keys, consistent=consistent))
        return {shelved.article.id: shelved.article for shelved in stored if shelved.article}

    def unpublished(self, after: str, *, limit: int) -> list[str]:
        """Read the ids of unpublished articles, up to limit after one, or from the first (empty).

        They are in the reverse order of ids.
        """
        items = self._table.query(keys.UNPUBLISHED, before=after or "~", limit=limit)
        return [item["sk"] for item in items]

    def restore_unpublished(
        self,
        article_id: str,
        *,
        section: str,
        published: datetime,
        unpublished: datetime,
        source_ids: Iterable[str] = (),
    ) -> bool:
        """Store what remains of an unpublished article, with a counter, if its id is unknown.

        It gets those of its source ids that lead to no other article. Says whether it was stored.
        Raises StoreUnavailable.
        """
        known_by = list(dict.fromkeys(map(source_key, source_ids)))
        names = Names(self._table.get_many(map(keys.source_id_key, known_by), consistent=True))
        free = [key for key in known_by if names.of_source_id(key) is None]
        item = item_of_unpublished(
            article_id,
            1,
            unpublished,
            noted=1,
            was_public=published <= unpublished,
            source_ids=free,
        )
        alteration = Alteration(
            unpublished, (ChangeKind.UNPUBLISHED,), 1, section=section, published=published
        )
        counter = Change.setting(
            {
                "base": 0,
                "section": section,
                "published": format_time(published),
                "unpublished": format_time(unpublished),
            }
        )
        try:
            self._table.transact(
                self._table.putting(item, _unless_changed(None)),
                self._table.updating(count_key(article_id), counter),
                self._table.putting(keys.unpublished_key(article_id)),
                *self._noting(article_id, alteration),
                *self._claiming(map(names.claim_source_id, free), article_id),
            )
        except TransactionRefused:
            if self.find(article_id, consistent=True) is None:  # another write conflicted
                raise StoreUnavailable(article_id) from None
            return False
        return True

    def shelved_with_counters(
        self, article_ids: Iterable[str], *, consistent: bool = True
    ) -> dict[str, tuple[Shelved, LifetimeCounter]]:
        """Read articles, or what remains of unpublished ones, each with its counter, by id."""
        wanted_keys = [
            key
            for article_id in article_ids
            for key in (keys.article_key(article_id), count_key(article_id))
        ]
        shelved, counters = {}, {}
        for item in self._table.get_many(wanted_keys, consistent=consistent):
            if item["sk"] == "COUNT":
                counters[id_of_item(item)] = counter_of_item(item)
            else:
                shelved[id_of_item(item)] = shelved_of_item(item)
        return {
            article_id: (shelved[article_id], counters[article_id])
            for article_id in shelved
            if article_id in counters
        }

    def _noting(self, article_id: str, alteration: Alteration | None) -> Iterator[Item]:
        """Give the action that notes a change, if it is to be noted."""
        if alteration:
            yield self._table.putting(item_of_alteration(article_id, alteration))

    def _claiming(self, claims: Iterable[Claim], article_id: str) -> Iterator[Item]:
        """Give the actions that make names lead to an article, if their owners are as read.

        Names of one item, such as a path at two hosts, are one action.
        """
        by_item: dict[tuple[str, str], list[Claim]] = {}
        for claim in claims:
            by_item.setdefault((claim.pk, claim.sk), []).append(claim)
        for (pk, sk), of_item in by_item.items():
            numbered = list(enumerate(of_item))
            change = Change(
                update="SET " + ", ".join(f"#n{number} = :article" for number, _ in numbered),
                condition=" AND ".join(
                    f"attribute_not_exists(#n{number})"
                    if claim.owner is None
                    else f"#n{number} = :o{number}"
                    for number, claim in numbered
                ),
                names={f"#n{number}": claim.attribute for number, claim in numbered},
                values={":article": article_id}
                | {f":o{number}": claim.owner for number, claim in numbered if claim.owner},
            )
            yield self._table.updating({"pk": pk, "sk": sk}, change)

    def _counter_action(self, article: Article, views_before: int) -> Item:
        # Rankings, roll-ups and lists read these from the counter, so as not to read article texts.
        labels = {
            "title": article.title[:MAX_LABEL_TITLE],
            "section": article.section,
            "authors": list(article.authors),
            "tags": list(article.tags),
            "published": format_time(article.published),
        }
        missing = [name for name, value in labels.items() if not value]
        setting = Change.setting(
            {name: value for name, value in labels.items() if value},
            removing=["unpublished", *missing],
            names={"#base": "base"},
            values={":base": views_before},
        )
        change = replace(
            setting,
            update=setting.update.replace("SET ", "SET #base = if_not_exists(#base, :base), ", 1),
        )
        return self._table.updating(count_key(article.id), change)


def _halve(transaction: Transaction) -> list[Transaction]:
    """Split a transaction in two; the actions of an article stay together."""
    names = list(transaction)
    middle = len(names) // 2
    parts = (names[:middle], names[middle:])
    return [{name: transaction[name] for name in part} for part in parts if part]


def _unless_changed(version: int | None) -> Change:
    """Give the condition that an article's item has not been changed since it was read."""
    if version is None:
        return Change(condition="attribute_not_exists(pk)")
    return Change(
        condition="#version = :version",
        names={"#version": "version"},
        values={":version": version},
    )


def _entries_of(article: Article) -> set[tuple[str, str]]:
    """Give the partition and sort key of every listing entry of an article."""
    place = keys.place(article.published, article.id)
    entries = {(keys.listing_partition(listing), place) for listing in listings_of(article)}
    return entries | (
        {(keys.MILESTONES, place)} if is_milestone(article.id, article.url) else set()
    )


def _place_of_item(item: Item, head: Article | None = None) -> Place:
    return Place(
        item["sk"].partition("#")[2],
        item["sk"],
        item.get("url", ""),
        parse_time(item["revised"]) if "revised" in item else None,
        item.get("title", ""),
        item.get("language"),
        head,
    )


def _site_entry(article: Article) -> Item:
    """Give the entry in the listing of the whole site, with what sitemaps and lists show."""
    place = keys.listing_partition(ALL), keys.place(article.published, article.id)
    return _entry_key(place) | attributes_of_entry(article)


def _keys_of_names(submissions: Iterable[Submission]) -> Iterator[Key]:
    """Give the key of every name of submissions."""
    for submission in submissions:
        yield keys.former_id_key(submission.article.id)
        for source_id in submission.source_ids:
            yield keys.source_id_key(source_key(source_id))
        for url in addresses_of(submission):
            yield keys.url_key(canonical_path(url))


def _entry_key(place: tuple[str, str]) -> Key:
    return {"pk": place[0], "sk": place[1]}
