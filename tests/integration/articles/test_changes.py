"""What is noted of articles: what changed when, neither missed nor twice, and no more than that."""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.articles.article import Submission
from circulation.articles.change import (
    MAX_EDITS_NOTED,
    MAX_NOTED,
    MAX_NOTED_NAME,
    MAX_TITLES_NOTED,
    Alteration,
    ChangeKind,
)
from circulation.articles.changes import MAX_MAILINGS
from circulation.articles.fields import MAX_NAMES
from circulation.articles.merging import merge
from circulation.articles.publishing import Published, publish, unpublish
from circulation.articles.remains import Remains
from circulation.articles.restoring import restore
from circulation.counting.keys import article_partition
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    PublishConflict,
    StoreUnavailable,
)
from circulation.mail.subscriber import Frequency
from circulation.runtime import Container
from tests.builders import NOW, article
from tests.memory_store import store_in_memory, store_on
from tests.simulation.dynamodb import DynamoDB, Fate

HOUR = timedelta(hours=1)
ID = "harbour-clock"


@pytest.fixture
def store() -> Container:
    return store_in_memory()


def send(store: Container, now: datetime = NOW, **changes: Any) -> Published:
    return publish(Submission(article(**changes)), store.catalogue, store.books, now=now)


def noted(store: Container, article_id: str = ID) -> list[Alteration]:
    return store.catalogue.changes.of(article_id)


def kinds(store: Container, article_id: str = ID) -> list[tuple[str, ...]]:
    return [alteration.kinds for alteration in noted(store, article_id)]


def test_each_change_is_noted_with_its_time_its_version_and_what_is_different(
    store: Container,
) -> None:
    send(store)
    first = article()
    send(store, NOW + HOUR, title="The clock stands still", section="sport")
    send(store, NOW + 2 * HOUR, title="The clock stands still", section="sport", body="<p>x</p>")
    assert noted(store) == [
        Alteration(
            NOW.replace(microsecond=0),
            (ChangeKind.PUBLISHED,),
            1,
            title=first.title,
            section="city",
            published=first.published,
        ),
        Alteration(
            NOW + HOUR,
            (ChangeKind.TITLE, ChangeKind.SECTION),
            2,
            title="The clock stands still",
            title_was=first.title,
            section="sport",
            section_was="city",
        ),
        Alteration(NOW + 2 * HOUR, (ChangeKind.BODY,), 3),
    ]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"url": "https://news.example/elsewhere"}, ChangeKind.MOVED),
        ({"published": NOW - HOUR}, ChangeKind.DATED),
        ({"updated": NOW}, ChangeKind.DETAILS),
        ({"summary": "In short"}, ChangeKind.DETAILS),
        ({"tags": ("clocks",)}, ChangeKind.DETAILS),
        ({"authors": ("A. Writer",)}, ChangeKind.DETAILS),
        ({"image": "https://news.example/clock.jpg"}, ChangeKind.DETAILS),
        ({"language": "en"}, ChangeKind.DETAILS),
    ],
    ids=str,
)
def test_whatever_readers_see_of_an_article_is_noted_when_it_changes(
    store: Container, changes: dict[str, Any], kind: ChangeKind
) -> None:
    send(store)
    send(store, NOW + HOUR, **changes)
    assert kinds(store) == [(ChangeKind.PUBLISHED,), (kind,)]


def test_what_is_sent_again_or_only_gets_another_name_is_no_change(store: Container) -> None:
    send(store)
    send(store, NOW + HOUR)
    names = tuple(f"https://cms.example/?p={number}" for number in range(3))
    submission = Submission(article(), source_ids=names, aliases=("https://news.example/old",))
    assert not publish(submission, store.catalogue, store.books, now=NOW + HOUR).unchanged
    assert kinds(store) == [(ChangeKind.PUBLISHED,)]


def test_an_article_of_many_names_is_noted_once(store: Container) -> None:
    """Those names that its transaction has no room for are a revision of their own."""
    aliases = tuple(f"https://news.example/old/{number}" for number in range(20))
    submission = Submission(article(), aliases=aliases)
    assert publish(submission, store.catalogue, store.books, now=NOW).version == 2
    send(store, NOW + HOUR, title="Another")
    assert [(change.version, change.kinds) for change in noted(store)] == [
        (1, (ChangeKind.PUBLISHED,)),
        (3, (ChangeKind.TITLE,)),
    ]


def test_a_scheduled_article_is_published_at_its_own_time(store: Container) -> None:
    send(store, published=NOW + 5 * HOUR)
    send(store, NOW + HOUR, published=NOW + 7 * HOUR)
    assert [(change.at, change.kinds, change.published) for change in noted(store)] == [
        (NOW, (ChangeKind.PUBLISHED,), NOW + 5 * HOUR),
        (NOW + HOUR, (ChangeKind.DATED,), NOW + 7 * HOUR),
    ]


def test_an_unpublished_article_keeps_its_history_without_titles(store: Container) -> None:
    send(store)
    send(store, NOW + HOUR, title="A name that has to go")
    unpublish(ID, store.catalogue, store.books, now=NOW + 2 * HOUR)
    assert [(change.version, change.kinds, change.title) for change in noted(store)] == [
        (1, (ChangeKind.PUBLISHED,), None),
        (2, (ChangeKind.TITLE,), None),
        (3, (ChangeKind.UNPUBLISHED,), None),
    ]
    stored = store.library_table.query(article_partition(ID))
    assert not any("has to go" in str(item) for item in stored)
    send(store, NOW + 3 * HOUR)
    last = noted(store)[-1]
    assert (last.version, last.kinds) == (4, (ChangeKind.REPUBLISHED,))
    assert last.title == article().title


def test_of_two_that_are_merged_one_is_unpublished_and_the_other_the_same(
    store: Container,
) -> None:
    send(store)
    other = article("other", url="https://news.example/other")
    publish(Submission(other), store.catalogue, store.books, now=NOW)
    merge("other", ID, store.catalogue, store.books, store.corrections, now=NOW, by="cms")
    assert kinds(store, "other")[-1] == (ChangeKind.UNPUBLISHED,)
    assert kinds(store) == [(ChangeKind.PUBLISHED,)]


def test_what_remains_of_an_article_is_restored_with_its_times(store: Container) -> None:
    remains = Remains("gone", "city", published=NOW - 3 * HOUR, unpublished=NOW - HOUR)
    for _ in range(2):
        restore(remains, store.catalogue, store.books, store.corrections, now=NOW)
    assert noted(store, "gone") == [
        Alteration(
            NOW - HOUR,
            (ChangeKind.UNPUBLISHED,),
            1,
            section="city",
            published=NOW - 3 * HOUR,
        )
    ]


def test_however_often_it_is_edited_so_much_is_noted_and_its_titles_have_room(
    store: Container,
) -> None:
    send(store)
    for number in range(MAX_EDITS_NOTED + 5):
        send(store, NOW + number * HOUR, body=f"<p>{number}</p>")
    assert len(noted(store)) == MAX_EDITS_NOTED
    for number in range(MAX_NOTED):
        send(store, NOW + number * HOUR, title=f"Title {number}")
    found = noted(store)
    assert len(found) == MAX_TITLES_NOTED
    retitled = sum(ChangeKind.TITLE in change.kinds for change in found)
    assert retitled == MAX_TITLES_NOTED - MAX_EDITS_NOTED
    for _ in range(MAX_NOTED):
        unpublish(ID, store.catalogue, store.books, now=NOW)
        assert send(store, NOW + HOUR).created
    found = noted(store)
    assert len(found) == MAX_NOTED
    gone = sum(ChangeKind.UNPUBLISHED in change.kinds for change in found)
    assert gone == (MAX_NOTED - MAX_TITLES_NOTED) / 2


def test_a_long_title_is_cut(store: Container) -> None:
    send(store, title="x" * 500)
    assert noted(store)[0].title == "x" * MAX_NOTED_NAME


def test_a_digest_that_is_begun_twice_is_noted_once_and_so_many_in_all(store: Container) -> None:
    changes = store.catalogue.changes
    send(store)
    for _ in range(2):
        changes.note_mailing(ID, Frequency.DAILY, NOW)
    changes.note_mailing(ID, Frequency.WEEKLY, NOW)
    assert kinds(store).count((ChangeKind.MAILED,)) == 2
    for number in range(MAX_MAILINGS):
        changes.note_mailing(ID, Frequency.DAILY, NOW + number * HOUR)
    assert kinds(store).count((ChangeKind.MAILED,)) == MAX_MAILINGS


STATES = st.lists(st.sampled_from(["One", "Two", "Three", None]), max_size=12)


@given(states=STATES, dice=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_whatever_fails_each_change_is_noted_once(
    states: list[str | None], dice: random.Random
) -> None:
    """Against a model: the titles that the article had one after the other; None is unpublished."""

    def fate(call: str) -> Fate:
        return dice.choice(list(Fate)) if call == "transact_write_items" else Fate.DONE

    store = store_on(DynamoDB(fate, lambda *_: None))
    model: list[str | None] = []
    for number, title in enumerate(states):
        now = NOW + number * HOUR
        act = (
            partial(unpublish, ID, store.catalogue, store.books, now=now)
            if title is None
            else partial(send, store, now, title=title)
        )
        for _ in range(1_000):
            try:
                act()
            except (PublishConflict, StoreUnavailable):
                continue
            except (ArticleGone, ArticleNotFound):
                pass
            break
        if title != (model[-1] if model else None):
            model.append(title)
    found = noted(store)
    assert [change.version for change in found] == list(range(1, len(model) + 1))
    assert [ChangeKind.UNPUBLISHED in change.kinds for change in found] == [
        title is None for title in model
    ]


def test_a_change_of_everything_at_once_fits_in_a_transaction(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation.articles.library.is_milestone", lambda *_: True)
    for part in ("old", "new"):
        everything: dict[str, Any] = {
            "section": part,
            "title": part,
            "body": f"<p>{part}</p>",
            "published": NOW - len(part) * HOUR - (part == "old") * HOUR,
            "tags": tuple(f"{part}-{number}" for number in range(MAX_NAMES)),
            "authors": tuple(f"{part} {number}" for number in range(MAX_NAMES)),
            "url": f"https://news.example/{part}",
        }
        aliases = tuple(f"https://news.example/{part}/{number}" for number in range(20))
        submission = Submission(article(**everything), 346, aliases=aliases)
        assert publish(submission, store.catalogue, store.books, now=NOW)
    assert len(kinds(store)[-1]) == 6
