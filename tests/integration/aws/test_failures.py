"""What a failing table does: the truth is told, and a bug stays a bug."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from tests.builders import NOW, article, line, publish_all

Fail = Callable[..., AWSResponse | None]


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: object) -> list[bytes]:
        return [self._body]


def answering(status: int, code: str) -> Fail:
    def fail(request: Any, **_: Any) -> AWSResponse:
        body = f'{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"m"}}'.encode()
        return AWSResponse(request.url, status, {}, _Raw(body))

    return fail


def out_of_reach(**_: Any) -> AWSResponse | None:
    raise EndpointConnectionError(endpoint_url="https://dynamodb.example")


def timing_out(**_: Any) -> AWSResponse | None:
    raise ReadTimeoutError(endpoint_url="https://dynamodb.example")


@pytest.fixture
def failing(store: Container, monkeypatch: pytest.MonkeyPatch) -> Callable[[Fail], None]:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)  # between retries

    def fail_with(fail: Fail) -> None:
        client = store.client
        client.meta.events.register_first("before-send.dynamodb.*", fail)

    return fail_with


@pytest.mark.parametrize(
    "fail",
    [
        answering(400, "ProvisionedThroughputExceededException"),
        answering(400, "ThrottlingException"),
        answering(400, "TransactionConflictException"),
        answering(500, "InternalServerError"),
        answering(503, "Unknown"),
        timing_out,
        out_of_reach,
    ],
)
def test_what_may_pass_is_told_as_unavailable(
    store: Container, failing: Callable[[Fail], None], fail: Fail
) -> None:
    failing(fail)
    for attempt in (
        lambda: store.books.count("a"),
        lambda: tally(Batch("s", [line(1)]), store.books),
        lambda: publish(Submission(article()), store.catalogue, store.books, now=NOW),
        lambda: list(store.books.day_book.pages("2026-03-14")),
    ):
        with pytest.raises(StoreUnavailable):
            attempt()


def test_a_transaction_that_is_throttled_may_be_tried_again(store: Container) -> None:
    def throttled(request: Any, **_: Any) -> AWSResponse:
        body = (
            b'{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",'
            b'"CancellationReasons":[{"Code":"None"},{"Code":"ProvisionedThroughputExceeded"}]}'
        )
        return AWSResponse(request.url, 400, {}, _Raw(body))

    client = store.client
    client.meta.events.register_first("before-send.dynamodb.TransactWriteItems", throttled)
    with pytest.raises(StoreUnavailable):
        publish(Submission(article()), store.catalogue, store.books, now=NOW)


def test_a_wrong_request_is_a_bug_and_stays_one(
    store: Container, failing: Callable[[Fail], None]
) -> None:
    failing(answering(400, "ValidationException"))
    with pytest.raises(ClientError):
        store.books.count("a")


def test_a_throttle_that_passes_is_not_noticed(
    store: Container, failing: Callable[[Fail], None]
) -> None:
    failures = iter([answering(400, "ThrottlingException")])

    def once(**request: Any) -> AWSResponse | None:
        for fail in failures:
            return fail(**request)
        return None

    publish_all(store, "harbour-clock")
    failing(once)
    tally(Batch("s", [line(1)]), store.books)
    assert store.books.count("harbour-clock").views == 1
