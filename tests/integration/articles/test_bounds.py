"""What is written is bounded: transactions, waits, items, and the calls of a large batch."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.articles import keys
from circulation.articles.article import Article, Submission
from circulation.articles.editions import MAX_DUE, SETTLES
from circulation.articles.fields import MAX_BODY_BYTES
from circulation.articles.library import MAX_BYTES
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publishing import Published, publish_all, unpublish
from circulation.aws.backoff import FIRST, LONGEST, Backoff
from circulation.aws.parallel import WORKERS, for_each
from circulation.aws.table import MAX_ATTEMPTS, Table
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings
from tests.builders import NOW, article
from tests.memory_store import metered_tables, store_in_memory, store_on
from tests.simulation.conftest import settings_of_world
from tests.simulation.dynamodb import AT_ONCE, DynamoDB, TransactionCanceled

WORLD: Settings = settings_of_world()


def many(number: int, **changes: Any) -> list[Article]:
    return [
        article(f"a{each}", url=f"https://news.example/{each}", **changes) for each in range(number)
    ]


class Narrow(DynamoDB):
    """Tables without room for a transaction of more than some bytes, or for the first ones."""

    room = 10**9
    refusals = 0

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        size = len(json.dumps(request, ensure_ascii=False).encode())
        self.sizes = [*getattr(self, "sizes", []), size]
        if size > self.room or self.refusals:
            self.refusals = max(0, self.refusals - 1)
            reasons = [{"Code": "None"}, {"Code": "ThrottlingError"}]
            answer: Any = {"Error": {"Code": "TransactionCanceledException", "Message": "m"},
                           "CancellationReasons": reasons}  # fmt: skip
            raise TransactionCanceled(answer, "TransactWriteItems")
        return super().transact_write_items(**request)


@pytest.mark.parametrize("body", [100, 60_000, MAX_BODY_BYTES - 7])
def test_a_transaction_holds_no_more_than_a_new_table_takes(body: int) -> None:
    narrow = metered_tables(Narrow)
    told = many(20, body=f"<p>{'x' * body}</p>")
    store = store_on(narrow)
    publish_all([Submission(each) for each in told], store.catalogue, store.books, now=NOW)
    sizes = cast("Any", narrow).sizes
    assert max(sizes) < MAX_BYTES + 10_000
    assert len(sizes) <= max(2, 20 * (body + 1_000) // (MAX_BYTES // 2))


@given(room=st.integers(3_000, 40_000), refusals=st.integers(0, MAX_ATTEMPTS - 4))
@settings(max_examples=20, deadline=None)
def test_a_throttled_transaction_is_halved_until_there_is_room(room: int, refusals: int) -> None:
    narrow = metered_tables(Narrow)
    cast("Any", narrow).room, cast("Any", narrow).refusals = room, refusals
    waits: list[float] = []
    store = store_on(narrow, Backoff(waits.append, lambda: 1.0))
    outcomes = publish_all(
        [Submission(each) for each in many(12)], store.catalogue, store.books, now=NOW
    )
    assert all(isinstance(each, Published) for each in outcomes)
    assert len(list(store.catalogue.library.places(ALL, until=NOW))) == 12
    assert all(FIRST <= each <= LONGEST for each in waits)


def test_a_table_that_never_has_room_is_unavailable_after_some_waits() -> None:
    narrow = metered_tables(Narrow)
    cast("Any", narrow).room = 0
    waits: list[float] = []
    store = store_on(narrow, Backoff(waits.append, lambda: 0.5))
    with pytest.raises(StoreUnavailable):
        publish_all([Submission(each) for each in many(3)], store.catalogue, store.books, now=NOW)
    assert waits == [min(LONGEST, FIRST * 2**each) / 2 for each in range(MAX_ATTEMPTS - 1)]


class Grudging(DynamoDB):
    """Tables that give so many items of a batch and leave the others."""

    given = 7

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        ((table, told),) = request["RequestItems"].items()
        now = {table: told | {"Keys": told["Keys"][: self.given]}}
        answer = (
            super().batch_get_item(RequestItems=now) if self.given else {"Responses": {table: []}}
        )
        left = told["Keys"][self.given :]
        return answer | {"UnprocessedKeys": {table: told | {"Keys": left}} if left else {}}


@given(ids=st.lists(st.integers(0, 60), max_size=150), given_at_once=st.integers(20, 100))
@settings(max_examples=25, deadline=None)
def test_what_a_batch_leaves_is_asked_for_again_and_nothing_twice(
    ids: list[int], given_at_once: int
) -> None:
    dynamodb = metered_tables(Grudging)
    cast("Any", dynamodb).given = given_at_once
    table = Table(cast("Any", dynamodb), "Library", AT_ONCE)
    for number in range(0, 60, 2):
        dynamodb.put("Library", {"pk": {"S": str(number)}, "sk": {"S": "x"}})
    found = list(table.get_many({"pk": str(each), "sk": "x"} for each in ids))
    assert sorted(int(each["pk"]) for each in found) == sorted(
        each for each in set(ids) if each % 2 == 0 and each < 60
    )


def test_a_batch_that_gets_nowhere_is_unavailable_and_waits_longer_each_time() -> None:
    dynamodb = metered_tables(Grudging)
    cast("Any", dynamodb).given = 0
    waits: list[float] = []
    table = Table(cast("Any", dynamodb), "Library", Backoff(waits.append, lambda: 1.0))
    with pytest.raises(StoreUnavailable):
        list(table.get_many([{"pk": "a", "sk": "x"}]))
    assert waits == sorted(waits)
    assert len(waits) == MAX_ATTEMPTS - 1


def test_a_batch_with_every_tag_and_author_takes_few_calls_in_a_row() -> None:
    dynamodb = metered_tables()
    store = store_on(dynamodb)
    told = [
        replace(
            each,
            tags=tuple(f"tag-{number}-{place}" for place in range(20)),
            authors=tuple(f"author-{number}-{place}" for place in range(20)),
        )
        for number, each in enumerate(many(100))
    ]
    publish_all([Submission(each, 346) for each in told], store.catalogue, store.books, now=NOW)
    listings = 100 * 40 + 2
    in_parallel = 2 * listings + 100  # begun and closed; and a page opened for each article
    assert dynamodb.calls.total() - in_parallel < 100
    assert dynamodb.calls["get_item"] == 0
    assert dynamodb.calls["transact_write_items"] <= 55
    assert WORKERS >= 16


def test_parallel_calls_are_all_over_before_an_error_is_raised() -> None:
    done: list[int] = []

    def act(number: int) -> int:
        if number == 3:
            raise StoreUnavailable("three")
        done.append(number)
        return number

    with pytest.raises(StoreUnavailable):
        for_each(range(100), act)
    finished = len(done)
    assert for_each(range(20), lambda number: number * 2) == list(range(0, 40, 2))
    assert len(done) == finished


CITY = Listing(Kind.SECTION, "city")
FAR = NOW + timedelta(days=3_000)


def edition_size(dynamodb: DynamoDB, listing: Listing) -> int:
    key = keys.edition_key(listing)
    item = dynamodb.tables[WORLD.library_table][key["pk"], key["sk"]]
    return len(json.dumps(item))


def test_ten_thousand_articles_to_come_break_no_publishing_and_come() -> None:
    dynamodb = metered_tables()
    store = store_on(dynamodb)
    coming = [
        replace(each, published=NOW + timedelta(hours=number + 1))
        for number, each in enumerate(many(10_000))
    ]
    for start in range(0, 10_000, 100):
        publish_all(
            [Submission(each) for each in coming[start : start + 100]],
            store.catalogue,
            store.books,
            now=NOW,
        )
    assert edition_size(dynamodb, ALL) < 3_000
    assert edition_size(dynamodb, CITY) < 3_000
    assert list(store.catalogue.editions.all(now=NOW, kind=Kind.SECTION)) == []
    for hours in (1, 2, 150, 9_999, 10_000):
        at = NOW + timedelta(hours=hours)
        edition = store.catalogue.editions.get(CITY, now=at)
        assert edition
        assert edition.moment == at.replace(microsecond=0)
        before = store.catalogue.editions.get(CITY, now=at - timedelta(seconds=1))
        assert before != edition


Seen = dict[tuple[Listing, int, datetime], list[str]]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "batch", "unpublish", "wait", "die"]),
        st.integers(0, 40),
        st.integers(-2, 60),
    ),
    max_size=25,
)


@given(steps=STEPS, max_due=st.sampled_from([1, 2, 3, MAX_DUE]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_two_editions_that_are_equal_show_the_same_whatever_is_to_come(
    steps: list[tuple[str, int, int]], max_due: int
) -> None:
    """Against the listing itself, as a model: what it shows never changes without its edition."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("circulation.articles.editions.MAX_DUE", max_due)
        store = store_in_memory()
        now, seen = NOW, Seen()
        for kind, number, days in steps:
            live(kind, number, now + timedelta(days=days * 20), store, now)
            # A change whose function died is seen when it must be over, at the latest.
            after = timedelta(days=max(0, days) * 7) if kind == "wait" else timedelta()
            for part in (0, 1, 2, 3):
                look(store, now + SETTLES + part * after / 3, seen)
            now += SETTLES + after


def look(store: Container, at: datetime, seen: Seen) -> None:
    """See that the section, and each month that has articles, has an edition of what it shows."""
    places = store.catalogue.library.places(CITY, until=at)
    of_section = [place.key for place in places]
    months = {key[:7] for key in of_section} | {name.name for name, *_ in seen if name != CITY}
    for listing in (CITY, *(Listing(Kind.MONTH, month) for month in sorted(months))):
        shown = [key for key in of_section if listing == CITY or key.startswith(listing.name)]
        edition = store.catalogue.editions.get(listing, now=at)
        if edition is None:
            assert not shown
            continue
        assert edition.shown or not shown
        assert seen.setdefault((listing, edition.number, edition.moment), shown) == shown


def live(kind: str, number: int, published: datetime, store: Container, now: datetime) -> None:
    """Do a step: publish one or many, take one out, or die before the change is closed."""
    article_id = f"a{number}"
    if kind in ("publish", "die"):
        told = [article(article_id, published=published, title=f"{now}")]
    elif kind == "batch":
        told = [
            article(f"b{number}-{each}", published=published + timedelta(days=each))
            for each in range(5)
        ]
    else:
        if kind == "unpublish" and store.catalogue.library.articles([article_id]):
            unpublish(article_id, store.catalogue, store.books, now=now)
        return
    with pytest.MonkeyPatch.context() as patch:
        if kind == "die":
            patch.setattr(type(store.catalogue.editions), "close", _die)
            with pytest.raises(SystemExit):
                publish_all(
                    [Submission(each) for each in told], store.catalogue, store.books, now=now
                )
            return
        publish_all([Submission(each) for each in told], store.catalogue, store.books, now=now)


def _die(*_: object) -> None:
    raise SystemExit
