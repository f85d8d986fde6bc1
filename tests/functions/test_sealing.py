import json
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from circulation.counting.keys import BUCKETS
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation_cli.local_stack.function import Invocation
from functions import (
    publish_articles,
    read_articles,
    record_view,
    seal_articles,
    seal_day,
    tally_views,
)
from functions.seal_articles import RESERVE_MS
from tests.builders import TODAY, http_event, record, stream_event, submitted

PATH = {"id": "harbour-clock"}


@pytest.fixture(autouse=True)
def viewed(store: Container) -> Container:
    """An article with two views, one of which is tallied."""
    body = submitted(views_before=346)
    publish_articles.handler(http_event("PUT /articles/{id}", path=PATH, body=body), None)
    for address in ("192.0.2.1", "192.0.2.2"):
        record_view.handler(
            http_event("POST /articles/{id}/views", path=PATH, address=address), None
        )
    tally_views.handler(stream_event(record(1)), None)
    return store


def messages() -> list[dict[str, Any]]:
    """Take what is in the seal queue, as the function that it wakes gets it."""
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName="SealQueue")["QueueUrl"]
    return [
        {"body": each["Body"]}
        for each in client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ())
    ]


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    """Sum the metrics that were put out."""
    names = ("ArticlesSealed", "TallyDrift", "SealedAfterExpiry")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {name: sum(sum(line.get(name, ())) for line in lines) for name in names}


@pytest.mark.parametrize("failing", ["harbour-clock", "other", "third"])
@pytest.mark.parametrize("done", [False, True])
def test_drift_is_told_although_a_portion_fails_in_part(
    viewed: Container,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
    done: bool,
) -> None:
    articles = ["harbour-clock", "other", "third"]
    for article_id in articles[1:]:
        told = submitted(url=f"https://news.example/{article_id}")
        path = {"id": article_id}
        publish_articles.handler(http_event("PUT /articles/{id}", path=path, body=told), None)
        record_view.handler(http_event("POST /articles/{id}/views", path=path), None)
    capsys.readouterr()
    settle, failed = viewed.books.counters.settle, list[str]()

    def failing_once(article_id: str, *what: Any, **how: Any) -> int | None:
        if article_id != failing or failed:
            return settle(article_id, *what, **how)
        failed.append(article_id)
        if done:
            settle(article_id, *what, **how)
        raise StoreUnavailable("throttled once")

    monkeypatch.setattr(viewed.books.counters, "settle", failing_once)
    event = {"Records": [{"body": json.dumps({"day": TODAY, "articles": articles})}]}
    with pytest.raises(StoreUnavailable):
        seal_articles.handler(event, Invocation(300))
    seal_articles.handler(event, Invocation(300))  # as SQS delivers it again
    assert metrics(capsys)["TallyDrift"] >= 3  # each article was off by one
    seal_articles.handler(event, Invocation(300))
    assert metrics(capsys)["TallyDrift"] == 0


def test_a_day_is_queued_sealed_and_its_drift_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert seal_day.handler({"time": "2026-03-15T00:15:00Z"}, None) == {"queued": 1}
    (message,) = messages()
    assert json.loads(message["body"]) == {"day": TODAY, "articles": ["harbour-clock"]}
    capsys.readouterr()
    for new in (1, 0):  # the message may come again
        seal_articles.handler({"Records": [message]}, Invocation(300))
        assert metrics(capsys) == {
            "ArticlesSealed": new,
            "TallyDrift": new,
            "SealedAfterExpiry": new,
        }
        views = read_articles.handler(http_event("GET /articles/{id}/views", path=PATH), None)
        assert json.loads(views["body"])["views"] == 348
    assert seal_day.handler({"time": "2026-03-15T00:16:00Z"}, None) == {"queued": 0}


@dataclass(frozen=True)
class TimeLeft:
    """The context of a call whose time does not pass, however busy the machine is."""

    milliseconds: int

    def get_remaining_time_in_millis(self) -> int:
        """Give the same at all times."""
        return self.milliseconds


@pytest.mark.parametrize("milliseconds", [0, RESERVE_MS - 1, RESERVE_MS, 300_000])
def test_what_there_is_no_time_for_is_queued_again(milliseconds: int) -> None:
    seal_day.handler({"time": "2026-03-15T00:15:00Z"}, None)
    (message,) = messages()
    seal_articles.handler({"Records": [message]}, TimeLeft(milliseconds))
    again = milliseconds < RESERVE_MS
    assert len(messages()) == again
    views = read_articles.handler(http_event("GET /articles/{id}/views", path=PATH), None)
    assert json.loads(views["body"])["views"] == 348 - again


def test_a_part_of_a_large_article_is_recounted_and_the_last_one_seals(
    viewed: Container, capsys: pytest.CaptureFixture[str]
) -> None:
    for bucket in BUCKETS:
        body = json.dumps({"day": TODAY, "article": "harbour-clock", "partition": bucket})
        assert not viewed.books.day_book.page("harbour-clock", TODAY).sealed
        seal_articles.handler({"Records": [{"body": body}]}, Invocation(300))
    assert viewed.books.day_book.page("harbour-clock", TODAY).count.views == 2
    assert metrics(capsys)["ArticlesSealed"] == 1


def test_a_day_that_is_not_over_is_not_queued() -> None:
    assert seal_day.handler({"time": "2026-03-14T23:59:59Z"}, None) == {"queued": 0}


def test_a_message_that_is_none_is_an_error_and_so_comes_again() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        seal_articles.handler({"Records": [{"body": "x"}]}, Invocation(300))
