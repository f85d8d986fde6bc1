"""Both roads to a real engine: the same calls, made by the SDK and without it, end alike."""

import os
import random
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import boto3
import pytest
from botocore.config import Config

from circulation.aws.direct_client import DirectClient
from circulation.aws.table import Change, ConditionFailed, Table
from circulation_cli.local_stack.dynoxide import Binary, dynoxide
from circulation_cli.serve import BINARIES

SEED = 20_261_128
ROUNDS = 300
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state, binary = tmp_path_factory.mktemp("state"), Binary.for_this_machine()
    assert binary
    with (
        (state / "lock").open("w") as lock,
        dynoxide(binary.fetch(BINARIES, os.environ), state, os.environ, lock.fileno()) as url,
    ):
        yield url


def no_sdk() -> Any:
    raise AssertionError("the engine gave no plain answer")


@pytest.fixture
def roads(engine: str) -> Iterator[tuple[Table, Table]]:
    """A table that the SDK calls, and one of the same form that is called without it."""
    sdk = boto3.client(
        "dynamodb",
        endpoint_url=engine,
        region_name="eu-central-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(parameter_validation=False),
    )
    for name in ("BySdk", "Direct"):
        sdk.create_table(
            TableName=name,
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
    direct: Any = DirectClient(engine, ENVIRONMENT, no_sdk)
    yield Table(sdk, "BySdk"), Table(direct, "Direct")
    direct.close()
    for name in ("BySdk", "Direct"):
        sdk.delete_table(TableName=name)


def outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except ConditionFailed as error:
        return "refused", error.item


def value_of(dice: random.Random) -> Any:
    text = "".join(dice.choices('aä€😀"\\\n\0 ', k=dice.randint(0, 9)))
    numbers = dice.randint(-(10**20), 10**20)
    bits = dice.randbytes(dice.randint(1, 40))
    plain = [text, numbers, bits, True, False]
    return dice.choice([*plain, plain, {"a": text, "b": plain}, {text + "x", "y"}, {bits, b"\0"}])


def call_of(dice: random.Random) -> Callable[[Table], Any]:
    keys = [{"pk": f"p{number % 3}", "sk": f"ß{number:02}"} for number in range(24)]
    key = dice.choice(keys)
    match dice.choice(["update", "update", "conditional", "add", "get", "many", "query"]):
        case "update":
            change = Change.setting({"v": value_of(dice), "größe": value_of(dice)})
            whole = dice.random() < 0.5
            return lambda table: table.update(key, change, whole=whole)
        case "conditional":
            number = dice.randint(0, 5)
            change = Change.setting({"n": number}, condition="attribute_not_exists(n) OR n < :set0")
            return lambda table: table.update(key, change)
        case "add":
            change = Change("ADD #sum :one", names={"#sum": "sum"}, values={":one": 1})
            return lambda table: table.update(key, change)
        case "get":
            return lambda table: table.get(key, consistent=True)
        case "many":
            some = dice.sample(keys, dice.randint(1, len(keys)))
            return lambda table: sorted(
                table.get_many(some, consistent=True), key=itemgetter("pk", "sk")
            )
    limit, descending = dice.choice([None, 1, 3]), dice.random() < 0.5
    bounds: dict[str, Any] = dice.choice(
        [{}, {"before": key["sk"]}, {"after": key["sk"]}, {"only": ("sk", "v")}]
    )
    return lambda table: list(
        table.query(
            key["pk"], limit=limit, descending=descending, consistent=True, **bounds
        )
    )  # fmt: skip


def test_the_same_calls_end_alike_on_both_roads(roads: tuple[Table, Table]) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown when the test fails
    dice = random.Random(SEED)  # noqa: S311  chance that can be repeated
    by_sdk, direct = roads
    refused = 0
    for _ in range(ROUNDS):
        call = call_of(dice)
        expected, found = (outcome(lambda: call(table)) for table in (by_sdk, direct))  # noqa: B023
        assert found == expected
        refused += isinstance(found, tuple)
    assert refused
    assert list(direct.query("p1")) == list(by_sdk.query("p1")) != []
