import json
from typing import Any

import pytest

from circulation.errors import MalformedBatch
from circulation.store import Store
from functions import publish_articles, read_articles, record_view, rotate_salts, tally_views
from tests.builders import NOW, http_event, record, stream_event, submitted


@pytest.fixture(autouse=True)
def library(store: Store) -> Store:
    body = submitted(views_before=346)
    publish_articles.handler(
        http_event("PUT /articles/{id}", path={"id": "harbour-clock"}, body=body), None
    )
    return store


def post(article_id: str = "harbour-clock", **changes: Any) -> dict[str, Any]:
    event = http_event("POST /articles/{id}/views", path={"id": article_id}, **changes)
    return record_view.handler(event, None)


def told(answer: dict[str, Any], status: int = 200) -> Any:
    assert answer["statusCode"] == status, answer
    return json.loads(answer["body"])


def views() -> Any:
    event = http_event("GET /articles/{id}/views", path={"id": "harbour-clock"})
    return told(read_articles.handler(event, None))


def test_a_view_is_counted_and_answered_with_the_count() -> None:
    answer = post(body={"nonce": "n1"})
    assert told(answer) == {
        "article": "harbour-clock",
        "views": 347,
        "visitors": 1,
        "counted": True,
    }
    assert answer["headers"]["cache-control"] == "no-store"


def test_a_repeat_says_why_it_was_not_counted() -> None:
    post(request_id="r1")
    assert told(post(request_id="r2")) == {
        "article": "harbour-clock",
        "views": 347,
        "visitors": 1,
        "counted": False,
        "reason": "repeat",
    }


def test_a_retry_with_the_same_nonce_is_counted_once() -> None:
    post(body={"nonce": "n1"}, request_id="r1")
    assert told(post(body={"nonce": "n1"}, request_id="r2"))["counted"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"user-agent": "Googlebot/2.1"}, "bot"),
        ({"sec-purpose": "prefetch;prerender"}, "prefetch"),
        ({"purpose": "prefetch"}, "prefetch"),
        ({"x-moz": "prefetch"}, "prefetch"),
        ({"sec-gpc": "1"}, "privacy"),
        ({"dnt": "1"}, "privacy"),
    ],
)
def test_a_dismissed_hit_says_why(headers: dict[str, str], reason: str) -> None:
    assert told(post(headers=headers))["reason"] == reason


def test_a_beacon_may_send_json_as_plain_text() -> None:
    assert told(post(body='{"nonce":"n1"}', headers={"content-type": "text/plain"}))["counted"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ({"nonce": 1}, 422),
        ({"nonce": "x" * 65}, 422),
        ({"referrer": "x" * 2048}, 413),
    ],
)
def test_a_bad_body_is_refused_and_counts_nothing(body: object, status: int) -> None:
    assert told(post(body=body), status)["status"] == status
    assert views()["views"] == 346


@pytest.mark.parametrize("article_id", ["nobody", "Not an id"])
def test_an_unknown_article_is_not_found(article_id: str) -> None:
    assert told(post(article_id), 404)["title"] == "Not Found"


def test_the_tally_makes_views_public_and_asks_for_no_batch_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    event = stream_event(record(1), record(2))
    for _ in range(2):
        assert tally_views.handler(event, None) == {"state": {}, "batchItemFailures": []}
    assert views() == {
        "article": "harbour-clock",
        "views": 348,
        "visitors": 2,
        "as_of": "2026-03-14T15:09:26Z",
    }
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["ViewsTallied"], first["LinesDropped"]) == ([2.0], [0.0])
    assert (second["ViewsTallied"], second["LinesDropped"]) == ([0.0], [2.0])


def test_a_malformed_record_is_told_as_a_metric(capsys: pytest.CaptureFixture[str]) -> None:
    tally_views.handler(stream_event({"eventName": "INSERT"}, record(1)), None)
    metrics = json.loads(capsys.readouterr().out)
    assert (metrics["ViewsTallied"], metrics["LinesMalformed"]) == ([1.0], [1.0])


def test_the_tally_refuses_a_batch_of_no_known_shard() -> None:
    with pytest.raises(MalformedBatch):
        tally_views.handler(stream_event(record(1), shard=None), None)


def test_salts_rotate_by_the_time_of_the_schedule(store: Store) -> None:
    post(at=NOW)
    assert rotate_salts.handler({"time": "2026-03-15T00:10:00Z"}, None) == {
        "deleted": ["2026-03-14"]
    }
    assert store.salts.days() == ["2026-03-15"]
