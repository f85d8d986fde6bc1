from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.change import Revision
from circulation.articles.listing import ALL
from circulation.articles.precondition import Precondition
from circulation.articles.publishing import Published, publish, publish_all, unpublish
from circulation.articles.queries import list_articles, read_article
from circulation.counting.counts import MAX_LABEL_TITLE, Labels
from circulation.counting.queries import read_count
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    InvalidInput,
    PreconditionFailed,
    PublishConflict,
)
from circulation.runtime import Container
from tests.builders import NOW, TODAY, article, line

LATER = NOW + timedelta(hours=1)


def test_publishing_creates_then_replaces_then_changes_nothing(store: Container) -> None:
    assert publish(Submission(article()), store.catalogue, store.books, now=NOW).created
    changed = publish(Submission(article(title="Changed")), store.catalogue, store.books, now=LATER)
    assert not changed.created
    publish(
        Submission(article(title="Changed")),
        store.catalogue,
        store.books,
        now=LATER + timedelta(hours=1),
    )
    found = read_article("harbour-clock", store.catalogue, store.books, now=LATER).article
    assert (found.title, found.changed) == ("Changed", LATER.replace(microsecond=0))


def test_the_body_is_sanitised_before_it_is_stored(store: Container) -> None:
    publish(
        Submission(article(body="<p>x<script>y</script></p>")),
        store.catalogue,
        store.books,
        now=NOW,
    )
    assert (
        read_article("harbour-clock", store.catalogue, store.books, now=NOW).article.body
        == "<p>x</p>"
    )


def test_a_body_of_which_nothing_is_left_is_refused(store: Container) -> None:
    with pytest.raises(InvalidInput, match="body"):
        publish(
            Submission(article(body="<script>y</script>")), store.catalogue, store.books, now=NOW
        )


def test_an_older_counters_total_is_where_counting_goes_on(store: Container) -> None:
    assert (
        publish(Submission(article(), 346), store.catalogue, store.books, now=NOW).count.views
        == 346
    )
    tally(Batch("s", [line(1)]), store.books)
    assert read_count("harbour-clock", store.books, now=NOW).views == 347


def test_a_replaced_article_keeps_its_count(store: Container) -> None:
    publish(Submission(article(), 346), store.catalogue, store.books, now=NOW)
    tally(Batch("s", [line(1)]), store.books)
    assert (
        publish(
            Submission(article(title="New")), store.catalogue, store.books, now=LATER
        ).count.views
        == 347
    )


def test_an_unpublished_article_is_gone_everywhere_and_its_count_waits(store: Container) -> None:
    publish(Submission(article(), 346), store.catalogue, store.books, now=NOW)
    unpublish("harbour-clock", store.catalogue, store.books, now=NOW)
    with pytest.raises(ArticleGone):
        read_article("harbour-clock", store.catalogue, store.books, now=NOW)
    with pytest.raises(ArticleGone):
        read_count("harbour-clock", store.books, now=NOW)
    with pytest.raises(ArticleGone):
        unpublish("harbour-clock", store.catalogue, store.books, now=NOW)
    assert not list_articles(ALL, store.catalogue, store.books, now=LATER, limit=10).articles
    assert publish(Submission(article()), store.catalogue, store.books, now=LATER).created
    assert read_count("harbour-clock", store.books, now=NOW).views == 346


def test_what_was_never_published_cannot_be_unpublished(store: Container) -> None:
    with pytest.raises(ArticleNotFound):
        unpublish("nobody", store.catalogue, store.books, now=NOW)


def test_a_change_that_comes_between_is_read_and_replaced(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    shelve = store.catalogue.library.shelve
    rivals = iter([article(title="Rival")])

    def shelve_after_a_rival(*args: Any, **kwargs: Any) -> set[str]:
        for rival in rivals:
            shelved = store.catalogue.library.find(rival.id, consistent=True)
            assert shelved
            revision = Revision(rival.id, shelved.article, rival, shelved.version, shelved.noted)
            assert not shelve([revision], now=NOW)
        return shelve(*args, **kwargs)

    monkeypatch.setattr(store.catalogue.library, "shelve", shelve_after_a_rival)
    publish(Submission(article(title="Mine")), store.catalogue, store.books, now=LATER)
    assert (
        read_article("harbour-clock", store.catalogue, store.books, now=LATER).article.title
        == "Mine"
    )


def test_without_end_to_the_changes_the_publisher_is_told(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.catalogue.library, "shelve", lambda *_, **__: {"harbour-clock"})
    with pytest.raises(PublishConflict):
        publish(Submission(article()), store.catalogue, store.books, now=NOW)


def test_an_article_is_not_found_before_its_time(store: Container) -> None:
    publish(Submission(article(published=LATER)), store.catalogue, store.books, now=NOW)
    with pytest.raises(ArticleNotFound):
        read_article("harbour-clock", store.catalogue, store.books, now=NOW)
    assert read_article("harbour-clock", store.catalogue, store.books, now=LATER)


def test_a_list_ends_early_rather_than_exceed_an_answer(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation.articles.queries.MAX_PAGE_BYTES", 450)
    for number in range(5):
        told = replace(article(f"a{number}"), body=f"<p>{'x' * 93}</p>")
        publish(Submission(told), store.catalogue, store.books, now=NOW)
    seen: list[str] = []
    page = list_articles(ALL, store.catalogue, store.books, now=NOW, limit=5)
    seen += [each.article.id for each in page.articles]
    assert len(seen) == 2
    while page.after:
        page = list_articles(ALL, store.catalogue, store.books, now=NOW, limit=5, after=page.after)
        seen += [each.article.id for each in page.articles]
    assert seen == ["a4", "a3", "a2", "a1", "a0"]


def test_many_are_published_at_once_and_each_is_told_what_became_of_it(store: Container) -> None:
    publish(Submission(article("same")), store.catalogue, store.books, now=NOW)
    publish(Submission(article("changed")), store.catalogue, store.books, now=NOW)
    told = [
        Submission(article("new"), 346),
        Submission(article("same")),
        Submission(article("empty", body="<script>x</script>")),
        Submission(article("changed", title="Changed")),
    ]
    new, same, empty, changed = publish_all(told, store.catalogue, store.books, now=LATER)
    assert isinstance(new, Published)
    assert (new.created, new.count.views) == (True, 346)
    assert isinstance(same, Published)
    assert same.unchanged
    assert isinstance(empty, InvalidInput)
    assert isinstance(changed, Published)
    assert (changed.created, changed.unchanged, changed.version) == (False, False, 2)
    listed = list_articles(ALL, store.catalogue, store.books, now=LATER, limit=10).articles
    assert {each.article.id for each in listed} == {"new", "same", "changed"}


def test_a_batch_is_one_change_of_a_listing(store: Container) -> None:
    told = [Submission(article(f"a{number}")) for number in range(30)]
    publish_all(told, store.catalogue, store.books, now=NOW)
    edition = store.catalogue.editions.get(ALL, now=LATER)
    assert edition
    assert edition.number == 1


@pytest.mark.parametrize(
    ("only_if", "holds"),
    [
        (Precondition(exists=True), True),
        (Precondition(exists=False), False),
        (Precondition(exists=True, versions=frozenset({1})), True),
        (Precondition(exists=True, versions=frozenset({2, 3})), False),
    ],
)
def test_a_condition_is_held_against_what_stands_there(
    store: Container, only_if: Precondition, holds: bool
) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    told = Submission(article(title="New"))
    if holds:
        assert publish(told, store.catalogue, store.books, now=LATER, only_if=only_if).version == 2
    else:
        with pytest.raises(PreconditionFailed):
            publish(told, store.catalogue, store.books, now=LATER, only_if=only_if)
        assert (
            read_article("harbour-clock", store.catalogue, store.books, now=LATER).article.title
            != "New"
        )


def labels(store: Container) -> Labels:
    return store.books.counters.labels_of("harbour-clock")


def test_the_counter_says_what_every_version_of_its_article_is_called(store: Container) -> None:
    first = article(title="T" * 500, authors=("Leyla",), tags=("harbour",))
    publish(Submission(first), store.catalogue, store.books, now=NOW)
    told = Labels("T" * MAX_LABEL_TITLE, "city", ("Leyla",), ("harbour",), first.published)
    assert labels(store) == told
    publish(Submission(article(title="New")), store.catalogue, store.books, now=LATER)
    assert labels(store) == Labels("New", "city", (), (), first.published)


def test_of_an_unpublished_article_the_counter_keeps_no_title(store: Container) -> None:
    named = Submission(article(authors=("Leyla",)))
    publish(named, store.catalogue, store.books, now=NOW)
    unpublish("harbour-clock", store.catalogue, store.books, now=LATER)
    assert (labels(store).title, labels(store).authors) == ("", ("Leyla",))
    publish(named, store.catalogue, store.books, now=LATER)
    assert labels(store).title == named.article.title


@pytest.mark.parametrize(
    ("changes", "announced"),
    [
        ({"title": "New"}, False),
        ({"body": "<p>New</p>"}, False),
        ({"section": "sport"}, True),
        ({"authors": ("Leyla",)}, True),
        ({"tags": ("harbour",)}, True),
    ],
)
def test_a_change_is_announced_to_whoever_sums_up_pages_if_sums_change_by_it(
    store: Container, changes: dict[str, Any], announced: bool
) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    publish(Submission(article(**changes)), store.catalogue, store.books, now=LATER)
    assert store.books.day_book.page("harbour-clock", TODAY).opened is announced
