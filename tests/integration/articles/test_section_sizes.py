"""The sizes of sections: what is kept equals what is listed, whoever publishes at the same time."""

from datetime import timedelta
from unittest.mock import patch

from circulation.articles import keys
from circulation.articles.article import Submission
from circulation.articles.library import Library
from circulation.articles.listing import Kind, Listing
from circulation.articles.publishing import publish_all, unpublish
from circulation.articles.queries import read_sections
from circulation.runtime import Container
from tests.builders import NOW, article
from tests.memory_store import metered_tables, store_on

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
