"""The stream pump: what an event source mapping with a tumbling window does, for one stream."""

import json
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from cli.local_stack.function import FunctionFailed
from cli.local_stack.template import Template

POLL_SECONDS = 0.2
RETRY_SECONDS = 1.0


class StreamPump:
    """Reads the shards of a table's stream and hands each one's records to a function, in order.

    A batch that fails comes again until it is taken. The emulator forgets its stream when it stops
    and may number the next one from the start, so shards are named for this run alone.
    """

    def __init__(self, template: Template) -> None:
        ((function, mapping),) = template.events("DynamoDB")
        self._function = template.function(function)
        self._table = mapping["Stream"]["Fn::GetAtt"][0]
        self._window = timedelta(seconds=mapping["TumblingWindowInSeconds"])
        self._names = {
            name
            for each in mapping["FilterCriteria"]["Filters"]
            for name in json.loads(each["Pattern"])["eventName"]
        }
        self._run = uuid.uuid4().hex[:8]
        self._client = boto3.client("dynamodbstreams")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._pump, name="stream pump")

    def start(self) -> None:
        """Begin at the oldest record there is."""
        self._thread.start()

    def stop(self) -> None:
        """Hand over what is in the stream, close the windows, and end."""
        self._stopping.set()
        self._thread.join()

    def _pump(self) -> None:
        arn = boto3.client("dynamodb").describe_table(TableName=self._table)["Table"][
            "LatestStreamArn"
        ]
        iterators: dict[str, str] = {}
        ended: set[str] = set()
        windows: dict[str, datetime] = {}
        while True:
            last_round = self._stopping.is_set()
            for shard in self._shards(arn):
                if shard not in iterators and shard not in ended:
                    iterators[shard] = self._client.get_shard_iterator(
                        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
                    )["ShardIterator"]
            for shard, iterator in list(iterators.items()):
                following = self._drain(arn, shard, iterator, windows)
                if following:
                    iterators[shard] = following
                else:
                    ended.add(shard)
                    del iterators[shard]
            for shard in list(windows):
                if last_round or datetime.now(UTC) >= windows[shard] + self._window:
                    self._deliver(arn, shard, [], windows.pop(shard), final=True)
            if last_round:
                return
            self._stopping.wait(POLL_SECONDS)

    def _shards(self, arn: str) -> list[str]:
        shards = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        return [each["ShardId"] for each in shards]

    def _drain(
        self, arn: str, shard: str, iterator: str | None, windows: dict[str, datetime]
    ) -> str | None:
        """Hand over a shard's records until there are no more; answer with where to go on."""
        while iterator:
            got = self._client.get_records(ShardIterator=iterator)
            iterator = got.get("NextShardIterator")
            if not got["Records"]:
                break
            records = [_record(each) for each in got["Records"] if each["eventName"] in self._names]
            if records:
                start = windows.setdefault(shard, datetime.now(UTC))
                self._deliver(arn, shard, records, start, final=False)
        return iterator

    def _deliver(
        self, arn: str, shard: str, records: list[Any], start: datetime, *, final: bool
    ) -> None:
        event = {
            "Records": records,
            "shardId": f"{shard}-{self._run}",
            "eventSourceARN": arn,
            "window": {"start": start.isoformat(), "end": (start + self._window).isoformat()},
            "state": {},
            "isFinalInvokeForWindow": final,
            "isWindowTerminatedEarly": False,
        }
        while True:
            try:
                self._function.invoke(event)
            except FunctionFailed:
                # As with unlimited retries, the batch comes again.
                if self._stopping.wait(RETRY_SECONDS):
                    return  # the next start recounts
            else:
                return


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Write a record as Lambda has it: its time is in seconds."""
    change = dict(record["dynamodb"])
    if "ApproximateCreationDateTime" in change:
        change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
    return {**record, "dynamodb": change}
