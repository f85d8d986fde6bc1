"""The library: articles and the listings that they stand in."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from circulation.articles import keys
from circulation.articles.article import Article
from circulation.articles.canonical_path import canonical_path
from circulation.articles.change import Revision
from circulation.articles.items import (
    Shelved,
    item_of_article,
    item_of_unpublished,
    shelved_of_item,
)
from circulation.articles.listing import ALL, Listing, listings_of
from circulation.aws.table import (
    MAX_ATTEMPTS,
    Change,
    Item,
    Key,
    Table,
    TransactionRefused,
    TransactionThrottled,
)
from circulation.counting.counters import count_of_item
from circulation.counting.counts import Count
from circulation.counting.keys import count_key, id_of_item
from circulation.errors import StoreUnavailable
from circulation.times import format_time, parse_time

MAX_ACTIONS = 100
"""API_TransactWriteItems: so many actions in one transaction."""
MAX_BYTES = 500_000
"""Of what a transaction writes. It may be 4 MB, but takes two write units a KB, and a new table on
demand has 4,000 a second, a partition 1,000 (Amazon DynamoDB Developer Guide: Read/write capacity
mode, Initial throughput for on-demand; Understanding DynamoDB warm throughput)."""

Together = dict[str, list[Item]]
"""The actions of revisions that go into one transaction, by article."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in a listing."""

    article: str
    key: str
    url: str = ""
    revised: datetime | None = None
    title: str = ""
    language: str | None = None
    """Of the article, as the listing of the whole site has them; so url and revised."""

    @property
    def published(self) -> datetime:
        """When the article appears."""
        return parse_time(self.key.partition("#")[0])


class Library:
    """The articles and listings in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, article_id: str, *, consistent: bool = False) -> Shelved | None:
        """Find an article, or what remains of an unpublished one; None where nothing ever was."""
        item = self._table.get(keys.article_key(article_id), consistent=consistent)
        return shelved_of_item(item) if item else None

    def find_many(self, article_ids: Iterable[str]) -> dict[str, Shelved]:
        """Find articles, or what remains of unpublished ones, by id, read consistently."""
        found = self._table.get_many(map(keys.article_key, article_ids), consistent=True)
        return {id_of_item(item): shelved_of_item(item) for item in found}

    def shelve(self, revisions: Iterable[Revision], *, now: datetime) -> set[str]:
        """Make each revision whole or not at all: article, listings, counter and address.

        As many as fit go into one transaction. An article that is taken out leaves a mark; its
        count stays, as does every address it ever had. Answers with the ids of those that were
        refused: the article was changed meanwhile, or another write was in the way. Raises
        StoreUnavailable when the table has no room for them after all attempts.
        """
        refused: set[str] = set()
        waiting = deque(self._transactions(revisions, now))
        throttled = 0
        while waiting:
            together = waiting.popleft()
            try:
                self._table.transact(*(each for actions in together.values() for each in actions))
            except TransactionRefused:
                if len(together) == 1:
                    refused |= together.keys()
                else:  # one of several was refused, and the others with it
                    waiting.extendleft({name: together[name]} for name in reversed(together))
            except TransactionThrottled as error:
                throttled += 1
                if throttled >= MAX_ATTEMPTS:
                    raise StoreUnavailable(str(error)) from error
                waiting.extendleft(reversed(_halves(together)))
                self._table.backoff.wait(throttled - 1)
            else:
                throttled = 0
        return refused

    def _transactions(self, revisions: Iterable[Revision], now: datetime) -> Iterator[Together]:
        """Fill transactions with the actions of revisions, by article; no item is in one twice."""
        together: Together = {}
        number, size, addresses = 0, 0, set[str]()
        for each in revisions:
            actions = self._actions(each, now)
            length = len(json.dumps(actions, ensure_ascii=False).encode())
            address = canonical_path(each.fresh.url) if each.fresh else ""
            full = number + len(actions) > MAX_ACTIONS or size + length > MAX_BYTES
            if together and (full or address in addresses):
                yield together
                together, number, size, addresses = {}, 0, 0, set()
            together[each.article] = actions
            number, size = number + len(actions), size + length
            addresses.add(address)
        if together:
            yield together

    def _actions(self, revision: Revision, now: datetime) -> list[Item]:
        standing, fresh, version = revision.standing, revision.fresh, revision.version
        stale = _places(standing) if standing else set()
        if fresh is None:
            was_public = standing is not None and standing.published <= now
            mark = item_of_unpublished(
                revision.article, (version or 0) + 1, now, was_public=was_public
            )
            gone = Change.setting({"unpublished": format_time(now)})
            return [
                self._table.putting(mark, _still(version)),
                self._table.updating(count_key(revision.article), gone),
                *(self._table.deleting(_place_key(each)) for each in sorted(stale)),
            ]
        # The tally writes the counter all the time, so it is left out where nothing in it changes.
        same_count = not revision.ranks_otherwise()
        same_address = standing and canonical_path(standing.url) == canonical_path(fresh.url)
        places, page = _places(fresh), _page(fresh)
        return [
            self._table.putting(item_of_article(fresh, (version or 0) + 1), _still(version)),
            *([] if same_count else [self._counting(fresh, revision.views_before)]),
            *([] if same_address else [self._table.putting(_address(fresh))]),
            *(self._table.deleting(_place_key(each)) for each in sorted(stale - places)),
            *(
                self._table.putting(_place_key(each))
                for each in sorted(places - stale - {(page["pk"], page["sk"])})
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
    ) -> Iterator[Place]:
        """Give up to limit places of a listing, newest first, none later than until."""
        earliest = format_time(since) if since else ""
        bound = keys.past(until)
        found = self._table.query(
            keys.listing_partition(listing),
            before=min(bound, after) if after else bound,
            limit=limit,
            consistent=consistent,
        )
        for each in found:
            if each["sk"] < earliest:
                return
            yield Place(
                each["sk"].partition("#")[2],
                each["sk"],
                each.get("url", ""),
                parse_time(each["revised"]) if "revised" in each else None,
                each.get("title", ""),
                each.get("language"),
            )

    def count(self, listing: Listing, *, until: datetime) -> int:
        """Count the places of a listing, none later than until; it reads them all."""
        return self._table.count(keys.listing_partition(listing), before=keys.past(until))

    def holds(self, listing: Listing) -> bool:
        """Tell whether any article stands in a listing, its time come or not."""
        found = self._table.query(keys.listing_partition(listing), limit=1, consistent=True)
        return next(found, None) is not None

    def articles(
        self, article_ids: Iterable[str], *, consistent: bool = True
    ) -> dict[str, Article]:
        """Give the published ones among the articles by id, as they are now."""
        wanted = [keys.article_key(each) for each in article_ids]
        found = map(shelved_of_item, self._table.get_many(wanted, consistent=consistent))
        return {each.article.id: each.article for each in found if each.article}

    def with_counts(self, article_ids: Iterable[str]) -> dict[str, tuple[Article, Count]]:
        """Give the published ones among the articles, each with its count, by id."""
        wanted = [key for each in article_ids for key in (keys.article_key(each), count_key(each))]
        articles, counts = {}, {}
        for item in self._table.get_many(wanted):
            if item["sk"] == "COUNT":
                counts[id_of_item(item)] = count_of_item(item)
            elif article := shelved_of_item(item).article:
                articles[article.id] = article
        return {each: (articles[each], counts[each]) for each in articles if each in counts}

    def _counting(self, article: Article, views_before: int) -> Item:
        # The rankings read section and time here, and never an article's text.
        change = Change(
            update=(
                "SET #base = if_not_exists(#base, :base), #section = :section, "
                "#published = :published REMOVE #unpublished"
            ),
            names={
                "#base": "base",
                "#section": "section",
                "#published": "published",
                "#unpublished": "unpublished",
            },
            values={
                ":base": views_before,
                ":section": article.section,
                ":published": format_time(article.published),
            },
        )
        return self._table.updating(count_key(article.id), change)


def _halves(together: Together) -> list[Together]:
    """Cut a transaction in two; one article stays whole."""
    names = list(together)
    middle = len(names) // 2
    parts = (names[:middle], names[middle:])
    return [{name: together[name] for name in part} for part in parts if part]


def _still(version: int | None) -> Change:
    """Give the condition that an article's item has not been changed since it was read."""
    if version is None:
        return Change(condition="attribute_not_exists(pk)")
    return Change(
        condition="#version = :version",
        names={"#version": "version"},
        values={":version": version},
    )


def _places(article: Article) -> set[tuple[str, str]]:
    """Give the partition and sort key of every listing entry of an article."""
    place = keys.place(article.published, article.id)
    return {(keys.listing_partition(each), place) for each in listings_of(article)}


def _page(article: Article) -> Item:
    """Give the entry of the whole site's listing: it carries what sitemaps tell."""
    place = keys.listing_partition(ALL), keys.place(article.published, article.id)
    return _place_key(place) | {
        "url": article.url,
        "revised": format_time(article.revised()),
        "title": article.title,
        "language": article.language,
    }


def _address(article: Article) -> Item:
    """Give the entry that leads from an address to its article: the last one to claim it."""
    return keys.url_key(canonical_path(article.url)) | {"article": article.id}


def _place_key(place: tuple[str, str]) -> Key:
    return {"pk": place[0], "sk": place[1]}
