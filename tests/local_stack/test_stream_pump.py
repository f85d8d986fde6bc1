"""The stream pump over an engine that fails in every way at every call."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from circulation_cli.local_stack import stream_pump
from circulation_cli.local_stack.function import Function
from circulation_cli.local_stack.state import State
from circulation_cli.local_stack.stream_pump import Positions, StreamPump
from circulation_cli.local_stack.template import Template
from tests.local_stack.machine import Time

CALLS = ["describe_table", "describe_stream", "get_shard_iterator", "get_records"]
ERRORS = [
    ClientError({"Error": {"Code": code, "Message": code}}, "")
    for code in ("ExpiredIteratorException", "InternalServerError", "LimitExceededException")
] + [
    ReadTimeoutError(endpoint_url="http://127.0.0.1"),
    EndpointConnectionError(endpoint_url="http://127.0.0.1"),
    ResponseParserError("no answer"),
]
PAGE = 2


class Engine:
    """A stream of one shard, as both clients see it; calls fail as they are told to."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.failures: dict[str, list[Exception]] = {call: [] for call in CALLS}
        self.trimmed = 0
        """Records up to this number are gone."""

    def write(self, number: int = 1, event: str = "INSERT") -> None:
        for _ in range(number):
            change = {"SequenceNumber": f"{len(self.records) + 1}"}
            self.records.append({"eventName": event, "dynamodb": change})

    def _fail(self, call: str) -> None:
        if self.failures[call]:
            raise self.failures[call].pop(0)

    def describe_table(self, **_: str) -> Any:
        self._fail("describe_table")
        return {"Table": {"LatestStreamArn": "arn"}}

    def describe_stream(self, **_: str) -> Any:
        self._fail("describe_stream")
        return {"StreamDescription": {"Shards": [{"ShardId": "shard"}]}}

    def get_shard_iterator(self, **start: str) -> Any:
        self._fail("get_shard_iterator")
        if start["ShardIteratorType"] == "TRIM_HORIZON":
            return {"ShardIterator": f"{self.trimmed}"}
        if int(start["SequenceNumber"]) < self.trimmed:
            raise ClientError({"Error": {"Code": "TrimmedDataAccessException"}}, "")
        return {"ShardIterator": start["SequenceNumber"]}

    def get_records(self, *, ShardIterator: str, Limit: int) -> Any:  # noqa: N803
        self._fail("get_records")
        start = int(ShardIterator)
        page = self.records[start : start + min(Limit, PAGE)]
        return {"Records": page, "NextShardIterator": f"{start + len(page)}"}


class Tally:
    """The function: what it was handed, and how often it is still to fail."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.closed = 0
        self.failures = 0
        self.batches = 0

    def __call__(self, event: Mapping[str, Any], _: object) -> None:
        self.batches += 1
        if self.failures:
            self.failures -= 1
            raise RuntimeError
        self.taken += [int(each["dynamodb"]["SequenceNumber"]) for each in event["Records"]]
        self.closed += event["isFinalInvokeForWindow"]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(stream_pump, "time", time)
    return time


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(boto3, "client", lambda *_, **__: engine)
    return engine


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    tally = Tally()
    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, tally))
    return tally


Trim = Callable[[str, int], None]


@pytest.fixture
def pump(template: Template, engine: Engine, tally: Tally, state: State, time: Time) -> StreamPump:
    assert not engine.records
    assert not tally.taken
    assert not time.seconds
    return started(template, state)


def started(template: Template, state: State, trim: Trim | None = lambda *_: None) -> StreamPump:
    return StreamPump(template, Positions(state), trim=trim, died=pytest.fail)


def rounds(pump: StreamPump, number: int = 1) -> None:
    """Have the pump go on until it waits, so many times."""
    for _ in range(number):
        while pump.run_round() == 0:
            pass


def test_records_are_handed_over_once_and_in_order(
    pump: StreamPump, engine: Engine, tally: Tally
) -> None:
    for number in (1, 0, 5):
        engine.write(number)
        rounds(pump, 2)
    assert tally.taken == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__ + str(error)[-40:])
@pytest.mark.parametrize("before", [0, 3])
def test_whatever_the_engine_answers_the_pump_reads_on_from_where_it_was(
    pump: StreamPump, engine: Engine, tally: Tally, call: str, error: Exception, before: int
) -> None:
    engine.write(before)
    rounds(pump, 2 if before else 0)
    engine.write(3)
    engine.failures[call] += [error] * 3
    if before and call in ("describe_table", "get_shard_iterator"):
        # It asks for these again only once it has lost its place.
        engine.failures["get_records"].append(ERRORS[0])
    rounds(pump, 5)
    assert tally.taken == list(range(1, before + 4))


def test_a_batch_that_fails_comes_again_and_nothing_overtakes_it(
    pump: StreamPump, engine: Engine, tally: Tally
) -> None:
    engine.write(3)
    tally.failures = 4
    rounds(pump, 4)
    assert tally.taken == []
    engine.write(2)
    rounds(pump)
    assert tally.taken == [1, 2, 3, 4, 5]


def test_another_start_goes_on_after_what_was_handed_over(
    template: Template, pump: StreamPump, engine: Engine, tally: Tally, state: State
) -> None:
    engine.write(3)
    rounds(pump)
    engine.write(2)
    rounds(started(template, state))
    assert tally.taken == [1, 2, 3, 4, 5]
    rounds(started(template, state, trim=None))  # another engine, with numbers of its own
    assert tally.taken[5:] == [1, 2, 3, 4, 5]


def test_what_was_trimmed_is_passed_over(pump: StreamPump, engine: Engine, tally: Tally) -> None:
    engine.write(1)
    rounds(pump)
    engine.write(4)
    engine.trimmed = 3
    engine.failures["get_records"].append(ERRORS[0])
    rounds(pump, 2)
    assert tally.taken == [1, 4, 5]


def test_what_is_no_view_is_not_handed_over_and_not_read_again(
    pump: StreamPump, engine: Engine, tally: Tally, state: State
) -> None:
    engine.write(3, event="REMOVE")
    rounds(pump)
    assert tally.batches == 0
    assert Positions(state).all() == {"shard": "3"}


def test_a_window_is_closed_when_it_is_over_and_again_where_that_failed(
    pump: StreamPump, engine: Engine, tally: Tally, time: Time
) -> None:
    engine.write()
    rounds(pump)
    time.seconds = 899
    rounds(pump)
    assert tally.closed == 0
    time.seconds = 900
    tally.failures = 2
    rounds(pump, 2)
    assert tally.closed == 0
    rounds(pump, 3)
    assert tally.closed == 1
    engine.write()
    rounds(pump)
    time.seconds = 900_000  # after sleep
    rounds(pump, 3)
    assert tally.closed == 2


def test_what_was_handed_over_is_trimmed_when_a_window_is_closed(
    template: Template, engine: Engine, tally: Tally, state: State, time: Time
) -> None:
    trimmed: list[tuple[str, int]] = []
    pump = started(template, state, lambda *through: trimmed.append(through))
    engine.write(3)
    rounds(pump)
    time.seconds = 899
    rounds(pump)
    assert trimmed == []
    time.seconds = 900
    rounds(pump)
    assert (tally.closed, trimmed) == (1, [("Ledger", 3)])


def test_the_end_hands_over_what_would_be_gone_with_the_engine(
    template: Template, engine: Engine, tally: Tally, state: State
) -> None:
    pump = started(template, state, trim=None)
    engine.write(3)
    pump.finish()
    assert (tally.taken, tally.closed) == ([1, 2, 3], 1)


def test_the_end_waits_for_nothing_that_stays_in_the_stream(
    template: Template, pump: StreamPump, engine: Engine, tally: Tally, state: State
) -> None:
    engine.write(3)
    pump.finish()
    assert (tally.batches, tally.taken) == (0, [])
    rounds(started(template, state))
    assert tally.taken == [1, 2, 3]


def test_a_window_is_closed_though_records_never_cease(
    pump: StreamPump, engine: Engine, tally: Tally, time: Time
) -> None:
    for _ in range(10):
        engine.write(PAGE + 1)
        time.seconds += 900
        pump.run_round()
    assert tally.closed


@pytest.mark.parametrize(
    "error",
    [*ERRORS, OSError("no disk")],
    ids=lambda error: type(error).__name__ + str(error)[-40:],
)
def test_the_end_comes_though_the_engine_fails(
    template: Template, state: State, engine: Engine, error: Exception
) -> None:
    pump = started(template, state, trim=None)
    engine.write(3)
    engine.failures["get_records"].append(error)
    pump.finish()
