"""What a page keeps of where its readers came from: all of it, in bounded room."""

import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from circulation.aws.table import Change
from circulation.counting.breakdown import MAX_HOST_BYTES, MAX_HOSTS
from circulation.counting.day_book import DayBook
from circulation.counting.keys import page_key
from circulation.counting.tally import Batch, LedgerLine, increment_of
from circulation.counting.tallying import fold, tally
from circulation.counting.traits import COUNTRIES
from circulation.runtime import Container
from circulation.times import start_of
from tests.builders import TODAY, line

MAX_EXPRESSION_BYTES = 4_096  # Developer Guide: Service, account, and table quotas in DynamoDB
MAX_OPERATORS = 300


def page(store: Container) -> dict[str, Any]:
    return store.library_table.get(page_key("harbour-clock", TODAY)) or {}


def sums(item: dict[str, Any], breakdown: str) -> dict[str, int]:
    return {name: number for name, number in item.items() if name.startswith(breakdown)}


def from_hosts(first: int, *hosts: str) -> list[LedgerLine]:
    return [line(first + place, referrer=host) for place, host in enumerate(hosts)]


def test_a_page_grows_by_what_views_told_and_the_lifetime_counter_does_not(
    store: Container,
) -> None:
    lines = [
        line(1, referrer="a.example", country="AZ", form_factor="phone"),
        line(2, referrer="a.example", country="DE"),
        line(3, form_factor="phone"),
    ]
    tally(Batch("s", lines), store.books)
    assert page(store).items() >= {"r#a.example": 2, "c#AZ": 1, "c#DE": 1, "f#phone": 2}.items()
    assert page(store)["hosts"] == 1
    count = store.library_table.get({"pk": "ARTICLE#harbour-clock", "sk": "COUNT"}) or {}
    assert not {name for name in count if name[:2] in ("r#", "c#", "f#")}


def test_a_redelivered_batch_adds_nothing_to_a_breakdown(store: Container) -> None:
    lines = from_hosts(1, "a.example", "b.example")
    tally(Batch("s", lines), store.books)
    tally(Batch("s", lines), store.books)
    tally(Batch("s", lines + from_hosts(3, "b.example")), store.books)
    assert sums(page(store), "r#") == {"r#a.example": 1, "r#b.example": 2}
    assert page(store)["hosts"] == 2


def test_another_folds_new_hosts_are_seen_before_ones_own_are_added(store: Container) -> None:
    ours, theirs = store.books.day_book, DayBook(store.library_table)
    known = [f"k{number}.example" for number in range(MAX_HOSTS - 1)]
    assert fold(ours.grow, "s1", from_hosts(1, *known)) == 99
    assert fold(theirs.grow, "s2", from_hosts(1, "theirs.example")) == 1
    assert fold(ours.grow, "s1", from_hosts(200, "ours.example", "k0.example")) == 2
    kept = sums(page(store), "r#")
    assert len(kept.keys() - {"r#other"}) == page(store)["hosts"] == MAX_HOSTS
    assert (kept["r#theirs.example"], kept["r#k0.example"], kept["r#other"]) == (1, 2, 1)


def test_however_shards_take_turns_a_page_keeps_100_hosts_and_loses_no_view(
    store: Container,
) -> None:
    dice = random.Random(7)  # noqa: S311  the same every time
    books = [DayBook(store.library_table) for _ in range(3)]
    views = 0
    for turn in range(1, 60):
        hosts = [f"h{dice.randint(0, 400)}.example" for _ in range(dice.randint(1, 12))]
        shard = dice.randrange(3)
        views += fold(books[shard].grow, f"s{shard}", from_hosts(turn * 100, *hosts))
    item = page(store)
    kept = sums(item, "r#")
    assert len(kept.keys() - {"r#other"}) == item["hosts"] == MAX_HOSTS
    assert sum(kept.values()) == item["views"] == views


def test_a_refusal_is_told_apart_from_a_page_that_has_changed(store: Container) -> None:
    other = DayBook(store.library_table)
    first = increment_of("s", from_hosts(5, "a.example"))
    assert other.grow(first) is None
    refusal = store.books.day_book.grow(first)  # it knows of no host yet, and its lines are in
    assert refusal
    assert refusal.mark == first.last
    seal = Change(update="SET #s = :true", names={"#s": "sealed"}, values={":true": True})
    store.library_table.update(page_key("harbour-clock", TODAY), seal)
    sealed = DayBook(store.library_table).grow(increment_of("t", from_hosts(1, "b.example")))
    assert sealed
    assert sealed.sealed


@pytest.fixture
def deep() -> Iterator[None]:
    """Room for moto, which reads a long expression by recursion."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("deep")
def test_ten_thousand_hosts_and_every_country_fit_one_update_and_one_item(
    store: Container,
) -> None:
    asked: list[dict[str, Any]] = []
    client = store.client
    client.meta.events.register(
        "provide-client-params.dynamodb.UpdateItem",
        lambda params, **_: asked.append(params),
    )
    countries = sorted(COUNTRIES)
    hosts = [f"{number:05}.{'x' * 36}.example" for number in range(10_000)]
    assert len(hosts[0]) == MAX_HOST_BYTES
    lines = [
        line(
            number,
            referrer=hosts[number] if number else hosts[1],
            country=countries[number % len(countries)],
            form_factor=("phone", "tablet", "desktop")[number % 3],
            at=start_of(TODAY).replace(hour=number % 24),
        )
        for number in range(10_000)
    ]
    assert fold(store.books.day_book.grow, "s", lines) == 10_000
    (update,) = asked
    assert len(update["UpdateExpression"]) <= MAX_EXPRESSION_BYTES
    assert update["UpdateExpression"].count(":") <= MAX_OPERATORS
    item = page(store)
    assert item["hosts"] == MAX_HOSTS
    assert item[f"r#{hosts[1]}"] == 2  # the largest comes first
    for breakdown in ("r#", "c#", "f#"):
        assert sum(sums(item, breakdown).values()) == item["views"] == 10_000
    assert sum(len(name) + 21 for name in item) < 16_000  # bytes; a number has at most 21
    assert fold(store.books.day_book.grow, "t", lines[:5]) == 5
