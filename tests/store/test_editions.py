from datetime import timedelta

import pytest

from circulation.article import Submission
from circulation.listing import ALL, Kind, Listing
from circulation.publishing import publish, publish_all, unpublish
from circulation.revision import Revision
from circulation.store import Store
from circulation.store.keys import edition_key
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


@pytest.mark.parametrize("back", [1, 60, 3_600, 400 * 86_400])
def test_the_time_of_a_change_is_after_that_of_the_last_one_wherever_the_clock_is_set(
    store: Store, back: int
) -> None:
    publish(Submission(article(title="One")), store, now=NOW)
    last = NOW.replace(microsecond=0)
    for number, title in enumerate(("Two", "Three")):
        at = NOW - timedelta(seconds=back - number)
        if at >= last:
            continue
        publish(Submission(article(title=title)), store, now=at)
        edition = store.editions.get(CITY, now=at)
        assert edition
        assert edition.moment > last
        shelved = store.library.find("harbour-clock", consistent=True)
        assert shelved
        assert shelved.article
        assert shelved.article.changed == edition.moment
        last = edition.moment
    later = NOW + timedelta(days=1)
    publish(Submission(article(title="Four")), store, now=later)
    edition = store.editions.get(CITY, now=later)
    assert edition
    assert edition.moment == later.replace(microsecond=0)


def test_a_publisher_who_closes_after_a_later_one_does_not_take_its_time_back(
    store: Store,
) -> None:
    publish(Submission(article()), store, now=NOW)
    slow = [Revision("slow", None, article("slow"), None)]
    begun = store.editions.begin(CITY, slow, NOW)
    later = NOW + timedelta(seconds=20)
    publish(Submission(article(title="Two")), store, now=later)
    assert store.editions.close(begun, slow, NOW + timedelta(seconds=1)) == 3
    edition = store.editions.get(CITY, now=NOW + timedelta(minutes=5))
    assert edition
    assert (edition.number, edition.moment > later.replace(microsecond=0)) == (3, True)


def test_a_change_that_is_begun_and_not_closed_is_a_change_after_a_minute(store: Store) -> None:
    publish(Submission(article()), store, now=NOW)
    before = store.editions.get(CITY, now=NOW)
    store.editions.begin(CITY, [Revision("other", None, article("other"), None)], NOW)
    assert store.editions.get(CITY, now=NOW + timedelta(seconds=59)) == before
    assert store.editions.get(CITY, now=NOW + timedelta(seconds=60)) != before


@pytest.mark.parametrize("coming", [1, 30])
def test_what_a_function_that_died_left_behind_stays_shown_when_others_are_to_come(
    store: Store, monkeypatch: pytest.MonkeyPatch, coming: int
) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(type(store.editions), "close", die)
        with pytest.raises(SystemExit):
            publish(Submission(article("done")), store, now=NOW)
    later = NOW + timedelta(minutes=5)
    told = [article(f"a{number}", published=NOW + timedelta(days=1)) for number in range(coming)]
    publish_all([Submission(each) for each in told], store, now=later)
    assert (edition := store.editions.get(CITY, now=later))
    assert edition.shown


def test_a_year_of_articles_is_forgotten_when_it_is_over_and_they_stay(store: Store) -> None:
    told = [
        article(f"a{number}", published=NOW + timedelta(days=number)) for number in range(1, 90)
    ]
    publish_all([Submission(each) for each in told], store, now=NOW)
    at = NOW + timedelta(days=400)
    publish(Submission(article("new", published=at + timedelta(days=1))), store, now=at)
    item = store.editions._table.get(edition_key(CITY))  # noqa: SLF001
    assert item
    assert "later" not in item
    assert (edition := store.editions.get(CITY, now=at))
    assert edition.shown


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
