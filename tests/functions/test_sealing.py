import json
from typing import Any

import boto3
import pytest

from circulation.store import Store
from functions import (
    publish_articles,
    read_articles,
    record_view,
    seal_articles,
    seal_day,
    tally_views,
)
from tests.builders import TODAY, http_event, record, stream_event, submitted

PATH = {"id": "harbour-clock"}


@pytest.fixture(autouse=True)
def viewed(store: Store) -> Store:
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
        for each in client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    ]


def test_a_day_is_queued_sealed_and_its_drift_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert seal_day.handler({"time": "2026-03-15T00:15:00Z"}, None) == {"queued": 1}
    (message,) = messages()
    assert json.loads(message["body"]) == {"day": TODAY, "articles": ["harbour-clock"]}
    capsys.readouterr()
    for drift in (1, 0):
        seal_articles.handler({"Records": [message]}, None)
        told = json.loads(capsys.readouterr().out)
        assert (told["ArticlesSealed"], told.get("TallyDrift", [0.0])) == ([1.0], [drift])
        views = read_articles.handler(http_event("GET /articles/{id}/views", path=PATH), None)
        assert json.loads(views["body"])["views"] == 348
    assert seal_day.handler({"time": "2026-03-15T00:16:00Z"}, None) == {"queued": 0}


def test_a_day_that_is_not_over_is_not_queued() -> None:
    assert seal_day.handler({"time": "2026-03-14T23:59:59Z"}, None) == {"queued": 0}


def test_a_message_that_is_none_is_an_error_and_so_comes_again() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        seal_articles.handler({"Records": [{"body": "x"}]}, None)
