"""Corrections of an article's number over HTTP, and the export that has them."""

import json
import secrets
from datetime import timedelta
from typing import Any, cast

import pytest

from circulation.articles.article import read_submission
from circulation.articles.keys import article_key
from circulation.articles.publishing import publish_all
from circulation.aws.table import Change, TransactionRefused
from circulation.counting.correction import MAX_CORRECTIONS, Correction
from circulation.counting.corrections import missing
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import ArticleGone
from circulation.runtime import Container
from functions import publish_articles, read_articles
from tests.builders import NOW, http_event, line, submitted
from tests.memory_store import metered_tables
from tests.simulation.dynamodb import AT_ONCE

CLOCK = "harbour-clock"
MAX_ANSWER = 6_291_556
"""Lambda quotas: invocation payload of a synchronous response."""
LATER = NOW + timedelta(days=2)


def call(route: str, article_id: str = CLOCK, **changes: Any) -> tuple[int, Any]:
    event = http_event(route, path={"id": article_id}, **changes)
    answer = publish_articles.handler(event, None)
    body = answer["body"]
    return answer["statusCode"], json.loads(body) if body else None


def put(article_id: str = CLOCK, **changes: Any) -> None:
    status, answer = call("PUT /articles/{id}", article_id, body=submitted(**changes))
    assert status in (200, 201), answer


def correct(article_id: str = CLOCK, **proposal: Any) -> tuple[int, Any]:
    sent = {"reason": "attack of 3 May", "nonce": secrets.token_hex(8)} | proposal
    return call("POST /articles/{id}/corrections", article_id, body=sent)


def shown(article_id: str = CLOCK) -> int:
    event = http_event("GET /articles/{id}/views", path={"id": article_id})
    views: int = json.loads(read_articles.handler(event, None)["body"])["views"]
    return views


def test_views_are_taken_off_and_it_is_stored_who_and_why(store: Container) -> None:
    put(views_before=346)
    tally(Batch("s", [line(1), line(2)]), store.books)
    status, answer = correct(views=-120, nonce="n1")
    assert status == 201
    assert answer == {
        "article": CLOCK,
        "views": 228,
        "views_before": 346,
        "views_corrected": -120,
        "views_counted": 2,
        "corrections": [
            {"id": "n1", "views": -120, "at": "2026-03-14T15:09:26Z", "by": "tests",
             "reason": "attack of 3 May"}
        ],
    }  # fmt: skip
    assert call("GET /articles/{id}/corrections") == (200, answer)
    assert shown() == 228


@pytest.mark.usefixtures("store")
def test_an_older_total_is_set_beside_other_corrections() -> None:
    put(views_before=999_999_999)
    correct(views=-46)
    status, answer = correct(total=346)
    assert (status, answer["views"], answer["views_before"]) == (201, 300, 999_999_999)
    assert correct(total=346) == (200, answer)
    assert correct(total=400)[1]["views"] == 354
    assert correct(total=46)[1]["views"] == 0
    assert correct(total=45)[0] == 422


@pytest.mark.usefixtures("store")
def test_no_import_undoes_a_correction() -> None:
    put(views_before=999)
    correct(total=346)
    put(views_before=999)
    put(views_before=346)
    assert shown() == 346
    put(views_before=1000)  # the older counter counted one more
    assert shown() == 347


@pytest.mark.usefixtures("store")
def test_a_correction_that_is_sent_again_is_made_once() -> None:
    put(views_before=346)
    first = correct(views=-6, nonce="n1")
    assert (first[0], correct(views=-6, nonce="n1")) == (201, (200, first[1]))
    assert shown() == 340
    event = http_event(
        "POST /articles/{id}/corrections", path={"id": CLOCK}, body={"views": 1, "reason": "x"}
    )
    for status in (201, 200):  # API Gateway's id of the request is the same, too
        assert publish_articles.handler(event, None)["statusCode"] == status
    assert shown() == 341


@pytest.mark.parametrize(
    ("proposal", "field"),
    [
        ({}, "views"),
        ({"views": 1, "total": 1}, "views"),
        ({"views": 0}, "views"),
        ({"views": True}, "views"),
        ({"views": "5"}, "views"),
        ({"views": 1.5}, "views"),
        ({"views": -(10**12) - 1}, "views"),
        ({"views": -347}, "views"),
        ({"total": -1}, "total"),
        ({"total": 10**13}, "total"),
        ({"views": 1, "reason": ""}, "reason"),
        ({"views": 1, "reason": " \n"}, "reason"),
        ({"views": 1, "reason": None}, "reason"),
        ({"views": 1, "reason": "x" * 501}, "reason"),
        ({"views": 1, "nonce": "a b"}, "nonce"),
        ({"views": 1, "nonce": ""}, "nonce"),
        ({"views": 1, "who": "me"}, "who"),
    ],
)
@pytest.mark.usefixtures("store")
def test_a_wrong_correction_is_refused_by_its_field(proposal: dict[str, Any], field: str) -> None:
    put(views_before=346)
    status, answer = correct(**proposal)
    assert status == 422
    assert [fault["field"] for fault in answer["errors"]] == [field]
    assert shown() == 346


@pytest.mark.usefixtures("store")
def test_nobody_else_and_nothing_unknown_is_corrected() -> None:
    put(views_before=346)
    for scopes, status in ((None, 401), ("read", 403)):
        for route in ("POST /articles/{id}/corrections", "GET /articles/{id}/corrections"):
            assert call(route, scopes=scopes, body={"views": 1, "reason": "x"})[0] == status
        assert call("GET /export", scopes=scopes)[0] == status
    assert correct("nobody", views=1)[0] == 404
    assert call("GET /articles/{id}/corrections", "No id")[0] == 404


@pytest.mark.usefixtures("store")
def test_an_article_has_a_bounded_number_of_corrections() -> None:
    put()
    for number in range(MAX_CORRECTIONS):
        assert correct(views=1, nonce=f"n{number}")[0] == 201
    status, answer = correct(views=1, nonce="more")
    assert (status, answer["errors"][0]["field"]) == (422, "corrections")
    assert correct(views=1, nonce="n0")[0] == 200
    assert shown() == MAX_CORRECTIONS


def exported(**query: str) -> list[dict[str, Any]]:
    articles: list[dict[str, Any]] = []
    cursor = ""
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        status, page = call("GET /export", query=asked)
        assert status == 200, page
        articles += page["articles"]
        cursor = page.get("cursor", "")
        if not cursor:
            return articles


def fill(store: Container) -> None:
    put(views_before=346, tags=["a"], author=["Ann"])
    put("coming", url="https://news.example/coming", published="2026-03-15T12:00:00+04:00")
    put("gone", url="https://news.example/gone", section="harbour", views_before=5)
    put("never", url="https://news.example/never", published="2026-03-15T12:00:00+04:00")
    tally(Batch("s", [line(1), line(2, "gone")]), store.books)
    correct(views=-40, nonce="c1")
    correct("gone", total=3, nonce="c2")
    for article_id in ("gone", "never"):
        assert call("DELETE /articles/{id}", article_id)[0] == 204


@pytest.mark.parametrize("limit", ["1", "2", "3", "100"])
def test_an_export_has_scheduled_and_unpublished_articles(store: Container, limit: str) -> None:
    fill(store)
    found = {article["id"]: article for article in exported(limit=limit)}
    assert sorted(found) == ["coming", "gone", CLOCK, "never"]
    clock = found[CLOCK]
    parts = [clock[name] for name in ("views_before", "views_corrected", "views_counted", "views")]
    assert parts == [346, -40, 1, 307]
    assert clock["body"]
    assert "language" not in clock
    assert found["gone"] == {
        "id": "gone",
        "section": "harbour",
        "published": "2026-03-14T12:00:00+04:00",
        "unpublished": "2026-03-14T19:09:26+04:00",
        "was_public": True,
        "views": 4,
        "views_before": 5,
        "views_counted": 1,
        "views_corrected": -2,
        "corrections": [
            {"id": "c2", "views": -2, "total": 3, "at": "2026-03-14T15:09:26Z", "by": "tests",
             "reason": "attack of 3 May"}
        ],
    }  # fmt: skip
    assert found["never"]["was_public"] is False
    assert [article["id"] for article in exported(section="harbour")] == ["gone"]


def test_an_export_has_the_ids_of_an_article_in_its_sources(store: Container) -> None:
    put()
    change = Change.setting({"source_ids": ["news.example:post 7", "b"]})
    store.library_table.update(article_key(CLOCK), change)
    (article,) = exported()
    assert article["source_ids"] == ["news.example:post 7", "b"]
    assert send([article]) == ["unchanged"]


def test_a_page_of_an_export_is_no_larger_than_an_answer(empty_store: Container) -> None:
    reason = '"' * 250 + "\U0001f5de" * 250
    made = [Correction(f"c{n}", 1, NOW, "cms", reason) for n in range(MAX_CORRECTIONS)]
    ids = [f"a{number}" for number in range(40)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish_articles, "container", lambda: empty_store)
        for number, article_id in enumerate(ids):
            text = '"' * 250_000 if number < 8 else "short"
            put(article_id, url=f"https://news.example/{article_id}", body=f"<p>{text}</p>")
            empty_store.corrections.add(article_id, missing(made))
        found, cursor = [], ""
        while True:
            event = http_event("GET /export", query={"limit": "100", "cursor": cursor})
            answer = publish_articles.handler(event, None)
            assert len(json.dumps(answer).encode()) <= MAX_ANSWER
            page = json.loads(answer["body"])
            found += [article["id"] for article in page["articles"]]
            cursor = page.get("cursor", "")
            if not cursor:
                break
    assert sorted(found) == sorted(ids)


def test_what_was_published_again_is_not_among_the_unpublished(store: Container) -> None:
    fill(store)
    put("gone", url="https://news.example/gone")
    again = [article for article in exported() if article["id"] == "gone"]
    assert [article.get("unpublished") for article in again] == [None]


def send(articles: list[dict[str, Any]]) -> list[str]:
    status, answer = call("POST /articles/batch", body={"articles": articles})
    assert status == 200, answer
    return [result["status"] for result in answer["results"]]


def status_of(article_id: str, at: Any = NOW) -> int:
    event = http_event("GET /articles/{id}", path={"id": article_id}, at=at)
    status: int = read_articles.handler(event, None)["statusCode"]
    return status


def test_an_export_restores_an_empty_stack(store: Container, empty_store: Container) -> None:
    fill(store)
    articles = exported()
    assert send(articles) == ["unchanged"] * 4
    assert exported() == articles
    empty_store_articles = _in(empty_store, articles)
    assert {name: _without_parts(article) for name, article in empty_store_articles.items()} == {
        article["id"]: _without_parts(article) for article in articles
    }


def test_no_feed_brings_back_what_was_unpublished_before_a_restore(
    store: Container, empty_store: Container
) -> None:
    put(source_ids=["https://news.example/?p=7"])
    call("DELETE /articles/{id}")
    articles = exported()
    assert send(articles) == ["unchanged"]
    again = read_submission("7-x", submitted(source_ids=["http://news.example/?p=7"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish_articles, "container", lambda: empty_store)
        assert send(articles) == ["created"]
        assert exported()[0]["source_ids"] == articles[0]["source_ids"]
        for stack in (store, empty_store):
            stores = stack.catalogue, stack.books
            (outcome,) = publish_all([again], *stores, now=NOW, republish=False)
            assert isinstance(outcome, ArticleGone)


def _without_parts(article: dict[str, Any]) -> dict[str, Any]:
    """What is counted on one stack is an older total on the next."""
    return {
        name: value
        for name, value in article.items()
        if name not in ("views_before", "views_counted")
    }


def _in(store: Container, articles: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish_articles, "container", lambda: store)
        patch.setattr(read_articles, "container", lambda: store)
        assert send(articles) == ["created"] * len(articles)
        assert send(articles) == ["unchanged"] * len(articles)
        assert [status_of(name) for name in (CLOCK, "coming", "gone", "never")] == [
            200, 404, 410, 404
        ]  # fmt: skip
        assert status_of("coming", LATER) == 200
        return {article["id"]: article for article in exported()}


@pytest.fixture
def empty_store(store: Container) -> Container:
    return Container(store.settings, cast("Any", metered_tables()), AT_ONCE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"section": None}, "section"),
        ({"unpublished": "yesterday"}, "unpublished"),
        ({"unpublished": 5}, "unpublished"),
        ({"views_before": -1}, "views_before"),
        ({"corrections": {}}, "corrections"),
        ({"corrections": [{"id": "a"}]}, "corrections"),
        ({"corrections": [{"id": "a", "views": 1, "at": "2026-03-14T15:09:26Z", "x": 1}]},
         "corrections"),
        ({"body": "<p>x</p>"}, "*"),
        ({"id": "No id"}, "id"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("store")
def test_wrong_remains_are_refused_by_their_field(changes: dict[str, Any], field: str) -> None:
    remains = {
        "id": "gone",
        "section": "city",
        "published": "2026-03-14T12:00:00+04:00",
        "unpublished": "2026-03-14T19:09:26+04:00",
    } | changes
    status, answer = call("POST /articles/batch", body={"articles": [remains]})
    assert status == 200
    (result,) = answer["results"]
    assert result["status"] == "refused"
    assert [fault["field"] for fault in result["errors"]] == [field]


@pytest.mark.usefixtures("store")
def test_remains_take_no_article_away() -> None:
    put(views_before=3)
    remains = {
        "id": CLOCK,
        "section": "city",
        "published": "2026-03-14T12:00:00+04:00",
        "unpublished": "2026-03-14T19:09:26+04:00",
        "views_before": 7,
    }
    assert send([remains]) == ["unchanged"]
    assert (status_of(CLOCK), shown()) == (200, 7)


def test_of_a_batch_each_entry_is_corrected_for_itself(store: Container) -> None:
    put(views_before=3)
    made = [Correction(f"c{n}", 1, NOW, "cms", "why") for n in range(MAX_CORRECTIONS)]
    store.corrections.add(CLOCK, missing(made))
    one_more = [{"id": "more", "views": 1, "at": "2026-03-14T15:09:26Z"}]
    remains = {
        "id": CLOCK,
        "section": "city",
        "published": "2026-03-14T12:00:00+04:00",
        "unpublished": "2026-03-14T19:09:26+04:00",
        "corrections": one_more,
    }
    article = submitted(id=CLOCK, corrections=one_more)
    other = submitted(id="other", url="https://news.example/other", corrections=one_more)
    assert send([remains, other]) == ["refused", "created"]
    assert send([article]) == ["refused"]
    status, answer = call("PUT /articles/{id}", body=submitted(corrections=one_more))
    assert (status, answer["errors"][0]["field"]) == (422, "corrections")
    assert (shown(), shown("other")) == (3 + MAX_CORRECTIONS, 1)


def test_remains_that_meet_another_write_are_tried_again_later(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise TransactionRefused

    remains = {
        "id": "gone",
        "section": "city",
        "published": "2026-03-14T12:00:00+04:00",
        "unpublished": "2026-03-14T19:09:26+04:00",
    }
    with monkeypatch.context() as patch:
        patch.setattr(store.library_table, "transact", refuse)
        assert call("POST /articles/batch", body={"articles": [remains]})[0] == 503
    assert send([remains]) == ["created"]
    assert status_of("gone") == 410
