"""The library: articles and the listings that they stand in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from circulation.article import Article
from circulation.count import Count
from circulation.listing import ALL, Listing, listings_of
from circulation.store import keys
from circulation.store.counters import count_of_item
from circulation.store.items import (
    Shelved,
    item_of_article,
    item_of_unpublished,
    shelved_of_item,
)
from circulation.store.keys import id_of_item
from circulation.store.table import Change, Item, Table, TransactionRefused
from circulation.times import format_time, parse_time


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in a listing."""

    article: str
    key: str
    url: str = ""
    revised: datetime | None = None
    """Address and last revision of the article, as the listing of the whole site has them."""


class Library:
    """The articles and listings in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, article_id: str, *, consistent: bool = False) -> Shelved | None:
        """Find an article, or what remains of an unpublished one; None where nothing ever was."""
        item = self._table.get(keys.article_key(article_id), consistent=consistent)
        return shelved_of_item(item) if item else None

    def put(self, article: Article, *, replacing: Article | None, version: int | None) -> bool:
        """Shelve an article, in its listings, with a counter, in one transaction.

        Replacing is the article that stands there now and version that of its item, None where
        nothing is. Answers False when that is no longer so, or another write was in the way.
        """
        # The tally writes the counter all the time, so it is left out where nothing in it changes.
        same_count = replacing and _ranked_by(replacing) == _ranked_by(article)
        stale = _places(replacing) if replacing else set()
        fresh = _places(article)
        page = _page(article)
        return self._change(
            self._table.putting(item_of_article(article, (version or 0) + 1), _still(version)),
            *([] if same_count else [self._counting(article)]),
            *(self._table.deleting(_place_key(each)) for each in sorted(stale - fresh)),
            *(
                self._table.putting(_place_key(each))
                for each in sorted(fresh - stale - {(page["pk"], page["sk"])})
            ),
            self._table.putting(page),
        )

    def remove(self, article: Article, version: int, *, now: datetime) -> bool:
        """Leave only a mark that the article was unpublished; its count stays.

        Answers False when the article was changed meanwhile, or another write was in the way.
        """
        return self._change(
            self._table.putting(item_of_unpublished(article.id, version + 1, now), _still(version)),
            self._table.updating(
                keys.count_key(article.id),
                Change(
                    update="SET #unpublished = :true",
                    names={"#unpublished": "unpublished"},
                    values={":true": True},
                ),
            ),
            *(self._table.deleting(_place_key(each)) for each in sorted(_places(article))),
        )

    def places(
        self,
        listing: Listing,
        *,
        until: datetime,
        limit: int | None = None,
        after: str | None = None,
        consistent: bool = False,
    ) -> Iterator[Place]:
        """Give up to limit places of a listing, newest first, none later than until."""
        bound = keys.past(until)
        found = self._table.query(
            keys.listing_partition(listing),
            before=min(bound, after) if after else bound,
            limit=limit,
            consistent=consistent,
        )
        for each in found:
            yield Place(
                each["sk"].partition("#")[2],
                each["sk"],
                each.get("url", ""),
                (parse_time(each["revised"]) if "revised" in each else None),
            )

    def holds(self, listing: Listing) -> bool:
        """Tell whether any article stands in a listing, its time come or not."""
        found = self._table.query(keys.listing_partition(listing), limit=1, consistent=True)
        return next(found, None) is not None

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """Give the published ones among the articles, as they are now, by id."""
        wanted = [keys.article_key(each) for each in article_ids]
        found = map(shelved_of_item, self._table.get_many(wanted, consistent=True))
        return {each.article.id: each.article for each in found if each.article}

    def with_counts(self, article_ids: Iterable[str]) -> dict[str, tuple[Article, Count]]:
        """Give the published ones among the articles, each with its count, by id."""
        wanted = [
            key for each in article_ids for key in (keys.article_key(each), keys.count_key(each))
        ]
        articles, counts = {}, {}
        for item in self._table.get_many(wanted):
            if item["sk"] == "COUNT":
                counts[id_of_item(item)] = count_of_item(item)
            elif article := shelved_of_item(item).article:
                articles[article.id] = article
        return {each: (articles[each], counts[each]) for each in articles if each in counts}

    def _counting(self, article: Article) -> Item:
        # The rankings read section and time here, and never an article's text.
        change = Change(
            update=(
                "SET #base = if_not_exists(#base, :none), #section = :section, "
                "#published = :published REMOVE #unpublished"
            ),
            names={
                "#base": "base",
                "#section": "section",
                "#published": "published",
                "#unpublished": "unpublished",
            },
            values={
                ":none": 0,
                ":section": article.section,
                ":published": format_time(article.published),
            },
        )
        return self._table.updating(keys.count_key(article.id), change)

    def _change(self, *actions: Item) -> bool:
        try:
            self._table.transact(*actions)
        except TransactionRefused:
            return False
        return True


def _still(version: int | None) -> Change:
    """Give the condition that an article's item has not been changed since it was read."""
    if version is None:
        return Change(condition="attribute_not_exists(pk)")
    return Change(
        condition="#version = :version",
        names={"#version": "version"},
        values={":version": version},
    )


def _ranked_by(article: Article) -> tuple[str, datetime]:
    return article.section, article.published


def _places(article: Article) -> set[tuple[str, str]]:
    """Give the partition and sort key of every listing entry of an article."""
    place = keys.place(article.published, article.id)
    return {(keys.listing_partition(each), place) for each in listings_of(article)}


def _page(article: Article) -> Item:
    """Give the entry of the whole site's listing: it carries what a sitemap tells."""
    place = keys.listing_partition(ALL), keys.place(article.published, article.id)
    return _place_key(place) | {"url": article.url, "revised": format_time(article.revised())}


def _place_key(place: tuple[str, str]) -> keys.Key:
    return {"pk": place[0], "sk": place[1]}
