from datetime import timedelta

import pytest

from circulation.articles.article import Submission
from circulation.articles.change import Revision
from circulation.articles.keys import edition_key
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publishing import publish, publish_all, unpublish
from circulation.runtime import Container
from tests.builders import NOW, article
from tests.memory_store import store_in_memory

CITY = Listing(Kind.SECTION, "city")


def test_every_change_of_a_listing_has_a_number_and_a_time(store: Container) -> None:
    assert store.catalogue.editions.get(CITY, now=NOW) is None
    for number, title in enumerate(("One", "Two", "Two", "Three")):
        at = NOW + timedelta(minutes=number)
        publish(Submission(article(title=title)), store.catalogue, store.books, now=at)
    edition = store.catalogue.editions.get(CITY, now=NOW + timedelta(hours=1))
    assert edition
    assert (edition.number, edition.moment) == (3, at.replace(microsecond=0))


@pytest.mark.parametrize("back", [1, 60, 3_600, 400 * 86_400])
def test_the_time_of_a_change_is_after_that_of_the_last_one_wherever_the_clock_is_set(
    store: Container, back: int
) -> None:
    publish(Submission(article(title="One")), store.catalogue, store.books, now=NOW)
    last = NOW.replace(microsecond=0)
    for number, title in enumerate(("Two", "Three")):
        at = NOW - timedelta(seconds=back - number)
        if at >= last:
            continue
        publish(Submission(article(title=title)), store.catalogue, store.books, now=at)
        edition = store.catalogue.editions.get(CITY, now=at)
        assert edition
        assert edition.moment > last
        shelved = store.catalogue.library.find("harbour-clock", consistent=True)
        assert shelved
        assert shelved.article
        assert shelved.article.changed == edition.moment
        last = edition.moment
    later = NOW + timedelta(days=1)
    publish(Submission(article(title="Four")), store.catalogue, store.books, now=later)
    edition = store.catalogue.editions.get(CITY, now=later)
    assert edition
    assert edition.moment == later.replace(microsecond=0)


def test_a_publisher_who_closes_after_a_later_one_does_not_take_its_time_back(
    store: Container,
) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    slow = [Revision("slow", None, article("slow"), None, 0)]
    begun = store.catalogue.editions.begin(CITY, slow, NOW)
    later = NOW + timedelta(seconds=20)
    publish(Submission(article(title="Two")), store.catalogue, store.books, now=later)
    assert store.catalogue.editions.close(begun, slow, NOW + timedelta(seconds=1)) == 3
    edition = store.catalogue.editions.get(CITY, now=NOW + timedelta(minutes=5))
    assert edition
    assert (edition.number, edition.moment > later.replace(microsecond=0)) == (3, True)


def test_a_change_that_is_begun_and_not_closed_is_a_change_after_a_minute(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    before = store.catalogue.editions.get(CITY, now=NOW)
    store.catalogue.editions.begin(CITY, [Revision("other", None, article("other"), None, 0)], NOW)
    assert store.catalogue.editions.get(CITY, now=NOW + timedelta(seconds=59)) == before
    assert store.catalogue.editions.get(CITY, now=NOW + timedelta(seconds=60)) != before


@pytest.mark.parametrize("coming", [1, 30])
def test_what_a_function_that_died_left_behind_stays_shown_when_others_are_to_come(
    store: Container, monkeypatch: pytest.MonkeyPatch, coming: int
) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(type(store.catalogue.editions), "close", die)
        with pytest.raises(SystemExit):
            publish(Submission(article("done")), store.catalogue, store.books, now=NOW)
    later = NOW + timedelta(minutes=5)
    told = [article(f"a{number}", published=NOW + timedelta(days=1)) for number in range(coming)]
    publish_all([Submission(each) for each in told], store.catalogue, store.books, now=later)
    assert (edition := store.catalogue.editions.get(CITY, now=later))
    assert edition.shown


def test_a_year_of_articles_is_forgotten_when_it_is_over_and_they_stay() -> None:
    store = store_in_memory()
    told = [
        article(f"a{number}", published=NOW + timedelta(days=number)) for number in range(1, 90)
    ]
    publish_all([Submission(each) for each in told], store.catalogue, store.books, now=NOW)
    at = NOW + timedelta(days=400)
    publish(
        Submission(article("new", published=at + timedelta(days=1))),
        store.catalogue,
        store.books,
        now=at,
    )
    item = store.library_table.get(edition_key(CITY))
    assert item
    assert "later" not in item
    assert (edition := store.catalogue.editions.get(CITY, now=at))
    assert edition.shown


def test_whoever_saw_an_older_number_does_not_retire_a_listing(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    edition = store.catalogue.editions.get(CITY, now=NOW)
    assert edition
    publish(Submission(article("newer")), store.catalogue, store.books, now=NOW)
    store.catalogue.editions.retire(CITY, edition.number)
    assert (later := store.catalogue.editions.get(CITY, now=NOW))
    assert later.shown


def test_a_listing_is_retired_with_its_last_article_and_comes_back(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    unpublish("harbour-clock", store.catalogue, store.books, now=NOW)
    shown = {listing: edition.shown for listing, edition in store.catalogue.editions.all(now=NOW)}
    assert shown == {ALL: False, CITY: False, Listing(Kind.MONTH, "2026-03"): False}
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    assert all(edition.shown for _, edition in store.catalogue.editions.all(now=NOW))


def test_publishers_of_different_articles_are_not_in_each_others_way(store: Container) -> None:
    asked: list[int] = []
    transact = store.library_table.transact

    def count(*actions: dict[str, object]) -> None:
        asked.append(sum("EDITION" in str(each) for each in actions))
        transact(*actions)

    store.library_table.transact = count  # type: ignore[method-assign]
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    assert asked == [0]
