"""The reserved id at the API: views of it are counted while it is open, and nobody publishes it."""

import json
from typing import Any

import httpx
import pytest

from circulation.ids import CANARY
from circulation.runtime import Container
from circulation_cli.examination.canary import Canary
from functions import publish_articles, read_articles, record_view, serve_feeds, serve_widget
from tests.builders import NOW, http_event, submitted

VIEWS = "/articles/{id}/views"


@pytest.fixture
def canary(store: Container) -> Canary:
    canary = Canary(store, httpx.Client(), 0.0, lambda: NOW)
    canary.open()
    return canary


def ask(handler: Any, route: str, article_id: str = CANARY, **changes: Any) -> tuple[int, Any]:
    answer = handler(http_event(route, path={"id": article_id}, **changes), None)
    try:
        return answer["statusCode"], json.loads(answer["body"])
    except ValueError:
        return answer["statusCode"], answer["body"]


def test_a_view_counts_once_while_it_is_open(canary: Canary) -> None:
    nonce = {"nonce": "n"}
    for _ in range(2):
        status, counted = ask(record_view.handler, f"POST {VIEWS}", body=nonce)
        assert (status, counted["counted"], counted["views"]) == (200, True, 1)
    assert ask(read_articles.handler, f"GET {VIEWS}")[0] == 200
    assert canary.close() == ""
    assert ask(record_view.handler, f"POST {VIEWS}", body=nonce)[0] == 410
    assert ask(read_articles.handler, f"GET {VIEWS}")[0] == 410


@pytest.mark.usefixtures("canary")
def test_no_publisher_can_have_it() -> None:
    body = submitted(id=CANARY)
    status, refused = ask(publish_articles.handler, "PUT /articles/{id}", body=body)
    assert (status, [fault["field"] for fault in refused["errors"]]) == (422, ["id"])
    batch = {"articles": [body]}
    status, result = ask(publish_articles.handler, "POST /articles/batch", body=batch)
    assert [entry["status"] for entry in result["results"]] == ["refused"]
    ask(publish_articles.handler, "PUT /articles/{id}", "a", body=submitted(id="a"))
    for route, sent in (
        ("DELETE /articles/{id}", {}),
        ("GET /articles/{id}/corrections", {}),
        ("POST /articles/{id}/merge", {"into": "a"}),
    ):
        assert ask(publish_articles.handler, route, body=sent)[0] == 404, route
    into = {"into": CANARY}
    assert ask(publish_articles.handler, "POST /articles/{id}/merge", "a", body=into)[0] == 422


@pytest.mark.usefixtures("canary")
def test_nothing_lists_it_and_there_is_nothing_to_read() -> None:
    for handler, route in (
        (read_articles.handler, "GET /articles/{id}"),
        (serve_widget.handler, "GET /articles/{id}/views.svg"),
    ):
        assert ask(handler, route)[0] == 404, route
    for handler, route in (
        (read_articles.handler, "GET /articles"),
        (read_articles.handler, "GET /sections"),
        (read_articles.handler, "GET /popular"),
        (publish_articles.handler, "GET /export"),
        (serve_feeds.handler, "GET /feed.json"),
        (serve_feeds.handler, "GET /sitemap.xml"),
        (serve_feeds.handler, "GET /feeds.opml"),
    ):
        status, body = ask(handler, route)
        assert status in (200, 404), route
        assert CANARY not in json.dumps(body), route
