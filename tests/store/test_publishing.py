from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from circulation.article import Submission
from circulation.errors import ArticleGone, ArticleNotFound, InvalidInput, PublishConflict
from circulation.listing import ALL
from circulation.publishing import publish, unpublish
from circulation.reading import list_articles, read_article, read_count
from circulation.store import Store
from circulation.tally import Batch
from circulation.tallying import tally
from tests.builders import NOW, article, line

LATER = NOW + timedelta(hours=1)


def test_publishing_creates_then_replaces_then_changes_nothing(store: Store) -> None:
    assert publish(Submission(article()), store, now=NOW).created
    changed = publish(Submission(article(title="Changed")), store, now=LATER)
    assert not changed.created
    publish(Submission(article(title="Changed")), store, now=LATER + timedelta(hours=1))
    found = read_article("harbour-clock", store, now=LATER).article
    assert (found.title, found.changed) == ("Changed", LATER.replace(microsecond=0))


def test_the_body_is_sanitised_before_it_is_stored(store: Store) -> None:
    publish(Submission(article(body="<p>x<script>y</script></p>")), store, now=NOW)
    assert read_article("harbour-clock", store, now=NOW).article.body == "<p>x</p>"


def test_a_body_of_which_nothing_is_left_is_refused(store: Store) -> None:
    with pytest.raises(InvalidInput, match="body"):
        publish(Submission(article(body="<script>y</script>")), store, now=NOW)


def test_an_older_counters_total_is_where_counting_goes_on(store: Store) -> None:
    assert publish(Submission(article(), 346), store, now=NOW).count.views == 346
    tally(Batch("s", [line(1)]), store)
    assert read_count("harbour-clock", store, now=NOW).views == 347


def test_a_replaced_article_keeps_its_count(store: Store) -> None:
    publish(Submission(article(), 346), store, now=NOW)
    tally(Batch("s", [line(1)]), store)
    assert publish(Submission(article(title="New")), store, now=LATER).count.views == 347


def test_an_unpublished_article_is_gone_everywhere_and_its_count_waits(store: Store) -> None:
    publish(Submission(article(), 346), store, now=NOW)
    unpublish("harbour-clock", store, now=NOW)
    with pytest.raises(ArticleGone):
        read_article("harbour-clock", store, now=NOW)
    with pytest.raises(ArticleGone):
        read_count("harbour-clock", store, now=NOW)
    with pytest.raises(ArticleGone):
        unpublish("harbour-clock", store, now=NOW)
    assert not list_articles(ALL, store, now=LATER, limit=10).articles
    assert publish(Submission(article()), store, now=LATER).created
    assert read_count("harbour-clock", store, now=NOW).views == 346


def test_what_was_never_published_cannot_be_unpublished(store: Store) -> None:
    with pytest.raises(ArticleNotFound):
        unpublish("nobody", store, now=NOW)


def test_a_change_that_comes_between_is_read_and_replaced(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(Submission(article()), store, now=NOW)
    put = store.library.put
    rivals = iter([article(title="Rival")])

    def put_after_a_rival(*args: Any, **kwargs: Any) -> bool:
        for rival in rivals:
            shelved = store.library.find(rival.id, consistent=True)
            assert shelved
            assert put(rival, replacing=shelved.article, version=shelved.version)
        return put(*args, **kwargs)

    monkeypatch.setattr(store.library, "put", put_after_a_rival)
    publish(Submission(article(title="Mine")), store, now=LATER)
    assert read_article("harbour-clock", store, now=LATER).article.title == "Mine"


def test_without_end_to_the_changes_the_publisher_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.library, "put", lambda *_, **__: False)
    with pytest.raises(PublishConflict):
        publish(Submission(article()), store, now=NOW)


def test_an_article_is_not_found_before_its_time(store: Store) -> None:
    publish(Submission(article(published=LATER)), store, now=NOW)
    with pytest.raises(ArticleNotFound):
        read_article("harbour-clock", store, now=NOW)
    assert read_article("harbour-clock", store, now=LATER)


def test_a_list_ends_early_rather_than_exceed_an_answer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation.reading.MAX_PAGE_BYTES", 300)
    for number in range(5):
        told = replace(article(f"a{number}"), body=f"<p>{'x' * 93}</p>")
        publish(Submission(told), store, now=NOW)
    seen: list[str] = []
    page = list_articles(ALL, store, now=NOW, limit=5)
    seen += [each.article.id for each in page.articles]
    assert len(seen) == 2
    while page.after:
        page = list_articles(ALL, store, now=NOW, limit=5, after=page.after)
        seen += [each.article.id for each in page.articles]
    assert seen == ["a4", "a3", "a2", "a1", "a0"]
