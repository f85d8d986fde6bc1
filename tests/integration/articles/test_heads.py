"""Lists without bodies: from the entries of the site's listing, the same as from the articles."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from circulation.articles.article import Article, Submission
from circulation.articles.items import MAX_ENTRY_BYTES
from circulation.articles.keys import listing_partition, place
from circulation.articles.library import Library
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publishing import publish, unpublish
from circulation.articles.queries import list_articles
from circulation.aws.table import Change
from circulation.popularity.queries import read_popular
from circulation.popularity.windows import Window
from circulation.runtime import Container
from tests.builders import NOW, article
from tests.memory_store import metered_tables, store_on

CITY = Listing(Kind.SECTION, "city")
WHOLE = article(
    "whole",
    summary="What became of it",
    updated=NOW - timedelta(minutes=5),
    authors=("Leyla", "Kim"),
    tags=("harbour", "time"),
    language="az",
    image="https://news.example/clock.jpg",
)
PLAIN = article("plain", published=NOW - timedelta(hours=1), body=f"<p>{'word ' * 2_000}</p>")
LONG = article("long", published=NOW - timedelta(hours=2), summary="ə" * MAX_ENTRY_BYTES)


@pytest.fixture
def store() -> Container:
    made = store_on(metered_tables())
    for stored in (WHOLE, PLAIN, LONG):
        publish(Submission(stored, 346), made.catalogue, made.books, now=NOW)
    ranking = (("long", 3), ("plain", 2), ("whole", 1))
    made.rankings.put(Window.DAY, None, ranking, as_of=NOW, clock=NOW)
    return made


def listed(store: Container, listing: Listing, *, bodies: bool) -> list[Article]:
    page = list_articles(listing, store.catalogue, store.books, now=NOW, limit=100, bodies=bodies)
    assert {counted.count.views for counted in page.articles} <= {346}
    return [replace(counted.article, body="", source_ids=()) for counted in page.articles]


@pytest.mark.parametrize("listing", [ALL, CITY, Listing(Kind.TAG, "harbour")])
def test_a_list_without_bodies_shows_all_else(store: Container, listing: Listing) -> None:
    assert listed(store, listing, bodies=False) == listed(store, listing, bodies=True)


@pytest.mark.parametrize("listing", [ALL, CITY])
def test_of_articles_only_those_with_too_much_for_an_entry_are_read(
    store: Container, listing: Listing
) -> None:
    with patch.object(Library, "articles", side_effect=store.catalogue.library.articles) as read:
        listed(store, listing, bodies=False)
    assert [call.args[0] for call in read.call_args_list] == [["long"]]


def test_the_most_read_are_listed_in_the_same_way(store: Container) -> None:
    stores = store.charts, store.catalogue, store.books
    whole = read_popular(Window.DAY, None, *stores, now=NOW, limit=10)
    with patch.object(Library, "articles", side_effect=store.catalogue.library.articles) as read:
        heads = read_popular(Window.DAY, None, *stores, now=NOW, limit=10, bodies=False)
    assert [call.args[0] for call in read.call_args_list] == [["long"]]
    shown, expected = (
        [replace(ranked.counted.article, body="", source_ids=()) for ranked in found.articles]
        for found in (heads, whole)
    )
    assert shown == expected


def test_an_entry_of_an_older_version_leads_to_the_article(store: Container) -> None:
    key = {"pk": listing_partition(ALL), "sk": place(PLAIN.published, "plain")}
    gone = ("section", "summary")
    older = Change(update="REMOVE #a, #b", names=dict(zip(("#a", "#b"), gone, strict=True)))
    store.library_table.update(key, older)
    assert [found.id for found in listed(store, CITY, bodies=False)] == ["plain", "long", "whole"]


def test_an_edit_and_an_unpublishing_show_at_once(store: Container) -> None:
    edited = replace(PLAIN, title="Another title")
    publish(Submission(edited), store.catalogue, store.books, now=NOW)
    unpublish("long", store.catalogue, store.books, now=NOW)
    for listing in (ALL, CITY):
        titles = [found.title for found in listed(store, listing, bodies=False)]
        assert titles == ["Another title", WHOLE.title]
