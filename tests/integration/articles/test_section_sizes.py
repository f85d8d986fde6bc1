"""The sizes of sections: what is kept equals what is listed, whoever publishes at the same time."""

from datetime import timedelta
from typing import Any, cast
from unittest.mock import patch

import pytest

from circulation.articles import keys
from circulation.articles.article import Submission
from circulation.articles.library import Library
from circulation.articles.listing import Kind, Listing
from circulation.articles.publishing import publish_all, unpublish
from circulation.articles.queries import read_sections
from circulation.runtime import Container
from tests.builders import NOW, article
from tests.memory_store import metered_tables, store_on
from tests.simulation.dynamodb import DynamoDB


class Lossy(DynamoDB):
    """Tables whose answers to the next updates are lost, so that the updates are made again."""

    losing = 0

    def update_item(self, **request: Any) -> dict[str, Any]:
        if self.losing:
            self.losing -= 1
            super().update_item(**request)
        return super().update_item(**request)


CITY = Listing(Kind.SECTION, "city")


def publish(store: Container, *ids: str, section: str = "city", hours: int = -1) -> None:
    submissions = [
        Submission(
            article(
                name, section=section, published=NOW + timedelta(hours=hours),
                url=f"https://news.example/{name}",
            )
        )
        for name in ids
    ]  # fmt: skip
    publish_all(submissions, store.catalogue, store.books, now=NOW)


def test_articles_that_come_move_and_go_change_the_sizes() -> None:
    store = store_on(metered_tables())
    publish(store, *(f"a{number}" for number in range(60)))
    publish(store, "b", "c", section="sport")
    assert read_sections(store.catalogue, now=NOW) == {"city": 60, "sport": 2}
    publish(store, "a1", "a2", section="sport")
    publish(store, "a3", hours=-2)
    unpublish("b", store.catalogue, store.books, now=NOW)
    assert read_sections(store.catalogue, now=NOW) == {"city": 58, "sport": 3}


def test_articles_are_in_the_number_once_they_are_due() -> None:
    store = store_on(metered_tables())
    publish(store, "a", "b")
    publish(store, *(f"soon-{number}" for number in range(3)), hours=2)
    publish(store, *(f"later-{number}" for number in range(40)), hours=24 * 400)
    numbers = [
        read_sections(store.catalogue, now=NOW + timedelta(hours=hours))["city"]
        for hours in (0, 2, 24 * 399, 24 * 400)
    ]
    assert numbers == [2, 5, 5, 45]


def test_reading_the_sizes_costs_the_same_however_many_articles_there_are() -> None:
    dynamodb = metered_tables()
    store = store_on(dynamodb)
    units = []
    for start in (0, 400):
        publish(store, *(f"a{number}" for number in range(start, start + 400)))
        before = dynamodb.read_units
        read_sections(store.catalogue, now=NOW)
        units.append(dynamodb.read_units - before)
    assert units[0] == units[1] <= 3


def test_a_section_whose_size_was_never_kept_is_counted() -> None:
    dynamodb = metered_tables()
    store = store_on(dynamodb)
    publish(store, "a", "b")
    for key in store.catalogue.library.section_sizes.shares("city"):
        store.library_table.delete({"pk": keys.SECTION_SIZES, "sk": key})
    assert read_sections(store.catalogue, now=NOW) == {"city": 2}


def test_what_is_published_while_a_section_is_counted_anew_is_in_its_size() -> None:
    store = store_on(metered_tables())
    publish(store, "a", "b")
    store.catalogue.library.section_sizes.correct("city", 9, {})
    count, coming = Library.count, iter(["c", "d"])

    def count_slowly(library: Library, listing: Listing) -> int:
        listed = count(library, listing)
        if name := next(coming, None):
            publish(store, name)
        return listed

    with patch.object(Library, "count", count_slowly):
        assert store.catalogue.library.count_section_anew(CITY) == 4
    assert read_sections(store.catalogue, now=NOW) == {"city": 4}


def test_a_section_of_an_older_version_is_never_smaller_than_empty() -> None:
    store = store_on(metered_tables())
    publish(store, "a", "b", "c")
    for key in store.catalogue.library.section_sizes.shares("city"):
        store.library_table.delete({"pk": keys.SECTION_SIZES, "sk": key})
    unpublish("a", store.catalogue, store.books, now=NOW)
    assert read_sections(store.catalogue, now=NOW) == {"city": 2}
    assert store.catalogue.library.count_section_anew(CITY) == 2
    assert read_sections(store.catalogue, now=NOW) == {"city": 2}


def test_of_more_sections_than_are_shown_none_is_shown_by_a_part_of_its_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("circulation.articles.queries.MAX_SECTIONS", 1)
    store = store_on(metered_tables())
    for number in range(60):  # each decides about a share
        publish(store, f"a{number}")
    publish(store, "b", section="city hall")  # whose shares are before those of city
    assert read_sections(store.catalogue, now=NOW) == {"city": 60}


def test_a_correction_that_is_made_again_as_its_answer_was_lost_is_made_once() -> None:
    dynamodb = metered_tables(Lossy)
    store = store_on(dynamodb)
    publish(store, "a", "b")
    store.catalogue.library.section_sizes.correct("sport", 9, {})
    cast("Any", dynamodb).losing = 1
    assert store.catalogue.library.count_section_anew(Listing(Kind.SECTION, "sport")) == 0
    sizes = store.catalogue.library.section_sizes.read(limit=10)
    assert (cast("Any", dynamodb).losing, sizes) == (0, {"city": 2, "sport": 0})
