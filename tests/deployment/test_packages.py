"""Every function, from the package that was deployed, with the environment that it was given."""

import base64
import itertools
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest

from circulation.times import day_of, end_of, format_time, parse_time, start_of
from circulation_cli.local_stack.template import Template
from tests.builders import http_event, submitted
from tests.deployment.stack import REGION, FunctionError, Stack
from tests.servers import serving

NAME = "newsroom"
URL = "https://count.example"
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=3)
"""Of a day that is over whatever time it is now, and whose lines the ledger still keeps."""
NEXT_NOON = NOON + timedelta(days=1)
DAY = day_of(NOON)
ARTICLE = "harbour-clock"
REQUESTS = itertools.count()
CHANGED = {
    "OptOuts": "anonymous",
    "FeedItems": "1",
    "SyncFeedUrl": "https://feeds.invalid/feed.rss",
}
DISABLED = {
    "mapping PingHubPings",
    "mapping SealArticlesPortions",
    "mapping TallyViewsLedgerStream",
    "schedule RankPopularEveryFiveMinutes",
    "schedule RotateSaltsEveryTenMinutes",
    "schedule SealDayAfterMidnight",
    "schedule SealDayAgain",
    "schedule SyncFeedEveryMinute",
}
"""What Stack disables, which would wake functions by itself."""
BODY = submitted(published=f"{DAY}T08:00:00Z", tags=["Clocks"], author="A. Keeper")


class Hub(BaseHTTPRequestHandler):
    """Takes every ping."""

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.pinged.append(parse_qs(form)["hub.url"])  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def hub() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Hub)
    server.pinged = []  # type: ignore[attr-defined]
    with serving(server):
        yield server


@pytest.fixture(scope="module")
def parameters(hub: HTTPServer) -> dict[str, str]:
    return {
        "PublicationTitle": "'The Daily Example'",
        "PublicationUrl": "https://news.example",
        "PublicationDescription": "'News & more'",
        "WebSubHub": f"http://127.0.0.1:{hub.server_port}/",
        "ApiUrl": URL,
    }


@pytest.fixture(scope="module")
def stack(deploy: Callable[..., Stack], parameters: dict[str, str]) -> Stack:
    return deploy(NAME, **parameters)


def command(*words: str) -> str:
    """Run the command line on the stack, as an operator does."""
    run = cli(*words)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def cli(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "circulation_cli", *words],
        check=False,
        capture_output=True,
        text=True,
    )


def make_token(stack: Stack) -> str:
    return command("token", "new", "ann", "--stack", stack.name, "--region", REGION)


def ask(stack: Stack, route: str, *, status: int = 200, **changes: Any) -> str:
    """Send a request of its own id, at noon unless another time is named."""
    own = {"at": NOON, "request_id": f"request-{next(REQUESTS)}"}
    answer = stack.request(http_event(route, **(own | changes)))
    assert answer["statusCode"] == status, answer
    body = answer.get("body", "")
    return base64.b64decode(body).decode("latin-1") if answer.get("isBase64Encoded") else body


def read(stack: Stack, route: str, **changes: Any) -> Any:
    return json.loads(ask(stack, route, **changes))


def stream_events(stack: Stack) -> Iterator[dict[str, Any]]:
    """What is in the ledger's stream, as a mapping with a tumbling window hands it over."""
    table = boto3.client("dynamodb").describe_table(TableName=stack["Ledger"])["Table"]
    client = boto3.client("dynamodbstreams")
    description = client.describe_stream(StreamArn=table["LatestStreamArn"])["StreamDescription"]
    for shard in description["Shards"]:
        iterator = client.get_shard_iterator(
            StreamArn=table["LatestStreamArn"],
            ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        records = client.get_records(ShardIterator=iterator)["Records"]
        for record in records:
            record["dynamodb"].pop("ApproximateCreationDateTime", None)
        yield {
            "Records": [record for record in records if record["eventName"] != "REMOVE"],
            "shardId": f"{shard['ShardId']}-{stack.name}",  # on AWS no two streams have the same
            "window": {"start": f"{DAY}T12:00:00Z", "end": f"{DAY}T12:15:00Z"},
            "state": {},
            "isFinalInvokeForWindow": False,
            "isWindowTerminatedEarly": False,
        }


def messages(stack: Stack, queue: str) -> dict[str, Any]:
    """Take what is in a queue, as a mapping hands it over."""
    client = boto3.client("sqs")
    found = client.receive_message(QueueUrl=stack[queue], MaxNumberOfMessages=10)["Messages"]
    for message in found:
        client.delete_message(QueueUrl=stack[queue], ReceiptHandle=message["ReceiptHandle"])
    return {
        "Records": [
            {"messageId": message["MessageId"], "body": message["Body"]} for message in found
        ]
    }


def tally(stack: Stack) -> None:
    for event in stream_events(stack):
        answer = stack.invoke("TallyViews", event)
        assert answer == {"state": {}, "batchItemFailures": []}


def publish(stack: Stack, token: str) -> None:
    """Publish one article with 346 older views, and two more in a batch."""
    authorization = {"authorization": f"Bearer {token}"}
    path = {"id": ARTICLE}
    put: Any = {"path": path, "body": BODY | {"views_before": 346}, "headers": authorization}
    ask(stack, "PUT /articles/{id}", status=201, **put)
    batch = [BODY | {"id": f"b{n}", "url": f"https://news.example/b{n}"} for n in (1, 2)]
    results = read(stack, "POST /articles/batch", body={"articles": batch}, headers=authorization)[
        "results"
    ]
    assert len(results) == 2


def view(stack: Stack, address: str, article: str = ARTICLE, **changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = read(
        stack, "POST /articles/{id}/views", path={"id": article}, address=address, **changes
    )
    return answer


FEEDS = ("/feed.rss", "/feed.atom", "/feed.json", "/feeds.opml", "/sitemap.xml")


def feeds(stack: Stack) -> dict[str, str]:
    return {path: ask(stack, f"GET {path}", at=datetime.now(UTC)) for path in FEEDS}


def counts(stack: Stack) -> dict[str, Any]:
    answer: dict[str, Any] = read(
        stack, "GET /views", query={"ids": f"{ARTICLE},b1,b2"}, at=datetime.now(UTC)
    )
    return answer


def settled(shown: dict[str, Any], day: str) -> dict[str, Any]:
    """Give what is shown when a day is settled: the same numbers, as of its end if it has views."""
    views = [
        count | {"as_of": format_time(end_of(day))}
        if count["as_of"] and parse_time(count["as_of"]) > start_of(day)
        else count
        for count in shown["views"]
    ]
    return shown | {"views": views}


def journey(stack: Stack, hub: HTTPServer) -> None:
    """Do what publishers, readers, schedules, the stream and the queues do in a day."""
    token = make_token(stack)
    path: Any = {"path": {"id": ARTICLE}}
    forged = {"authorization": f"Bearer {token[::-1]}"}
    ask(stack, "PUT /articles/{id}", status=403, **path, body=BODY, headers=forged)
    publish(stack, token)
    stack.invoke("RotateSalts", {"time": f"{day_of(NOON - timedelta(days=1))}T20:00:00Z"})
    assert view(stack, "192.0.2.1") == {
        "article": ARTICLE, "counted": True, "views": 347, "visitors": 1
    }  # fmt: skip
    assert view(stack, "192.0.2.1", at=NOON + timedelta(minutes=1))["reason"] == "repeat"
    assert view(stack, "192.0.2.2", headers={"user-agent": "Googlebot/2.1"})["reason"] == "bot"
    assert ask(stack, "GET /articles/{id}/views.gif", **path, address="192.0.2.3")[:3] == "GIF"
    assert view(stack, "192.0.2.4", "b1")["counted"] is True
    tally(stack)
    tally(stack)  # as a batch that is delivered again
    assert read(stack, "GET /articles/{id}/views", **path)["views"] == 348
    assert stack.invoke("RankPopular", {"time": NOON.isoformat()})["written"] > 0
    popular = read(stack, "GET /popular")["articles"]
    assert [article["id"] for article in popular] == [ARTICLE, "b1"]
    assert {article["id"] for article in read(stack, "GET /articles")["articles"]} == {
        ARTICLE,
        "b1",
        "b2",
    }
    assert "harbour clock" in ask(stack, "GET /articles/{id}/print", **path)
    assert read(stack, "GET /health") == {"status": "ok"}
    assert "harbour clock" in ask(stack, "GET /feed.rss")
    assert "<urlset" in ask(stack, "GET /sitemap.xml")
    assert ask(stack, "GET /widget.js")
    assert "348" in ask(stack, "GET /articles/{id}/views.svg", **path)
    authorization = {"authorization": f"Bearer {token}"}
    answer = read(stack, "GET /articles/{id}/statistics", **path, headers=authorization)
    assert answer["filtered"]["bot"] == 1
    assert stack.invoke("SyncFeed", {"time": NOON.isoformat()}) == {"found": 0, "published": 0}
    stack.invoke("PingHub", messages(stack, "PingQueue"))
    assert f"{URL}/feed.rss" in hub.pinged[-1]  # type: ignore[attr-defined]
    following = NOON + timedelta(hours=14)
    assert stack.invoke("SealDay", {"time": following.isoformat()})["queued"] == 2
    before = counts(stack)
    stack.invoke("SealArticles", messages(stack, "SealQueue"))
    assert counts(stack) == settled(before, DAY)
    deleted = stack.invoke("RotateSalts", {"time": following.isoformat()})["deleted"]
    assert DAY in deleted


def test_every_function_does_its_work_from_its_package(stack: Stack, hub: HTTPServer) -> None:
    journey(stack, hub)
    assert stack.invoked == set(Template.load({}).functions())


def test_the_outputs_name_the_readers_address_and_the_stacks_library(stack: Stack) -> None:
    answer = stack.outputs()
    assert answer["ApiUrl"] == URL
    assert answer["LibraryTable"] == stack["Library"]
    assert re.fullmatch(
        rf"circulation token new publisher --stack {NAME} --region {REGION}", answer["MakeToken"]
    )


def test_an_update_reaches_the_functions(
    deploy: Callable[..., Stack], stack: Stack, parameters: dict[str, str]
) -> None:
    library = stack["Library"]
    deploy(NAME, **parameters, **CHANGED)
    assert stack["Library"] == library
    assert len(read(stack, "GET /feed.json", at=datetime.now(UTC))["items"]) == 1
    answer = view(stack, "192.0.2.9", at=NEXT_NOON, headers={"sec-gpc": "1"})
    assert answer["counted"] is True
    with pytest.raises(FunctionError):
        stack.invoke("SyncFeed", {"time": NOON.isoformat()})


def test_the_doctor_says_of_each_part_what_it_found_or_that_it_was_not_answered(
    stack: Stack,
) -> None:
    run = cli("doctor", "--stack", stack.name, "--region", REGION)
    assert (run.returncode, run.stderr) == (1, "")
    *lines, by_hand, summary = run.stdout.splitlines()
    found = [re.fullmatch(r"(ok|warn|fail|open) +([^:]+): (.+)", line) for line in lines]
    parts = {match[2]: (match[1], match[3]) for match in found if match}
    assert len(parts) == len(lines), run.stdout
    assert parts["stack"][0] == parts["functions"][0] == "ok"
    assert parts["PingDeadLetterQueue"] == parts["SealDeadLetterQueue"] == ("ok", "is empty")
    assert parts["logs FunctionLogs"] == ("ok", "keeps lines for 30 days")
    assert parts["tokens"][1].startswith("1: ann (publish, read, 0 days old)")
    assert re.fullmatch(r"0 from \S+ to \S+, in 2 sealed pages", parts["drift"][1])
    # What this stack's own set-up has disabled, the emulator has not, and no resolver knows.
    disabled = {part for part, (_, text) in parts.items() if re.match("is [Dd]isabled", text)}
    assert disabled == DISABLED
    assert {parts[part][0] for part in disabled} == {"fail"}
    assert parts["address type"] == ("open", "not answered: the API's description has none")
    assert parts["API"][0] == "fail"
    assert parts["API"][1].startswith(f"{URL} cannot be reached: ")
    # An emulator answers no assumption about AWS.
    assert by_hand.startswith("docs/aws-assumptions.md, by hand: 1, 2, 3, ")
    levels = Counter(level for level, _ in parts.values())
    assert summary == (
        f"{levels['ok']} ok, {levels['warn']} warn, {levels['fail']} fail, "
        f"{levels['open']} not answered"
    )


def test_a_new_stack_goes_on_with_a_restored_library(
    deploy: Callable[..., Stack], stack: Stack, parameters: dict[str, str]
) -> None:
    assert view(stack, "192.0.2.10", "b2", at=NEXT_NOON)["counted"] is True
    tally(stack)
    before, shown, tokens = counts(stack), feeds(stack), known_tokens(stack)
    copy_table(stack["Library"], "restored")
    adoption = {"ExistingLibrary": "restored", "LibraryAdoptedOn": day_of(datetime.now(UTC))}
    adopting = deploy("second", **parameters, **CHANGED, **adoption)
    assert adopting["Ledger"] != stack["Ledger"]
    assert adopting.outputs()["LibraryTable"] == "restored"
    assert (counts(adopting), feeds(adopting), known_tokens(adopting)) == (before, shown, tokens)
    # The day that was open is sealed without the ledger that had counted it.
    following = NEXT_NOON + timedelta(hours=14)
    assert adopting.invoke("SealDay", {"time": following.isoformat()})["queued"] == 2
    adopting.invoke("SealArticles", messages(adopting, "SealQueue"))
    assert counts(adopting) == settled(before, day_of(NEXT_NOON))
    assert view(adopting, "192.0.2.10", "b1")["views"] == 2


def test_a_stack_that_is_not_there_is_refused(stack: Stack) -> None:
    run = cli("token", "list", "--stack", f"{stack.name}-2", "--region", REGION)
    assert run.returncode == 2
    assert run.stderr == f"Error: there is no stack {NAME}-2 of Circulation in {REGION}\n"


def known_tokens(stack: Stack) -> str:
    """What the command line says of the stack's tokens."""
    return command("token", "list", "--stack", stack.name, "--region", REGION)


def copy_table(name: str, copy: str) -> None:
    """Do what a restore does: another table with the same items, and none of its settings."""
    client = boto3.client("dynamodb")
    described = client.describe_table(TableName=name)["Table"]
    client.create_table(
        TableName=copy,
        KeySchema=described["KeySchema"],
        AttributeDefinitions=described["AttributeDefinitions"],
        BillingMode="PAY_PER_REQUEST",
    )
    for page in client.get_paginator("scan").paginate(TableName=name):
        for item in page["Items"]:
            client.put_item(TableName=copy, Item=item)
