"""The stream pump: does what an event source mapping with a tumbling window does for a stream."""

import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from circulation_cli.local_stack.function import FunctionFailed
from circulation_cli.local_stack.state import State
from circulation_cli.local_stack.template import Template
from circulation_cli.local_stack.workers import Worker

BATCH = 200
"""Records in one event, after which the pump can be stopped."""
POLL_SECONDS = 0.2
RETRY_SECONDS = 1.0
"""How long after a failure the next attempt is."""

_ENGINE_ERRORS = (BotoCoreError, ClientError, ResponseParserError)
_TRIMMED = "TrimmedDataAccessException"

_log = logging.getLogger(__name__)


class Positions:
    """The last delivered record of each shard, by the shard's id, stored across restarts."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, shard: str) -> str | None:
        """Give the sequence number of a shard's last delivered record; None before the first."""
        with self._state.transaction() as database:
            row = database.execute(
                "SELECT sequence_number FROM positions WHERE shard = ?", [shard]
            ).fetchone()
        return row[0] if row else None

    def move(self, shard: str, sequence_number: str) -> None:
        """Store that a shard was delivered up to a sequence number."""
        with self._state.transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO positions VALUES (?, ?)", [shard, sequence_number]
            )

    def all(self) -> dict[str, str]:
        """Give every shard's position."""
        with self._state.transaction() as database:
            return dict(database.execute("SELECT shard, sequence_number FROM positions"))

    def forget(self) -> None:
        """Delete all positions, for a stream that starts anew."""
        with self._state.transaction() as database:
            database.execute("DELETE FROM positions")


class StreamPump:
    """Reads the shards of a table's stream and invokes a function with their records, in order.

    A batch is repeated until the function succeeds, and no error of the engine ends the pump: it
    continues after the last delivered record, as Lambda's mapping does.

    `trim`, a function of the table's name and the last delivered sequence number, deletes records
    of a stream that is stored, once in a window. Shards of such a stream keep their names, as the
    pages' marks need. It is None for an engine that does not store its stream, and numbers
    records anew after a start: shards then have names for this run alone.
    """

    def __init__(
        self,
        template: Template,
        positions: Positions,
        *,
        trim: Callable[[str, int], None] | None,
        died: Callable[[str], None],
    ) -> None:
        ((function, mapping),) = template.active_events("DynamoDB")
        self._function = template.function(function)
        self._table = mapping["Stream"]["Fn::GetAtt"][0]
        self._window = timedelta(seconds=mapping["TumblingWindowInSeconds"])
        self._names = {
            name
            for event_filter in mapping["FilterCriteria"]["Filters"]
            for name in json.loads(event_filter["Pattern"])["eventName"]
        }
        self._positions = positions
        self._trim = trim
        self._suffix = ""
        if trim is None:
            self._suffix = f"-{uuid.uuid4().hex[:8]}"
            positions.forget()
        # The engine's shard ids are shorter than botocore's model allows.
        self._client = boto3.client("dynamodbstreams", config=Config(parameter_validation=False))
        self._stream = cache(self._latest_stream)
        self._iterators: dict[str, str] = {}
        self._windows: dict[str, float] = {}
        self.worker = Worker("stream pump", self.run_round, died=died)

    def finish(self) -> None:
        """Deliver the rest of a stream that is not stored, after the worker has ended.

        The rest of a stored stream is delivered after the next start.
        """
        if self._trim:
            return
        try:
            while self._pass_on():
                pass
            for shard in list(self._windows):
                self._close_window(shard)
        except Exception as error:  # noqa: BLE001  perhaps the one that ended the worker
            _log.warning("the rest of the stream is lost: %s", error)

    def run_round(self) -> float:
        """Deliver the changes of the tables; give the seconds until the next round."""
        try:
            more = self._pass_on()
            for shard, opened in list(self._windows.items()):
                if time.monotonic() >= opened + self._window.total_seconds():
                    self._close_window(shard)
        except _ENGINE_ERRORS as error:
            # An iterator expired while the machine slept, or the engine is busy.
            _log.warning("the stream is read again from where it was: %s", error)
            self._iterators.clear()
            return RETRY_SECONDS
        except FunctionFailed:
            # The batch is repeated, as with unlimited retries.
            self._iterators.clear()
            return RETRY_SECONDS
        return 0.0 if more else POLL_SECONDS

    def _pass_on(self) -> bool:
        """Deliver each shard's next records; tell whether there were any."""
        arn = self._stream()
        more = False
        for shard in self._shards(arn):
            iterator = self._iterators.get(shard) or self._iterator(arn, shard)
            answer = self._client.get_records(ShardIterator=iterator, Limit=BATCH)
            if answer["Records"]:
                self._hand_over(arn, shard, answer["Records"])
                iterator = answer["NextShardIterator"]
                more = True
            self._iterators[shard] = iterator
        return more

    def _latest_stream(self) -> str:
        table = boto3.client("dynamodb").describe_table(TableName=self._table)["Table"]
        return str(table["LatestStreamArn"])

    def _shards(self, arn: str) -> list[str]:
        description = self._client.describe_stream(StreamArn=arn)["StreamDescription"]
        return [shard["ShardId"] for shard in description["Shards"]]

    def _iterator(self, arn: str, shard: str) -> str:
        position = self._positions.of(shard)
        if position:
            after = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": position}
            try:
                return self._iterator_from(arn, shard, after)
            except ClientError as error:
                if error.response["Error"]["Code"] != _TRIMMED:
                    raise
        # Delivered records may be repeated: the pages' marks drop them.
        return self._iterator_from(arn, shard, {"ShardIteratorType": "TRIM_HORIZON"})

    def _iterator_from(self, arn: str, shard: str, start: Mapping[str, str]) -> str:
        answer = self._client.get_shard_iterator(StreamArn=arn, ShardId=shard, **start)
        return str(answer["ShardIterator"])

    def _hand_over(self, arn: str, shard: str, records: list[Any]) -> None:
        chosen = [_record(record) for record in records if record["eventName"] in self._names]
        if chosen:
            self._windows.setdefault(shard, time.monotonic())
            self._deliver(arn, shard, chosen, final=False)
        self._positions.move(shard, records[-1]["dynamodb"]["SequenceNumber"])

    def _close_window(self, shard: str) -> None:
        self._deliver(self._stream(), shard, [], final=True)
        del self._windows[shard]
        if self._trim and (position := self._positions.of(shard)):
            self._trim(self._table, int(position))

    def _deliver(self, arn: str, shard: str, records: list[Any], *, final: bool) -> None:
        start = datetime.now(UTC)
        event = {
            "Records": records,
            "shardId": f"{shard}{self._suffix}",
            "eventSourceARN": arn,
            "window": {"start": start.isoformat(), "end": (start + self._window).isoformat()},
            "state": {},
            "isFinalInvokeForWindow": final,
            "isWindowTerminatedEarly": False,
        }
        self._function.invoke(event)


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Write a record as in Lambda's events, with its time in seconds since 1970."""
    change = dict(record["dynamodb"])
    if "ApproximateCreationDateTime" in change:
        change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
    return {**record, "dynamodb": change}
