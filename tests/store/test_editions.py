from datetime import timedelta

from circulation.article import Submission
from circulation.listing import ALL, Kind, Listing
from circulation.publishing import publish, unpublish
from circulation.revision import Revision
from circulation.store import Store
from tests.builders import NOW, article

CITY = Listing(Kind.SECTION, "city")


def test_every_change_of_a_listing_has_a_number_and_a_time(store: Store) -> None:
    assert store.editions.get(CITY, now=NOW) is None
    for number, title in enumerate(("One", "Two", "Two", "Three")):
        at = NOW + timedelta(minutes=number)
        publish(Submission(article(title=title)), store, now=at)
    edition = store.editions.get(CITY, now=NOW + timedelta(hours=1))
    assert edition
    assert (edition.number, edition.moment) == (3, at.replace(microsecond=0))


def test_a_change_that_is_begun_and_not_closed_is_a_change_after_a_minute(store: Store) -> None:
    publish(Submission(article()), store, now=NOW)
    before = store.editions.get(CITY, now=NOW)
    store.editions.begin(CITY, [Revision("other", None, article("other"), None)], NOW)
    assert store.editions.get(CITY, now=NOW + timedelta(seconds=59)) == before
    assert store.editions.get(CITY, now=NOW + timedelta(seconds=60)) != before


def test_whoever_saw_an_older_number_does_not_retire_a_listing(store: Store) -> None:
    publish(Submission(article()), store, now=NOW)
    edition = store.editions.get(CITY, now=NOW)
    assert edition
    publish(Submission(article("newer")), store, now=NOW)
    store.editions.retire(CITY, edition.number)
    assert (later := store.editions.get(CITY, now=NOW))
    assert later.shown


def test_a_listing_is_retired_with_its_last_article_and_comes_back(store: Store) -> None:
    publish(Submission(article()), store, now=NOW)
    unpublish("harbour-clock", store, now=NOW)
    shown = {listing: edition.shown for listing, edition in store.editions.all(now=NOW)}
    assert shown == {ALL: False, CITY: False}
    publish(Submission(article()), store, now=NOW)
    assert all(edition.shown for _, edition in store.editions.all(now=NOW))


def test_publishers_of_different_articles_are_not_in_each_others_way(store: Store) -> None:
    asked: list[int] = []
    transact = store.library._table.transact  # noqa: SLF001

    def count(*actions: dict[str, object]) -> None:
        asked.append(sum("EDITION" in str(each) for each in actions))
        transact(*actions)

    store.library._table.transact = count  # type: ignore[method-assign]  # noqa: SLF001
    publish(Submission(article()), store, now=NOW)
    assert asked == [0]
