"""The engine itself: what the local stack takes for granted of it."""

import base64
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from circulation_cli.local_stack.child import EngineError
from circulation_cli.local_stack.dynoxide import DATABASE, Binary, dynoxide, trim_stream
from circulation_cli.serve import BINARIES

BINARY = Binary.for_this_machine()


class Engine:
    """The engine on a state directory, to stop and start."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self._lock = (state / "lock").open("w")
        self._stack = ExitStack()

    def start(self) -> None:
        assert BINARY
        binary = BINARY.fetch(BINARIES, os.environ)
        self.url = self._stack.enter_context(
            dynoxide(binary, self.state, os.environ, self._lock.fileno())
        )

    def stop(self) -> None:
        self._stack.close()

    def close(self) -> None:
        self.stop()
        self._lock.close()

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="eu-central-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(parameter_validation=False),
        )

    def make_table(self) -> None:
        self.client("dynamodb").create_table(
            TableName="Ledger",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )

    def put(self, *keys: int) -> None:
        for key in keys:
            self.client("dynamodb").put_item(TableName="Ledger", Item={"pk": {"S": f"{key}"}})

    def numbers(self) -> list[int]:
        """Give the sequence numbers of all records of the stream."""
        arn = self.client("dynamodb").describe_table(TableName="Ledger")["Table"]["LatestStreamArn"]
        streams = self.client("dynamodbstreams")
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records = streams.get_records(ShardIterator=iterator)["Records"]
        return [int(record["dynamodb"]["SequenceNumber"]) for record in records]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path)
    engine.start()
    engine.make_table()
    yield engine
    engine.close()


def test_items_and_stream_survive_a_restart_and_numbers_go_on(engine: Engine) -> None:
    engine.put(*range(3))
    engine.stop()
    engine.start()
    engine.put(*range(3, 5))
    assert engine.numbers() == [1, 2, 3, 4, 5]
    assert engine.client("dynamodb").scan(TableName="Ledger")["Count"] == 5


def test_a_trimmed_stream_goes_on_with_higher_numbers(engine: Engine) -> None:
    engine.put(*range(4))
    engine.stop()
    trim_stream(engine.state, "Ledger", through=4)
    engine.start()
    engine.put(7)
    assert engine.numbers() == [4, 5]


def test_a_damaged_database_is_refused_and_left_as_it_is(engine: Engine) -> None:
    engine.put(1)
    engine.stop()
    database = engine.state / DATABASE
    damaged = b"\0" * 100 + database.read_bytes()[100:]
    database.write_bytes(damaged)
    with pytest.raises(EngineError, match="damaged"):
        engine.start()
    assert database.read_bytes() == damaged


def test_what_is_fetched_must_have_the_hash_that_is_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = Binary("@dynoxide/none", "0", "sha512-" + base64.b64encode(bytes(64)).decode())
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho another package > package.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="not the package it should be"):
        binary.fetch(tmp_path / "cache", {})
    assert not (tmp_path / "cache").exists()
