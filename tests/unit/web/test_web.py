import base64
import json

import pytest

from circulation.errors import (
    ArticleGone,
    BodyTooLarge,
    CirculationError,
    Fault,
    InvalidInput,
    MalformedBatch,
    MalformedBody,
    StoreUnavailable,
)
from circulation.web.cursors import cursor, cursor_of
from circulation.web.handler import http_handler
from circulation.web.problems import problem
from circulation.web.request import Request, request_of_event
from circulation.web.response import Response, json_response
from tests.builders import NOW, http_event


def request(**changes: object) -> Request:
    return request_of_event(http_event("GET /articles", **changes))


def test_a_request_is_read_from_a_payload_2_event() -> None:
    told = request(headers={"x-forwarded-proto": "http"}, query={"limit": "3"}, address="::1")
    assert told.base_url == "http://api.example"
    assert told.at == NOW
    assert (told.method, told.address, told.query["limit"]) == ("GET", "::1", "3")


def test_a_body_in_base64_is_decoded() -> None:
    event = http_event("POST /x", body=base64.b64encode(b'{"a":1}').decode())
    assert request_of_event(event | {"isBase64Encoded": True}).json(limit=7) == {"a": 1}


def test_an_empty_body_is_an_empty_object() -> None:
    assert request().json(limit=1) == {}


@pytest.mark.parametrize("body", ["{", "[]", "null", '{"a":NaN}', "[" * 100_000, "\x00"])
def test_a_body_that_is_no_json_object_is_refused(body: str) -> None:
    with pytest.raises(MalformedBody):
        request(body=body).json(limit=1_000_000)


@pytest.mark.parametrize(
    "body", ['{"a":1}'.encode("utf-16"), b"\xff", b'{"a":' + b"1" * 5000 + b"}"]
)
def test_a_body_that_is_not_utf_8_or_beyond_python_is_refused_in_plain_words(body: bytes) -> None:
    event = http_event("PUT /x", body=base64.b64encode(body).decode()) | {"isBase64Encoded": True}
    with pytest.raises(MalformedBody, match="not JSON in UTF-8"):
        request_of_event(event).json(limit=10_000)


def test_a_body_beyond_the_limit_is_refused() -> None:
    with pytest.raises(BodyTooLarge):
        request(body='{"a":"éé"}').json(limit=10)


def test_a_cursor_goes_out_and_comes_back() -> None:
    key = "2026-03-14T08:00:00Z#harbour-clock"
    assert cursor(request(query={"cursor": cursor_of(key)})) == key
    assert cursor(request()) is None


@pytest.mark.parametrize("told", ["x", "é", "%%%", cursor_of("LIST#all"), cursor_of("é")])
def test_a_cursor_that_was_never_given_out_is_refused(told: str) -> None:
    with pytest.raises(InvalidInput):
        cursor(request(query={"cursor": told}))


def test_every_error_has_a_problem_except_what_never_meets_a_client() -> None:
    for kind in CirculationError.__subclasses__():
        if kind is not MalformedBatch:
            error = kind.__new__(kind)
            error.args = ("words",)
            error.faults, error.retry_after, error.scope = (), 1, "x"  # type: ignore[attr-defined]
            answer = problem(error)
            told = json.loads(answer.body)
            assert answer.content_type == "application/problem+json"
            assert told["status"] == answer.status
            assert set(told) >= {"type", "title", "status", "detail"}


def test_a_problem_names_each_bad_field() -> None:
    told = json.loads(problem(InvalidInput(Fault("url", "is required"))).body)
    assert told["errors"] == [{"field": "url", "detail": "is required"}]


def test_a_store_that_fails_asks_to_come_again_and_tells_no_secrets() -> None:
    answer = problem(StoreUnavailable("arn:aws:dynamodb:table/Ledger throttled"))
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert b"Ledger" not in answer.body


def test_a_handler_answers_by_route_and_head_by_get() -> None:
    handler = http_handler(
        "ReadArticles", {"GET /articles": lambda _: json_response({"a": 1}, max_age=5)}
    )
    assert handler(http_event("GET /articles"), None)["body"] == '{"a":1}'
    head = handler(http_event("HEAD /articles"), None)
    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"]["cache-control"] == "public, max-age=5"


def test_a_handler_gives_errors_as_problems_and_lets_bugs_through() -> None:
    def gone(_: Request) -> Response:
        raise ArticleGone("a")

    def bug(_: Request) -> Response:
        raise KeyError("a bug")

    handler = http_handler("ReadArticles", {"GET /gone": gone, "GET /bug": bug})
    assert handler(http_event("GET /gone"), None)["statusCode"] == 410
    with pytest.raises(KeyError):
        handler(http_event("GET /bug"), None)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_feed_names_itself_by_the_scheme_that_the_request_came_by(scheme: str) -> None:
    assert request(headers={"x-forwarded-proto": scheme}).base_url == f"{scheme}://api.example"


@pytest.mark.parametrize(
    "scheme", ["", "HTTP", "https,http", "http ", "javascript", "ftp", "evil.example/#", "https:"]
)
def test_any_other_scheme_is_not_believed(scheme: str) -> None:
    assert request(headers={"x-forwarded-proto": scheme}).base_url == "https://api.example"
