from datetime import timedelta
from typing import Any

from circulation.articles.article import Article, Submission
from circulation.articles.change import Revision
from circulation.articles.items import Shelved
from circulation.articles.keys import listing_partition
from circulation.articles.library import Library
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publishing import publish, unpublish
from circulation.articles.queries import read_counted
from circulation.runtime import Container
from tests.builders import NOW, article

CITY = Listing(Kind.SECTION, "city")


def listed(store: Container, listing: Listing = ALL) -> list[str]:
    return [each.article for each in store.catalogue.library.places(listing, until=NOW, limit=100)]


def put(library: Library, **changes: Any) -> None:
    told = article(**changes)
    shelved = library.find(told.id, consistent=True)
    assert not library.shelve([revision(told, shelved)], now=NOW)


def revision(fresh: Article | None, shelved: Shelved | None) -> Revision:
    standing = shelved.article if shelved else None
    stands = fresh or standing
    assert stands
    version, noted = (shelved.version, shelved.noted) if shelved else (None, 0)
    return Revision(stands.id, standing, fresh, version, noted)


def test_an_article_comes_back_as_it_went_in(store: Container) -> None:
    told = article(
        updated=NOW,
        summary="In short",
        authors=("A", "B"),
        language="az",
        tags=("x", "y"),
        image="https://news.example/a.jpg",
        changed=NOW.replace(microsecond=0),
    )
    assert not store.catalogue.library.shelve([revision(told, None)], now=NOW)
    shelved = store.catalogue.library.find(told.id)
    assert shelved
    assert shelved.article == told
    assert shelved.article.changed == told.changed


def test_an_article_stands_in_all_its_listings_newest_first(store: Container) -> None:
    for hours, name in enumerate(["new", "middle", "old"]):
        put(store.catalogue.library, article_id=name, published=NOW - timedelta(hours=hours))
    put(store.catalogue.library, article_id="tagged", tags=("x",), authors=("B",), section="sport")
    assert listed(store, CITY) == ["new", "middle", "old"]
    assert listed(store, Listing(Kind.TAG, "x")) == ["tagged"]
    assert listed(store, Listing(Kind.AUTHOR, "B")) == ["tagged"]
    assert sorted(listed(store)) == ["middle", "new", "old", "tagged"]


def test_a_changed_section_tag_or_date_moves_the_article(store: Container) -> None:
    put(store.catalogue.library, tags=("x", "y"))
    put(store.catalogue.library, tags=("y",), section="sport", published=NOW)
    assert listed(store, CITY) == listed(store, Listing(Kind.TAG, "x")) == []
    for listing in (ALL, Listing(Kind.SECTION, "sport"), Listing(Kind.TAG, "y")):
        entries = list(store.library_table.query(listing_partition(listing)))
        assert [each["sk"] for each in entries] == ["2026-03-14T15:09:26Z#harbour-clock"]


def test_an_article_is_not_listed_before_its_time(store: Container) -> None:
    put(store.catalogue.library, article_id="now", published=NOW)
    put(store.catalogue.library, article_id="later", published=NOW + timedelta(seconds=1))
    assert listed(store) == ["now"]


def test_who_read_an_older_version_does_not_overwrite_a_newer_one(store: Container) -> None:
    put(store.catalogue.library)
    put(store.catalogue.library, title="Newer")
    for fresh, stands in (
        (article(title="Mine"), Shelved(article(), 1)),
        (article(title="Mine"), None),
        (None, Shelved(article(), 1)),
    ):
        assert store.catalogue.library.shelve([revision(fresh, stands)], now=NOW) == {
            "harbour-clock"
        }
    shelved = store.catalogue.library.find("harbour-clock")
    assert shelved
    assert shelved.article
    assert shelved.article.title == "Newer"


def test_pages_of_places_neither_repeat_nor_skip(store: Container) -> None:
    for number in range(7):
        put(
            store.catalogue.library, article_id=f"a{number}", published=NOW
        )  # all of the same second
    pages, after = [], None
    while page := list(store.catalogue.library.places(ALL, until=NOW, limit=3, after=after)):
        pages += [each.article for each in page]
        after = page[-1].key
    assert pages == [f"a{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


def test_articles_come_with_their_counts_in_batches(store: Container) -> None:
    names = [f"a{number}" for number in range(60)]  # more than one BatchGetItem takes
    for name in names:
        put(store.catalogue.library, article_id=name)
    store.books.counters.raise_base("a7", 7)
    found = read_counted([*names, "nobody"], store.catalogue, store.books)
    assert sorted(found) == sorted(names)
    assert found["a7"].count.views == 7


def test_one_that_is_refused_keeps_none_of_the_others_from_their_place(store: Container) -> None:
    put(store.catalogue.library, article_id="a1", title="Newer")
    told = [revision(article(f"a{number}", url=f"https://a.example/{number}"), None)
            for number in range(40)]  # fmt: skip
    assert store.catalogue.library.shelve(told, now=NOW) == {"a1"}
    assert sorted(listed(store)) == sorted(f"a{number}" for number in range(40))


def test_an_address_leads_to_its_article_also_once_it_was_moved_or_taken_out(
    store: Container,
) -> None:
    for url in ("https://news.example/old.html?utm_source=x", "https://news.example/new/"):
        publish(Submission(article(url=url)), store.catalogue, store.books, now=NOW)
    unpublish("harbour-clock", store.catalogue, store.books, now=NOW)
    assert store.addresses.find("/old.html", "") == "harbour-clock"
    assert store.addresses.find("/new", "") == "harbour-clock"
    assert store.addresses.find("/never", "") is None


def test_an_address_that_two_articles_claim_leads_to_the_later_one(store: Container) -> None:
    for article_id, path in (("first", "a"), ("second", "b"), ("second", "a")):
        told = article(article_id, url=f"https://news.example/{path}")
        publish(Submission(told), store.catalogue, store.books, now=NOW)
    assert store.addresses.find("/a", "") == store.addresses.find("/b", "") == "second"
