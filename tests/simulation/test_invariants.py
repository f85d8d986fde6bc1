"""The invariants hold after every step on a real engine, with its real stream, over HTTP."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.sdk import connect
from circulation.counting.sealing import is_over, seal
from circulation.counting.stream import batch_of_event
from circulation.counting.tallying import tally
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.times import day_before, day_of, start_of
from circulation.views.hit import Hit
from circulation.views.recording import record_hit
from tests.builders import BROWSER, article
from tests.simulation.conftest import settings_of_world
from tests.simulation.dynamodb import Fate

START = datetime(2026, 3, 14, 20, tzinfo=UTC)
WINDOW = timedelta(minutes=30)
BASE = 100
VISITORS = 4
FATES = some.lists(some.sampled_from([Fate.DONE, Fate.REFUSED, Fate.LOST]), max_size=5)


class FailingClient:
    """A client whose next calls fail as fates say: before they are done, or after."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.fates: list[Fate] = []

    def __getattr__(self, name: str) -> Any:
        told = getattr(self._client, name)
        if not name.endswith("_item"):
            return told

        def call(**request: Any) -> Any:
            fate = self.fates.pop(0) if self.fates else Fate.DONE
            if fate is Fate.REFUSED:
                raise StoreUnavailable(fate.value)
            answer = told(**request)
            if fate is Fate.LOST:
                raise StoreUnavailable(fate.value)
            return answer

        return call


class Counting(RuleBasedStateMachine):
    """One article and its readers, from an evening over some midnights."""

    engine_settings: Settings

    def __init__(self) -> None:
        super().__init__()
        self.client = FailingClient(connect())
        self.store = Container(self.engine_settings, self.client)  # type: ignore[arg-type]
        self.now = START
        self.article = f"a-{uuid.uuid4().hex}"  # each run has its own; they share the tables
        self.attempted = self.acknowledged = self.lifetime = 0
        self.sent: list[tuple[Hit, datetime]] = []
        self.counted: set[str] = set()
        self.records: list[dict[str, Any]] = []
        self.delivered = 0
        self.whole = True
        self.half_sealed: set[str] = set()
        """Days of which a seal failed and was not done again: the page may be sealed alone."""

    @initialize()
    def published(self) -> None:
        publish(
            Submission(article(self.article), BASE),
            self.store.catalogue,
            self.store.books,
            now=START,
        )
        self.lifetime = BASE
        self.stream = changes(self.article)

    # What happens

    @rule(visitor=some.integers(0, VISITORS - 1), fates=FATES)
    def a_reader_views(self, visitor: int, fates: list[Fate]) -> None:
        hit = Hit(self.article, f"192.0.2.{visitor}", BROWSER, f"nonce-{self.attempted}")
        self.attempted += 1
        self.sent.append((hit, self.now))
        self.send(hit, fates)

    @precondition(lambda self: self.sent)
    @rule(data=some.data())
    def a_reader_sends_a_view_again(self, data: some.DataObject) -> None:
        hit, begun = data.draw(some.sampled_from(self.sent))
        self.send(replace(hit, age=self.now - begun), [])

    @rule(minutes=some.sampled_from([1, 31, 240]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(size=some.integers(1, 6), fates=FATES)
    def records_are_tallied(self, size: int, fates: list[Fate]) -> None:
        self.records += next(self.stream)
        batch = self.records[self.delivered : self.delivered + size]
        if self.tally(batch, fates):
            self.arrived(self.delivered + len(batch))

    @precondition(lambda self: self.delivered)
    @rule(data=some.data())
    def records_are_delivered_again(self, data: some.DataObject) -> None:
        start = data.draw(some.integers(0, self.delivered - 1))
        end = data.draw(some.integers(start + 1, len(self.records)))
        if self.tally(self.records[start:end], []):
            self.arrived(end)

    @precondition(
        lambda self: (
            day_of(self.now) > day_of(START) and is_over(day_before(day_of(self.now)), now=self.now)
        )
    )
    @rule(fates=FATES)
    def yesterday_is_sealed(self, fates: list[Fate]) -> None:
        day = day_before(day_of(self.now))
        self.client.fates = list(fates)
        try:
            seal(
                self.article,
                day,
                self.store.books,
                self.store.ledger,
                now=self.now,
                closed="",
            )
        except StoreUnavailable:
            self.half_sealed.add(day)
        else:
            self.half_sealed.discard(day)
        self.client.fates = []

    # What holds

    @invariant()
    def the_invariants_hold(self) -> None:
        ledger, days = self.ledger(), self.days()
        pages = {day: self.store.books.day_book.page(self.article, day) for day in days}
        for day, page in pages.items():
            if page.sealed:
                assert (page.count.views, page.count.visitors) == ledger[day], "I1: as the ledger"
        views = self.store.books.count(self.article, consistent=True).views
        entered = sum(views for views, _ in ledger.values())
        assert views <= BASE + entered, "I2: never more than the ledger"
        if self.whole and not self.half_sealed:
            tallied = sum(page.count.views for page in pages.values())
            assert views == BASE + tallied, "I2: base and days"
        assert self.acknowledged <= entered <= self.attempted, "I3"
        assert views >= self.lifetime, "I4: a stored lifetime number never falls"
        self.lifetime = views

    def teardown(self) -> None:
        """Let everything arrive; then every number is exact."""
        self.records += next(self.stream)
        assert self.tally(self.records, [])
        days = self.days()
        self.now = start_of(day_of(self.now)) + timedelta(days=1, minutes=15)
        for day in days:
            seal(self.article, day, self.store.books, self.store.ledger, now=self.now, closed="")
        views = self.store.books.count(self.article, consistent=True).views
        assert views == BASE + sum(entered for entered, _ in self.ledger().values())

    # How

    def send(self, hit: Hit, fates: list[Fate]) -> None:
        self.client.fates = list(fates)
        try:
            recorded = record_hit(
                hit,
                self.store.intake,
                now=self.now,
                repeat_window=WINDOW,
                random_bytes=bytes,
            )
        except StoreUnavailable:
            return
        finally:
            self.client.fates = []
        if recorded.counted:
            self.counted.add(hit.nonce)
            self.acknowledged = len(self.counted)

    def tally(self, records: list[dict[str, Any]], fates: list[Fate]) -> bool:
        self.client.fates = list(fates)
        try:
            tally(batch_of_event({"Records": records, "shardId": self.article}), self.store.books)
        except StoreUnavailable:
            self.whole = False
            return False
        finally:
            self.client.fates = []
        return True

    def arrived(self, end: int) -> None:
        """Note how far records are delivered; then no fold is left half done."""
        self.delivered = max(self.delivered, end)
        self.whole = self.whole or self.delivered == len(self.records)

    def days(self) -> list[str]:
        last = day_of(self.now)
        days = [last]
        while days[-1] > day_of(START):
            days.append(day_before(days[-1]))
        return days

    def ledger(self) -> dict[str, tuple[int, int]]:
        """Give the views and lines of each day, read without any of our code's help."""
        pages = self.client.get_paginator("scan").paginate(
            TableName="Ledger",
            FilterExpression="begins_with(pk, :article)",
            ExpressionAttributeValues={":article": {"S": f"{self.article}#"}},
            ConsistentRead=True,
        )
        sums = dict.fromkeys(self.days(), (0, 0))
        for line in pages.search("Items[]"):
            day = line["pk"]["S"].split("#")[1]
            views, lines = sums[day]
            sums[day] = (views + int(line["n"]["N"]), lines + 1)
        return sums


def changes(article_id: str) -> Iterator[list[dict[str, Any]]]:
    """Give what has changed in an article's ledger since this call, each time it is asked for."""
    client = boto3.client("dynamodbstreams")
    arn = boto3.client("dynamodb").describe_table(TableName="Ledger")["Table"]["LatestStreamArn"]
    (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = client.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
    )["ShardIterator"]

    def read(iterator: str) -> Iterator[list[dict[str, Any]]]:
        while True:
            told = client.get_records(ShardIterator=iterator)
            iterator = told["NextShardIterator"]
            yield [
                {"eventName": each["eventName"], "dynamodb": dict(each["dynamodb"])}
                for each in told["Records"]
                if each["dynamodb"]["Keys"]["pk"]["S"].startswith(f"{article_id}#")
            ]

    return read(iterator)


@pytest.mark.usefixtures("engine")
def test_the_invariants_hold_after_every_step() -> None:
    Counting.engine_settings = settings_of_world()
    salts = Container(Counting.engine_settings, connect()).salts
    for day in range(-1, 7):  # every run finds them, as if they were rotated
        salts.of(day_of(START + timedelta(days=day)), bytes)
    run_state_machine_as_test(
        Counting,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.generate],
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
