"""What a page keeps of where its readers came from: all of it, in bounded room."""

import json
import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from circulation.aws.table import Change, Table
from circulation.counting.books import Books
from circulation.counting.breakdown import MAX_CAMPAIGNS, MAX_HOST_BYTES, MAX_HOSTS
from circulation.counting.day_book import DayBook
from circulation.counting.keys import page_key
from circulation.counting.tally import Batch, LedgerLine, Refusal, increment_of
from circulation.counting.tallying import fold, tally
from circulation.counting.traits import COUNTRIES, MAX_CAMPAIGN, SOURCES
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.times import start_of
from tests.builders import TODAY, line

MAX_EXPRESSION_BYTES = 4_096  # Developer Guide: Service, account, and table quotas in DynamoDB
MAX_OPERATORS = 300


def page(store: Container) -> dict[str, Any]:
    return store.library_table.get(page_key("harbour-clock", TODAY)) or {}


def sums(item: dict[str, Any], breakdown: str) -> dict[str, int]:
    return {name: number for name, number in item.items() if name.startswith(breakdown)}


def watched(store: Container) -> list[dict[str, Any]]:
    """Give the list to which each update is added from now on."""
    asked: list[dict[str, Any]] = []
    store.client.meta.events.register(
        "before-send.dynamodb.UpdateItem",
        lambda request, **_: asked.append(json.loads(request.body)),
    )
    return asked


def from_hosts(first: int, *hosts: str) -> list[LedgerLine]:
    return [line(first + place, referrer=host) for place, host in enumerate(hosts)]


def test_a_page_grows_by_what_views_told_and_the_lifetime_counter_does_not(
    store: Container,
) -> None:
    lines = [
        line(1, referrer="a.example", country="AZ", form_factor="phone", source="mail"),
        line(2, referrer="a.example", country="DE", campaign="spring fair"),
        line(3, form_factor="phone", source="mail", campaign="spring fair"),
    ]
    tally(Batch("s", lines), store.books)
    assert page(store).items() >= {"s#mail": 2, "k#spring fair": 2, "campaigns": 1}.items()
    assert page(store).items() >= {"r#a.example": 2, "c#AZ": 1, "c#DE": 1, "f#phone": 2}.items()
    assert page(store)["hosts"] == 1
    count = store.library_table.get({"pk": "ARTICLE#harbour-clock", "sk": "COUNT"}) or {}
    assert not {name for name in count if name[1:2] == "#"}


def test_a_redelivered_batch_adds_nothing_to_a_breakdown(store: Container) -> None:
    lines = from_hosts(1, "a.example", "b.example")
    tally(Batch("s", lines), store.books)
    tally(Batch("s", lines), store.books)
    tally(Batch("s", lines + from_hosts(3, "b.example")), store.books)
    assert sums(page(store), "r#") == {"r#a.example": 1, "r#b.example": 2}
    assert page(store)["hosts"] == 2


def test_another_folds_new_hosts_are_seen_before_ones_own_are_added(store: Container) -> None:
    ours, theirs = store.books, Books(store.library_table)
    known = [f"k{number}.example" for number in range(MAX_HOSTS - 1)]
    assert fold("s1", from_hosts(1, *known), ours) == 99
    assert fold("s2", from_hosts(1, "theirs.example"), theirs) == 1
    assert fold("s1", from_hosts(200, "ours.example", "k0.example"), ours) == 2
    kept = sums(page(store), "r#")
    assert len(kept.keys() - {"r#other"}) == page(store)["hosts"] == MAX_HOSTS
    assert (kept["r#theirs.example"], kept["r#k0.example"], kept["r#other"]) == (1, 2, 1)


def test_however_shards_take_turns_a_page_keeps_its_names_and_loses_no_view(
    store: Container,
) -> None:
    dice = random.Random(7)  # noqa: S311  the same every time
    books = [Books(store.library_table) for _ in range(3)]
    views = 0
    for turn in range(1, 60):
        lines = [
            line(
                turn * 100 + place,
                referrer=f"h{dice.randint(0, 400)}.example",
                campaign=f"k{dice.randint(0, 40)}",
            )
            for place in range(dice.randint(1, 12))
        ]
        shard = dice.randrange(3)
        views += fold(f"s{shard}", lines, books[shard])
    item = page(store)
    for number, prefix, most in (("hosts", "r#", MAX_HOSTS), ("campaigns", "k#", MAX_CAMPAIGNS)):
        kept = sums(item, prefix)
        assert len(kept.keys() - {f"{prefix}other"}) == item[number] == most
        assert sum(kept.values()) == item["views"] == views


def test_a_new_campaign_waits_for_no_host_that_another_fold_added(store: Container) -> None:
    ours, theirs = store.books.day_book, DayBook(store.library_table)
    known = line(1, referrer="a.example", campaign="a")
    assert ours.grow(increment_of("s1", [known])) == 1
    assert theirs.grow(increment_of("s2", from_hosts(1, "b.example"))) == 2
    updates = watched(store)
    later = line(2, referrer="a.example", campaign="b")
    assert ours.grow(increment_of("s1", [later])) == 3
    assert len(updates) == 1
    assert page(store).items() >= {"hosts": 2, "campaigns": 2}.items()


def test_a_refusal_is_told_apart_from_a_page_that_has_changed(store: Container) -> None:
    other = DayBook(store.library_table)
    first = increment_of("s", from_hosts(5, "a.example"))
    assert other.grow(first) == first.views
    # It knows of no host yet, and its lines are in.
    assert store.books.day_book.grow(first) == Refusal(first.last, sealed=False)
    seal = Change(update="SET #s = :true", names={"#s": "sealed"}, values={":true": True})
    store.library_table.update(page_key("harbour-clock", TODAY), seal)
    late = increment_of("t", from_hosts(1, "b.example"))
    assert DayBook(store.library_table).grow(late) == Refusal(None, sealed=True)


def test_pages_that_a_container_has_not_seen_are_read_together_and_take_one_write_each(
    store: Container,
) -> None:
    first = [*from_hosts(1, "a.example"), line(2, "other", referrer="a.example")]
    assert tally(Batch("s", first), store.books).folded == 2
    calls: list[str] = []
    for name in ("BatchGetItem", "UpdateItem"):
        store.client.meta.events.register(
            f"before-send.dynamodb.{name}",
            lambda event_name, **_: calls.append(event_name.rpartition(".")[2]),
        )
    cold = Books(store.library_table)
    cold.counters.open = lambda *_: None  # type: ignore[method-assign]
    second = [*from_hosts(1, "b.example"), line(2, "other", referrer="b.example")]
    assert tally(Batch("t", second), cold).folded == 2
    assert calls == ["BatchGetItem", "UpdateItem", "UpdateItem"]
    tally(Batch("t", from_hosts(3, "c.example")), cold)
    tally(Batch("u", [line(1)]), Books(store.library_table))
    assert calls[3:] == ["UpdateItem", "UpdateItem"]


def test_what_cannot_be_read_before_is_left_to_the_write(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally(Batch("s", from_hosts(1, "a.example")), store.books)

    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable("throttled")

    monkeypatch.setattr(Table, "get_many", fail)
    cold = Books(store.library_table)
    assert tally(Batch("t", from_hosts(1, "b.example")), cold).folded == 1
    assert sums(page(store), "r#") == {"r#a.example": 1, "r#b.example": 1}


@pytest.fixture
def deep() -> Iterator[None]:
    """Room for moto, which reads a long expression by recursion."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("deep")
def test_ten_thousand_hosts_and_campaigns_and_every_country_fit_one_update_and_one_item(
    store: Container,
) -> None:
    asked = watched(store)
    countries, sources = sorted(COUNTRIES), sorted(SOURCES)
    hosts = [f"{number:05}.{'x' * 36}.example" for number in range(10_000)]
    assert len(hosts[0]) == MAX_HOST_BYTES
    lines = [
        line(
            number,
            referrer=hosts[number] if number else hosts[1],
            country=countries[number % len(countries)],
            form_factor=("phone", "tablet", "desktop")[number % 3],
            source=sources[number % len(sources)],
            campaign=f"{number:04}{'x' * (MAX_CAMPAIGN - 4)}",
            at=start_of(TODAY).replace(hour=number % 24),
        )
        for number in range(10_000)
    ]
    assert fold("s", lines, store.books) == 10_000
    update, _named = asked
    assert len(update["UpdateExpression"]) <= MAX_EXPRESSION_BYTES
    assert update["UpdateExpression"].count(":") <= MAX_OPERATORS
    item = page(store)
    assert item["hosts"] == MAX_HOSTS
    assert item[f"r#{hosts[1]}"] == 2  # the largest comes first
    assert item["campaigns"] == MAX_CAMPAIGNS
    for breakdown in ("r#", "c#", "f#", "s#", "k#"):
        assert sum(sums(item, breakdown).values()) == item["views"] == 10_000
    assert sum(len(name) + 21 for name in item) < 16_000  # bytes; a number has at most 21
    assert fold("t", lines[:5], store.books) == 5
