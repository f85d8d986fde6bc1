"""Wherever a publisher's request is cut off, what is stored is of one piece, and doing it again
completes it."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, cast

import pytest

from circulation.articles import keys
from circulation.articles.article import Article, Submission
from circulation.articles.canonical_path import canonical_path, host_of
from circulation.articles.listing import listings_of
from circulation.articles.publishing import publish, publish_all, unpublish
from circulation.errors import ArticleGone, StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings
from tests.builders import NOW, article
from tests.simulation.dynamodb import AT_ONCE, ATTEMPTS, DynamoDB, Fate

LATER = NOW + timedelta(hours=1)
BEFORE = article(tags=("x", "y"), authors=("A",), url="https://news.example/old")
AFTER = article(
    section="sport",
    tags=("y", "z"),
    published=NOW - timedelta(days=1),
    url="https://news.example/new",
    body="<p>Changed.</p>",
)
MAX_CALLS = 40


class Shelves:
    """A library over a DynamoDB one of whose calls fails, in every attempt at it."""

    def __init__(self, settings: Settings) -> None:
        self.fates: Iterator[Fate] = iter(())
        self.dynamodb = DynamoDB(lambda _: next(self.fates, Fate.DONE), lambda *_: None)
        self.settings = settings

    @property
    def store(self) -> Container:
        """A cold container."""
        return Container(self.settings, cast("Any", self.dynamodb), AT_ONCE)

    def fail(self, call: int, fate: Fate) -> None:
        done = [Fate.DONE] * call
        self.fates = iter([*done, *[fate] * ATTEMPTS])

    def check_whole(self, *ids: str) -> dict[str, Article | None]:
        """See that listings, addresses and counters are those of the articles that stand there."""
        found = self.store.catalogue.library.find_many(ids)
        standing = [each.article for each in found.values() if each.article]
        places = {
            (keys.listing_partition(listing), keys.place(each.published, each.id))
            for each in standing
            for listing in listings_of(each)
        }
        rows = self.dynamodb.tables.get(self.settings.library_table, {})
        gone = {(keys.UNPUBLISHED, name) for name, each in found.items() if each.article is None}
        sizes = {key for key in rows if key[0] == keys.SECTION_SIZES}
        assert {key for key in rows if key[0].startswith("LIST#")} - sizes == places | gone
        kept = self.store.catalogue.library.section_sizes.read(limit=10)
        assert +kept == Counter(each.section for each in standing)
        for each in standing:
            assert self.store.addresses.find(canonical_path(each.url), host_of(each.url)) == each.id
            assert rows[f"ARTICLE#{each.id}", "COUNT"]["section"]["S"] == each.section
        return {each: found[each].article if each in found else None for each in ids}

    def shown(self) -> set[str]:
        """Name the listings whose editions say that they show something."""
        told = self.store.catalogue.editions.all(now=LATER + timedelta(minutes=5))
        return {str(listing.name) for listing, edition in told if edition.shown}


@pytest.fixture
def shelves(settings: Settings) -> Shelves:
    made = Shelves(settings)
    publish(Submission(BEFORE), made.store.catalogue, made.store.books, now=NOW)
    return made


def cut_off(shelves: Shelves, call: int, fate: Fate, act: Callable[[], object]) -> bool:
    """Do something of which a call fails; tell whether it was cut off.

    A removal whose answer was lost may find that it is done when it is tried again.
    """
    shelves.fail(call, fate)
    try:
        act()
    except (StoreUnavailable, ArticleGone):
        return True
    finally:
        shelves.fates = iter(())
    return False


@pytest.mark.parametrize("fate", [Fate.REFUSED, Fate.LOST])
def test_an_edit_that_is_cut_off_is_done_or_not_and_again_is_done(
    settings: Settings, fate: Fate
) -> None:
    cuts = 0
    for call in range(MAX_CALLS):
        shelves = Shelves(settings)
        publish(Submission(BEFORE), shelves.store.catalogue, shelves.store.books, now=NOW)

        def edit(shelves: Shelves = shelves) -> None:
            publish(Submission(AFTER, 346), shelves.store.catalogue, shelves.store.books, now=LATER)

        cuts += cut_off(shelves, call, fate, edit)
        (standing,) = shelves.check_whole(BEFORE.id).values()
        assert standing in (BEFORE, AFTER)
        edit()
        assert shelves.check_whole(BEFORE.id) == {BEFORE.id: AFTER}
        assert shelves.store.books.count(BEFORE.id).views == 346
        assert shelves.store.addresses.find("/old", "") == BEFORE.id
        assert {"sport", "y", "z", ""} <= shelves.shown()
    assert cuts > 10


@pytest.mark.parametrize("fate", [Fate.REFUSED, Fate.LOST])
def test_an_unpublishing_that_is_cut_off_is_done_or_not_and_again_is_done(
    settings: Settings, fate: Fate
) -> None:
    cuts = 0
    for call in range(MAX_CALLS):
        shelves = Shelves(settings)
        publish(Submission(BEFORE), shelves.store.catalogue, shelves.store.books, now=NOW)

        def remove(shelves: Shelves = shelves) -> None:
            unpublish(BEFORE.id, shelves.store.catalogue, shelves.store.books, now=LATER)

        cut = cut_off(shelves, call, fate, remove)
        cuts += cut
        shelves.check_whole(BEFORE.id)
        if cut:
            try:
                remove()
            except ArticleGone:
                assert fate is Fate.LOST or shelves.check_whole(BEFORE.id) == {BEFORE.id: None}
        assert shelves.check_whole(BEFORE.id) == {BEFORE.id: None}
        assert shelves.store.addresses.find("/old", "") == BEFORE.id
    assert cuts > 5


@pytest.mark.parametrize("fate", [Fate.REFUSED, Fate.LOST])
def test_a_batch_that_is_cut_off_leaves_whole_articles_and_again_is_done(
    settings: Settings, fate: Fate
) -> None:
    told = [article(f"a{number}", url=f"https://news.example/{number}") for number in range(40)]
    ids = [each.id for each in told]
    cuts = 0
    for call in range(MAX_CALLS):
        shelves = Shelves(settings)

        def bring_in(shelves: Shelves = shelves) -> None:
            publish_all(
                [Submission(each) for each in told],
                shelves.store.catalogue,
                shelves.store.books,
                now=NOW,
            )

        cuts += cut_off(shelves, call, fate, bring_in)
        shelves.check_whole(*ids)
        bring_in()
        assert shelves.check_whole(*ids) == {each.id: each for each in told}
    assert cuts > 5


def test_while_two_publish_the_same_article_it_stays_of_one_piece(shelves: Shelves) -> None:
    """The second one comes between the first one's reading and writing, each time."""
    rivals = iter([AFTER, BEFORE, AFTER])
    first = shelves.store
    shelve = first.catalogue.library.shelve

    def late(*args: Any, **kwargs: Any) -> set[str]:
        for rival in rivals:
            publish(Submission(rival), shelves.store.catalogue, shelves.store.books, now=LATER)
            break
        return shelve(*args, **kwargs)

    first.catalogue.library.shelve = late  # type: ignore[method-assign]
    mine = article(title="Mine", section="mine")
    publish(Submission(mine), first.catalogue, first.books, now=LATER)
    assert shelves.check_whole(BEFORE.id) == {BEFORE.id: mine}
    assert shelves.store.addresses.find("/city/harbour-clock", "") == BEFORE.id
