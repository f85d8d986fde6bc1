"""The tally of 10,000 records: the product's handler beside powertools' BatchProcessor."""

import contextlib
import io
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
from bench.container import container
from bench.direct_wire import answered_directly
from bench.dynamodb_stand_in import calls_at, stand_in
from bench.events import PAYLOAD_BYTES, article_ids, batch
from bench.invocation import FULL_CORE_MB, memory_of
from bench.results import table, verdict
from bench.traffic import Traffic
from circulation.aws.parallel import WORKERS
from circulation.aws.sdk import connect, session
from circulation.aws.table import MAX_KEYS
from circulation.runtime import Container
from circulation.settings import Settings
from functions import tally_views

RECORDS = 10_000
ARTICLES = (50, 5_000)
REPEATS = {"wire": 3, "wire by the SDK": 3, "client": 7}
TARGETS = {"wire": 0.12, "wire by the SDK": 0.38}
"""For the most articles, of BatchProcessor."""
LATENCY = 0.004
"""Seconds that DynamoDB takes for a call, as in the cost bench."""
SHARDS = 4
LONG_TAIL = 100_000
"""Articles that views fall on evenly in the model of what is sustained."""
SUSTAINED = 8_000
"""Views a second that four shards have to bear then."""
OVERHEAD = 0.02
"""Seconds between two batches of a shard: Lambda polls, invokes and takes the answer (assumed)."""

CALLS = ("UpdateItem", "BatchGetItem")
BATCH = 7_500
"""Records of a batch of the long tail: about what fits in a payload."""

Event = Mapping[str, Any]


ABOUT = f"""\
Targets: circulation ≤ {TARGETS["wire"]} of BatchProcessor for 5,000 articles at the wire, and
≤ {TARGETS["wire by the SDK"]} where the SDK makes all of its calls, DirectCalls being off.
One batch of {RECORDS:,} records, one view each; medians of alternating runs, CPU of this
process. At the wire, each request is made and signed, and answered in place of the network; at
the client, a
stub takes the SDK's place, so that only decoding and folding are left. BatchProcessor makes an
update for each record, and so does a bare loop over the SDK's client without any of powertools;
circulation makes one for each article. With 5,000 articles a batch has two views of each. Decoding
the event's JSON is the runtime's work and the same for all.
"""


class StandInClient:
    """DynamoDB's client, or boto3's table: it takes every update and no time."""

    def update_item(self, **_: object) -> dict[str, Any]:
        """Succeed."""
        return {"Attributes": {"views": {"N": "346"}}}

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803  botocore's name
        """Find no page."""
        return {"Responses": dict.fromkeys(RequestItems, ()), "UnprocessedKeys": {}}


ANSWER = (
    b'{"Attributes":{"views":{"N":"346"}},'
    b'"Responses":{"Ledger":[],"Library":[]},"UnprocessedKeys":{}}'
)
"""What an update of a page answers, and a look for pages that there are not."""


class _Body(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


@dataclass(frozen=True, slots=True)
class Spent:
    """What one batch took, in milliseconds of CPU: the medians of its runs."""

    theirs: float
    bare: float
    ours: float
    decoding: float


def measure() -> str:
    """Fold the same batches every way, in turn, and one whose calls take time."""
    spent = {(seam, articles): _spent(seam, articles) for seam in REPEATS for articles in ARTICLES}
    head = (
        "stubbed at", "BatchProcessor, ms", "bare UpdateItem, ms", "circulation, ms",
        "of BatchProcessor", "target", "", "of bare", "decoding included", "json.loads alone, ms",
    )  # fmt: skip
    rows = [_row(seam, articles, batch) for (seam, articles), batch in spent.items()]
    few, many = (spent["wire", articles] for articles in ARTICLES)
    fold = (many.ours - few.ours) / (ARTICLES[1] - ARTICLES[0])
    line = (few.ours - ARTICLES[0] * fold) / RECORDS
    sustained = _sustained(fold, line + many.decoding / RECORDS)
    return f"{ABOUT}\n{table(head, rows)}\n{sustained}\n{_long_tail()}"


def _spent(seam: str, articles: int) -> Spent:
    text = json.dumps(batch(article_ids(articles), RECORDS))
    event = json.loads(text)
    at_wire = seam != "client"
    clients: dict[str, Callable[[], Any]] = {
        "wire": lambda: answered_directly(ANSWER),
        "wire by the SDK": wire_client,
        "client": StandInClient,
    }
    fold = circulation_handler(clients[seam]())
    users = wire_table() if at_wire else StandInClient()
    process, loop = batch_processor_handler(users), loop_handler(users)
    tried: dict[str, Callable[[], object]] = {
        "theirs": lambda: process(event),
        "bare": lambda: loop(event),
        "ours": lambda: fold(event),
        "decoding": lambda: json.loads(text),
    }
    spent: dict[str, list[float]] = {name: [] for name in tried}
    for _ in range(REPEATS[seam]):
        for name, run in tried.items():
            before = time.process_time()
            run()
            spent[name].append((time.process_time() - before) * 1000)
    return Spent(**{name: statistics.median(samples) for name, samples in spent.items()})


def _row(seam: str, articles: int, spent: Spent) -> tuple[object, ...]:
    ratio = spent.ours / spent.theirs
    whole = (spent.ours + spent.decoding) / (spent.theirs + spent.decoding)
    target = TARGETS.get(seam) if articles == ARTICLES[1] else None
    return (
        f"the {seam}, {articles:,} articles", f"{spent.theirs:,.0f}", f"{spent.bare:,.0f}",
        f"{spent.ours:,.0f}", f"{ratio:.3f}", f"≤ {target}" if target else "",
        verdict(ratio, target) if target else "",
        f"{spent.ours / spent.bare:.3f}", f"{whole:.3f}", f"{spent.decoding:.0f}",
    )  # fmt: skip


def _sustained(fold_ms: float, line_ms: float) -> str:
    """Model what four shards bear over a long tail, by what a batch takes whose calls take time."""
    articles = 2_000
    event = batch(article_ids(articles), articles)
    client = answered_directly(ANSWER, LATENCY)
    handle = circulation_handler(client)
    cpu, wall = time.process_time(), time.perf_counter()
    handle(event)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    size = PAYLOAD_BYTES // len(json.dumps(event["Records"][0]))
    views = min(RECORDS, size)
    met = Traffic(LONG_TAIL, LONG_TAIL).met(views)
    share = memory_of("TallyViews") / FULL_CORE_MB
    computing = (met * fold_ms + views * line_ms) / 1000 / share
    waiting = met * LATENCY / WORKERS
    seconds = max(computing, waiting) + OVERHEAD
    rate = SHARDS * views / seconds
    figures = [
        ("sustained", f"{rate:,.0f}", f"≥ {SUSTAINED:,}",
         reached(rate)),
    ]  # fmt: skip
    return f"""\
Sustained over {LONG_TAIL:,} articles by {SHARDS} shards, a model over these times: {fold_ms:.2f} ms
of CPU a fold and {line_ms * 1000:.0f} µs a record, its decoding included, on the {share:.2f} of a
core that the template's {memory_of("TallyViews"):,} MB give TallyViews, which is taken to be as
fast as this machine's; {LATENCY * 1000:.0f} ms a call, of which {WORKERS} wait at the same time. A
batch is as large as the payload: {views:,} records of {met:,.0f} articles take {computing:.1f} s of
computing and {waiting:.1f} s of waiting, whichever is longer. A batch of {articles:,} articles
whose calls took {LATENCY * 1000:.0f} ms each was folded in {wall:.2f} s here, with {cpu:.2f} s of
CPU; one after the other the calls alone would take {articles * LATENCY:.0f} s.

{table(("of", "views/s", "target", ""), figures)}"""


@dataclass(frozen=True, slots=True)
class Round:
    """What the built function took for views of every article of a long tail."""

    calls: Counter[str]
    """By operation."""
    cpu: float
    """Seconds."""
    memory: int
    """Bytes that were resident at most until its end."""

    def sustained(self) -> float:
        """Model the views a second of all shards, of which each has a container of its own."""
        share = memory_of("TallyViews") / FULL_CORE_MB
        waiting = self.calls.total() * LATENCY / WORKERS
        batches = LONG_TAIL / BATCH
        return SHARDS * LONG_TAIL / (max(self.cpu / share, waiting) + batches * OVERHEAD)


def _long_tail() -> str:
    """Let the built function tally a view of every article, and then another one."""
    ids = article_ids(LONG_TAIL)
    rounds = []
    with stand_in() as url, container(deployment.product_of("TallyViews"), url) as started:
        started.invoke(batch(ids[:1], 1))
        for number in range(2):
            calls, cpu = calls_at(url), started.cpu_so_far()
            for start in range(0, LONG_TAIL, BATCH):
                articles = ids[start : start + BATCH]
                started.invoke(_later(batch(articles, len(articles)), number * LONG_TAIL + start))
            rounds.append(
                Round(calls_at(url) - calls, started.cpu_so_far() - cpu, started.most_memory())
            )
    rows = [
        (name, f"{LONG_TAIL:,}", *(f"{of.calls[call]:,}" for call in CALLS),
         f"{of.cpu / LONG_TAIL * 1e6:.0f}", f"{of.memory / 2**20:,.0f}", f"{of.sustained():,.0f}",
         "" if name == "the first views" else reached(of.sustained()))
        for name, of in zip(("the first views", "the next ones"), rounds, strict=True)
    ]  # fmt: skip
    head = ("of every article", "records", *CALLS, "CPU of a record, µs", "MB", "views/s",
            f"≥ {SUSTAINED:,}")  # fmt: skip
    return f"""\
The built function in its container, with a stand-in that answers at once: one view of each of
{LONG_TAIL:,} articles, in batches of {BATCH:,} records, then another one of each. First the names
that a page has are read, {MAX_KEYS} pages a call; then they are known. CPU is the process's, with
Lambda's runtime client and the decoding of the event; views/s by the model above.

{table(head, rows)}"""


def _later(event: dict[str, Any], after: int) -> dict[str, Any]:
    """Give a batch's records sequence numbers after so many."""
    for place, changed in enumerate(event["Records"]):
        changed["dynamodb"]["SequenceNumber"] = f"1405400000000000{1 + after + place:010}"
    return event


def reached(rate: float) -> str:
    """Say whether so many views a second are enough."""
    return "reached" if rate >= SUSTAINED else "not reached"


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


def _answered(client: Any, latency: float = 0) -> Any:  # noqa: ANN401
    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        if latency:
            time.sleep(latency)
        return AWSResponse(request.url, 200, {}, _Body(ANSWER))

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


def loop_handler(users: Any) -> Callable[[Event], None]:  # noqa: ANN401
    """Give the bare loop: one update for each record."""

    def handle(event: Event) -> None:
        for record in event["Records"]:
            change = record["dynamodb"]
            _update(users, change["Keys"]["pk"]["S"], change["SequenceNumber"])

    return handle


def batch_processor_handler(users: Any) -> Callable[[Event], Any]:  # noqa: ANN401
    """Give what a user would write: one idempotent update for each record."""
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams)

    def handle_record(record: DynamoDBRecord) -> None:
        change = record.dynamodb
        assert change  # noqa: S101  for mypy alone
        _update(users, change.keys["pk"], change.sequence_number)

    def handle(event: Event) -> Any:  # noqa: ANN401  powertools' answer
        return process_partial_response(
            event=dict(event), record_handler=handle_record, processor=processor, context=None
        )

    return handle


def _update(users: Any, partition: str, number: str | None) -> None:  # noqa: ANN401
    """Add one view to an article, unless it was added before."""
    article, day, _bucket = partition.split("#")
    users.update_item(
        Key={"id": article},
        UpdateExpression="ADD #views :one SET #mark = :number",
        ConditionExpression="attribute_not_exists(#mark) OR #mark < :number",
        ExpressionAttributeNames={"#views": f"views#{day}", "#mark": f"mark#{day}"},
        ExpressionAttributeValues={":one": 1, ":number": number},
    )
