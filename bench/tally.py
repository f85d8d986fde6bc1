"""The tally of 10,000 records: the product's handler beside powertools' BatchProcessor."""

import contextlib
import io
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest.mock import patch

import boto3
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from bench import deployment
from bench.events import article_ids, batch
from bench.results import table, verdict
from circulation.aws.table import connect, session
from circulation.runtime import Container
from circulation.settings import Settings
from functions import tally_views

RECORDS = 10_000
ARTICLES = (50, 5_000)
REPEATS = {"wire": 3, "client": 7}
TARGET = 0.15

Event = Mapping[str, Any]


ABOUT = f"""\
Target: circulation ≤ {TARGET} of BatchProcessor. One batch of {RECORDS:,} records, one view each;
medians of alternating runs, CPU of this process. At the wire, the SDK makes and signs each request
and a hook answers in place of the network; at the client, a stub takes the SDK's place, so that
only decoding and folding are left. With 5,000 articles a batch has two views of each, and
circulation writes two counters where the other writes twice. Decoding the event's JSON is the
runtime's work and the same for both.
"""


class StandInClient:
    """DynamoDB's client, or boto3's table: it takes every update and no time."""

    class exceptions:  # noqa: N801  botocore's name
        """The one error that our table asks for."""

        class ConditionalCheckFailedException(Exception):  # noqa: N818
            """Never raised here."""

    def update_item(self, **_: object) -> dict[str, Any]:
        """Succeed."""
        return {"Attributes": {}}


class _Body(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def measure() -> str:
    """Fold the same batches both ways, in turn."""
    rows = [_row(seam, articles) for seam in REPEATS for articles in ARTICLES]
    head = (
        "stubbed at", "articles", "BatchProcessor, ms", "circulation, ms", "of BatchProcessor",
        f"≤ {TARGET}", "decoding included", "json.loads alone, ms",
    )  # fmt: skip
    return f"{ABOUT}\n{table(head, rows)}"


def _row(seam: str, articles: int) -> tuple[object, ...]:
    text = json.dumps(batch(article_ids(articles), RECORDS))
    event = json.loads(text)
    at_wire = seam == "wire"
    fold = circulation_handler(wire_client() if at_wire else StandInClient())
    process = batch_processor_handler(wire_table() if at_wire else StandInClient())
    tried: dict[str, Callable[[], object]] = {
        "theirs": lambda: process(event),
        "ours": lambda: fold(event),
        "decoding": lambda: json.loads(text),
    }
    spent: dict[str, list[float]] = {name: [] for name in tried}
    for _ in range(REPEATS[seam]):
        for name, run in tried.items():
            before = time.process_time()
            run()
            spent[name].append((time.process_time() - before) * 1000)
    median = {name: statistics.median(samples) for name, samples in spent.items()}
    return (
        f"the {seam}",
        f"{articles:,}",
        f"{median['theirs']:,.0f}",
        f"{median['ours']:,.0f}",
        f"{median['ours'] / median['theirs']:.3f}",
        verdict(median["ours"] / median["theirs"], TARGET),
        f"{(median['ours'] + median['decoding']) / (median['theirs'] + median['decoding']):.3f}",
        f"{median['decoding']:.0f}",
    )


def wire_client() -> Any:  # noqa: ANN401  botocore's client
    """Give our own client, answered before anything is sent."""
    session().set_credentials("access", "secret", "token")
    session().set_config_variable("region", "us-east-1")
    return _answered(connect())


def wire_table() -> Any:  # noqa: ANN401  boto3's table
    """Give a table as a user would have it, answered before anything is sent."""
    named = boto3.Session("access", "secret", "token", "us-east-1")
    users = named.resource("dynamodb").Table("Views")
    _answered(users.meta.client)
    return users


def _answered(client: Any) -> Any:  # noqa: ANN401
    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, _Body(b"{}"))

    client.meta.events.register("before-send.dynamodb", answer)
    return client


def circulation_handler(client: Any) -> Callable[[Event], Any]:  # noqa: ANN401
    """Give TallyViews' handler over tables that the client answers for."""
    environment = deployment.template().environment(deployment.QUEUES)
    loaded = Settings(environment)
    container = Container(loaded, client)

    def handle(event: Event) -> dict[str, Any]:
        with (
            patch.object(tally_views, "container", lambda: container),
            patch.dict(os.environ, STACK_NAME=environment["STACK_NAME"]),
            contextlib.redirect_stdout(io.StringIO()),  # its line of metrics
        ):
            return tally_views.handler(event, None)

    return handle


def batch_processor_handler(users: Any) -> Callable[[Event], Any]:  # noqa: ANN401
    """Give what a user would write: one idempotent update for each record."""
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams)

    def handle_record(record: DynamoDBRecord) -> None:
        change = record.dynamodb
        assert change  # noqa: S101  for mypy alone
        article, day, _bucket = change.keys["pk"].split("#")
        users.update_item(
            Key={"id": article},
            UpdateExpression="ADD #views :one SET #mark = :number",
            ConditionExpression="attribute_not_exists(#mark) OR #mark < :number",
            ExpressionAttributeNames={"#views": f"views#{day}", "#mark": f"mark#{day}"},
            ExpressionAttributeValues={":one": 1, ":number": change.sequence_number},
        )

    def handle(event: Event) -> Any:  # noqa: ANN401  powertools' answer
        return process_partial_response(
            event=dict(event), record_handler=handle_record, processor=processor, context=None
        )

    return handle
