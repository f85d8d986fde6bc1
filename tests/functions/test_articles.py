import json
from typing import Any

import pytest

from circulation.runtime import Container
from functions import publish_articles, read_articles, serve_feeds
from tests.builders import NOW, http_event, submitted

pytestmark = pytest.mark.usefixtures("store")


def put(article_id: str = "harbour-clock", **changes: Any) -> dict[str, Any]:
    event = http_event(
        "PUT /articles/{id}",
        path={"id": article_id},
        body=submitted(**{"id": article_id} | changes),
    )
    return publish_articles.handler(event, None)


def delete(article_id: str) -> dict[str, Any]:
    event = http_event("DELETE /articles/{id}", path={"id": article_id})
    return publish_articles.handler(event, None)


def get(route: str, article_id: str = "", **query: str) -> dict[str, Any]:
    event = http_event(f"GET {route}", path={"id": article_id}, query=query)
    return read_articles.handler(event, None)


def told(answer: dict[str, Any], status: int = 200) -> Any:
    assert answer["statusCode"] == status, answer
    return json.loads(answer["body"])


def test_an_article_is_created_and_replaced_and_read_back() -> None:
    created = told(put(views_before=346, author=["A", "B"], tags=["x"]), 201)
    assert created == {
        "id": "harbour-clock",
        "section": "city",
        "title": "The harbour clock keeps time again",
        "author": ["A", "B"],
        "published": "2026-03-14T12:00:00+04:00",
        "language": "en",
        "url": "https://news.example/city/harbour-clock",
        "tags": ["x"],
        "body": "<p>At noon it struck twelve.</p>",
        "views": 346,
    }
    assert told(put(author=["A", "B"], tags=["x"])) == created
    assert told(get("/articles/{id}", "harbour-clock")) == created
    assert told(get("/articles")) == {"articles": [created]}


def test_an_answer_can_be_sent_back_as_it_is() -> None:
    created = told(put(), 201)
    assert told(put(**created)) == created


def test_an_unpublished_article_is_gone() -> None:
    put()
    assert delete("harbour-clock")["statusCode"] == 204
    assert told(get("/articles/{id}", "harbour-clock"), 410)["title"] == "Gone"
    assert told(get("/articles/{id}/views", "harbour-clock"), 410)
    assert told(delete("harbour-clock"), 410)
    assert told(get("/articles")) == {"articles": []}


@pytest.mark.parametrize("article_id", ["nobody", "No-Id", "a#b", "x" * 65, "x" * 3_000])
def test_an_unknown_article_is_not_found(article_id: str) -> None:
    assert told(get("/articles/{id}", article_id), 404)["detail"].count(article_id) == 1
    assert told(get("/articles/{id}/views", article_id), 404)
    assert told(delete(article_id), 404)


def test_a_bad_submission_names_each_bad_field() -> None:
    problem = told(put("Bad Id", title=None, url="x"), 422)
    assert [each["field"] for each in problem["errors"]] == ["id", "title", "url"]


def test_a_body_that_is_no_json_is_a_bad_request() -> None:
    event = http_event("PUT /articles/{id}", path={"id": "x"}, body="{")
    assert told(publish_articles.handler(event, None), 400)


def test_a_submission_of_more_than_a_megabyte_is_refused() -> None:
    assert told(put(body="x" * 1024 * 1024), 413)


def test_pages_lead_to_each_other_by_cursor_and_link() -> None:
    for day in range(10, 15):
        put(f"a{day}", published=f"2026-03-{day}T00:00:00Z")
    first = get("/articles", section="city", limit="2")
    page = told(first)
    assert [each["id"] for each in page["articles"]] == ["a14", "a13"]
    assert first["headers"]["link"] == (
        f'<https://api.example/articles?section=city&limit=2&cursor={page["cursor"]}>; rel="next"'
    )
    second = told(get("/articles", section="city", limit="3", cursor=page["cursor"]))
    assert [each["id"] for each in second["articles"]] == ["a12", "a11", "a10"]
    assert "cursor" not in second


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "x"},
        {"cursor": "x"},
        {"section": "a", "tag": "b"},
        {"section": ""},
    ],
)
def test_a_bad_query_is_refused(query: dict[str, str]) -> None:
    assert told(get("/articles", **query), 422)["errors"]


def test_an_article_that_lies_in_the_future_is_not_there_yet() -> None:
    put(published="2026-03-14T15:09:27Z")
    assert told(get("/articles")) == {"articles": []}
    assert told(get("/articles/{id}", "harbour-clock"), 404)


def test_reading_is_cached_and_answered_with_304() -> None:
    put()
    first = get("/articles/{id}", "harbour-clock")
    assert first["headers"]["cache-control"] == "public, max-age=60"
    event = http_event(
        "GET /articles/{id}",
        path={"id": "harbour-clock"},
        headers={"if-none-match": first["headers"]["etag"]},
    )
    assert read_articles.handler(event, None)["statusCode"] == 304


def test_the_feed_has_the_articles_and_no_counts() -> None:
    put(views_before=346)
    answer = serve_feeds.handler(http_event("GET /feed.rss"), None)
    assert answer["headers"]["content-type"] == "application/rss+xml; charset=utf-8"
    assert answer["headers"]["cache-control"] == "public, max-age=900"
    assert "<title>The harbour clock keeps time again</title>" in answer["body"]
    assert 'href="https://api.example/feed.rss" rel="self"' in answer["body"]
    assert "346" not in answer["body"]


def test_health_asks_the_library(store: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(get("/health")) == {"status": "ok"}
    asked: list[object] = []
    monkeypatch.setattr(store.catalogue.library, "find", asked.append)
    get("/health")
    assert asked


def test_the_clock_of_a_request_is_the_apis() -> None:
    put(published="2026-03-14T15:09:27Z")
    event = http_event("GET /articles", at=NOW.replace(second=27))
    assert len(told(read_articles.handler(event, None))["articles"]) == 1


def post_batch(*articles: Any) -> Any:
    event = http_event("POST /articles/batch", body={"articles": list(articles)})
    return publish_articles.handler(event, None)


def test_a_batch_tells_what_became_of_each_article_in_order() -> None:
    put("same")
    results = told(
        post_batch(
            submitted(id="new", views_before=346),
            submitted(id="same"),
            submitted(id="Bad Id", title=None),
            submitted(),
            "no article",
            submitted(id="new", title="Once more"),
        )
    )["results"]
    assert results[:2] == [
        {"id": "new", "status": "created", "views": 346},
        {"id": "same", "status": "unchanged", "views": 0},
    ]
    assert [each["status"] for each in results[2:]] == ["refused"] * 4
    assert [fault["field"] for fault in results[2]["errors"]] == ["id", "title"]
    assert results[5]["errors"] == [{"field": "id", "detail": "stands in this batch before"}]
    assert told(get("/articles/{id}", "new"))["title"] == submitted()["title"]


@pytest.mark.parametrize("articles", [[], [submitted()] * 101, None, {}])
def test_a_batch_holds_1_to_100_articles(articles: Any) -> None:
    event = http_event("POST /articles/batch", body={"articles": articles})
    assert told(publish_articles.handler(event, None), 422)["errors"][0]["field"] == "articles"


def conditional(**headers: str) -> int:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    event = http_event(
        "PUT /articles/{id}",
        path={"id": "harbour-clock"},
        body=submitted(title="New"),
        headers=names,
    )
    return int(publish_articles.handler(event, None)["statusCode"])


def test_a_publisher_replaces_the_version_that_it_has_read_alone() -> None:
    assert conditional(if_match="*") == 412
    assert conditional(if_none_match="*") == 201
    assert conditional(if_none_match="*") == 412
    assert conditional(if_none_match='"v1-x"') == 422
    read = get("/articles/{id}", "harbour-clock")["headers"]["etag"]
    put(title="Changed by another")
    assert conditional(if_match=read) == 412
    read = get("/articles/{id}", "harbour-clock")["headers"]["etag"]
    assert conditional(if_match=f'"other", {read}') == 200


def test_a_count_that_grows_keeps_no_publisher_from_replacing(store: Container) -> None:
    put()
    read = get("/articles/{id}", "harbour-clock")["headers"]["etag"]
    store.books.counters.raise_base("harbour-clock", 7)
    assert get("/articles/{id}", "harbour-clock")["headers"]["etag"] != read
    assert conditional(if_match=read) == 200


@pytest.mark.parametrize(
    "article",
    [
        {'"' * 110 + str(number): 1 for number in range(150)},
        {"id": '"' * 20_000},
        {"id": ["x"] * 5_000},
        "x",
    ],
)
def test_what_is_said_of_a_batchs_faults_fits_in_an_answer(article: Any) -> None:
    event = http_event("POST /articles/batch", body={"articles": [article] * 100})
    answer = publish_articles.handler(event, None)
    assert answer["statusCode"] == 200
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < 2_000_000


def test_the_first_faults_of_a_submission_are_named_and_the_others_counted() -> None:
    body = submitted(title="") | {f"unknown-{number}": 1 for number in range(1_000)}
    errors = told(put_body(body), 422)["errors"]
    assert len(errors) == 22
    assert errors[-1] == {"field": "*", "detail": "980 more are no fields of an article"}


def put_body(body: dict[str, Any]) -> dict[str, Any]:
    return publish_articles.handler(
        http_event("PUT /articles/{id}", path={"id": "a"}, body=body), None
    )


POISON = [
    '<p>x</p><img src="http://a]@news.example/é.png">', '<p>x</p><img src="http://℀@x.example/a">',
    '<p>x</p><img src="http://u[@host/é.png">', '<p>x</p><a href="http://a@b[@h/é">y</a>',
    '<p>x</p><img src="https://[oops/a.png">', "x <!-- y", "<p>]]></p>", "<p>&#0;&#xD800;</p>",
]  # fmt: skip
BAD: list[dict[str, Any]] = [
    {"url": "https://news.example:99999/a"}, {"url": "https://xn--a/"}, {"image": "https://%zz/"},
    {"url": 5}, {"body": "<div>" * 50_000}, {"body": "<ul><li>" * 25_000},
    {"body": "<p>" + "".join(f"<i title={n}>" for n in range(1_600)) + "<p>x" * 3_200},
    {"body": "&" * 250_000}, {"body": "<script>x</script>"}, {"title": "\x00\x1b"},
    {"id": None}, {"id": [[[]]]}, {"id": "\ud800"}, {"published": "0001-01-01T00:00:00+14:00"},
    {"tags": [["x"]]}, {"views_before": 10**30}, {f"x{n}": n for n in range(5_000)},
]  # fmt: skip


@pytest.mark.parametrize("body", POISON)
def test_no_article_takes_a_feed_from_everybody_else(body: str) -> None:
    put("good")
    assert put("poison", body=body, tags=["x"], author="y")["statusCode"] in (200, 201)
    for route, path in (
        ("/feed", {}),
        ("/sections/{section}/feed", {"section": "city"}),
        ("/tags/{tag}/feed", {"tag": "x"}),
        ("/authors/{author}/feed", {"author": "y"}),
    ):
        for form in ("rss", "atom", "json"):
            event = http_event(f"GET {route}.{form}", path=path)
            assert serve_feeds.handler(event, None)["statusCode"] == 200


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_of_a_hundred_articles_a_bad_one_is_refused_and_the_others_are_published(
    bad: dict[str, Any],
) -> None:
    articles = [submitted(id=f"good-{number}") for number in range(20)]
    articles.insert(7, submitted(id="bad") | bad)
    event = http_event("POST /articles/batch", body={"articles": articles})
    results = told(publish_articles.handler(event, None))["results"]
    refused = results.pop(7)
    assert refused["status"] == "refused"
    assert 1 <= len(refused["errors"]) <= 25
    assert [each["status"] for each in results] == ["created"] * 20


def test_what_a_batch_calls_an_article_is_told_back_only_as_text() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    event = http_event("POST /articles/batch", body={"articles": [submitted(id=deep), 5]})
    results = told(publish_articles.handler(event, None))["results"]
    assert [each["id"] for each in results] == [None, None]


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"articles":['])
def test_a_body_that_nests_too_deep_is_a_bad_request(opening: str) -> None:
    event = http_event("POST /articles/batch", body=opening * 100_000)
    assert told(publish_articles.handler(event, None), 400)


def test_a_submission_that_grows_beyond_measure_says_so_in_its_field() -> None:
    (error,) = told(put(body="<div>" * 50_000), 422)["errors"]
    assert error == {"field": "body", "detail": "must nest its elements at most 256 deep"}
