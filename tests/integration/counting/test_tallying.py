import random

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.dynamodb_rules import item_size, write_units
from circulation.counting.keys import page_key
from circulation.counting.tally import Batch, LedgerLine
from circulation.counting.tallying import Tallied, tally
from circulation.errors import ArticleNotFound
from circulation.runtime import Container
from tests.builders import TODAY, line, pages, publish_all
from tests.memory_store import store_in_memory

LINES = [line(number, new_visitor=number % 3 > 0) for number in range(1, 13)]


@pytest.fixture(autouse=True)
def published(store: Container) -> None:
    publish_all(store, "harbour-clock", "a", "b")


def total(store: Container, article: str = "harbour-clock") -> tuple[int, int]:
    """Views by the lifetime counter and by the day book."""
    return store.books.count(article).views, pages(store)[article]


def test_a_batch_is_folded_into_the_counter_and_the_day_book(store: Container) -> None:
    assert tally(Batch("s", LINES), store.books) == Tallied(folded=12, dropped=0, malformed=0)
    assert total(store) == (12, 12)
    assert store.books.count("harbour-clock").visitors == 8


def test_a_redelivered_batch_counts_once(store: Container) -> None:
    tally(Batch("s", LINES), store.books)
    assert tally(Batch("s", LINES), store.books) == Tallied(folded=0, dropped=12, malformed=0)
    assert total(store) == (12, 12)


def test_a_batch_that_is_cut_elsewhere_counts_once(store: Container) -> None:
    tally(Batch("s", LINES[:7]), store.books)
    tally(Batch("s", LINES[:4]), store.books)
    tally(Batch("s", LINES[4:]), store.books)
    assert total(store) == (12, 12)


def test_overlapping_batches_count_once(store: Container) -> None:
    tally(Batch("s", LINES[:8]), store.books)
    assert tally(Batch("s", LINES[3:]), store.books).folded == 4
    assert total(store) == (12, 12)


def test_a_batch_that_was_folded_half_way_is_completed(store: Container) -> None:
    lines = [line(1, "a"), line(2, "b"), line(3, "a")]
    tally(Batch("s", lines[:1]), store.books)  # as far as the crash let it come
    tally(Batch("s", lines), store.books)
    assert total(store, "a") == (2, 2)
    assert total(store, "b") == (1, 1)


def test_sequence_numbers_are_compared_as_numbers(store: Container) -> None:
    tally(Batch("s", [line(9)]), store.books)
    tally(Batch("s", [line(10)]), store.books)
    assert total(store) == (2, 2)


def test_each_shard_has_a_mark_of_its_own(store: Container) -> None:
    tally(Batch("s1", [line(500)]), store.books)
    tally(Batch("s2", [line(100)]), store.books)
    assert total(store) == (2, 2)


def test_marks_are_compared_as_numbers_where_their_bytes_change(store: Container) -> None:
    for number in (255, 256, 65_535, 65_536, 10**39):
        for _ in range(2):
            tally(Batch("s", [line(number)]), store.books)
    assert total(store) == (5, 5)


def test_a_page_with_the_marks_of_half_a_day_costs_one_write_unit(store: Container) -> None:
    shards = [f"shardId-{number:020}-a1b2c3d4" for number in range(12)]
    for shard in shards:
        tally(Batch(shard, [line(10**24)]), store.books)
    client = boto3.client("dynamodb")
    written = {name: {"S": text} for name, text in page_key("harbour-clock", TODAY).items()}
    item = client.get_item(TableName="Library", Key=written)["Item"]
    marks = {name: value for name, value in item.items() if "B" in value}
    assert len(marks) == len(shards)
    assert item_size(marks) == 32 * len(shards)
    assert write_units(item_size(item)) == 1


def test_each_day_has_a_mark_of_its_own(store: Container) -> None:
    tally(Batch("s", [line(500)]), store.books)
    tally(Batch("s", [line(100, day="2026-03-15")]), store.books)
    assert store.books.count("harbour-clock").views == 2


def test_an_empty_batch_writes_nothing(store: Container) -> None:
    before = list(store.library_table.scan())
    assert tally(Batch("s", []), store.books).folded == 0
    assert list(store.library_table.scan()) == before


def test_views_of_what_was_never_published_make_no_counter_and_keep_no_others_back(
    store: Container,
) -> None:
    lines = [line(1, "ghost"), line(2), line(3, "ghost")]
    assert tally(Batch("s", lines), store.books) == Tallied(folded=3, dropped=0, malformed=0)
    with pytest.raises(ArticleNotFound):
        store.books.count("ghost")
    assert total(store) == (1, 1)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_however_batches_are_cut_and_repeated_each_view_counts_once(seed: int) -> None:
    store = store_in_memory()
    dice = random.Random(seed)  # noqa: S311  hypothesis prints the seed
    articles = [f"{seed}-{number}" for number in range(3)]
    publish_all(store, *articles)
    shards: dict[str, list[LedgerLine]] = {
        f"s{number}": [line(each, dice.choice(articles)) for each in range(1, 15)]
        for number in range(2)
    }
    for shard, lines in shards.items():
        done = 0
        while done < len(lines):
            start = dice.randint(0, done)  # delivered again from anywhere before
            end = dice.randint(done, len(lines))
            tally(Batch(shard, lines[start:end]), store.books)
            done = max(done, end)
    everything = [each.article for lines in shards.values() for each in lines]
    for article in set(everything):
        assert total(store, article) == (everything.count(article),) * 2
