"""The tests' own tables: what one test writes, no other finds."""

import boto3
import pytest

from circulation.counting.counts import Total
from circulation.popularity.memory import ClosedDay
from circulation.runtime import Container, container
from circulation_cli.local_stack.template import Template
from tests.conftest import EmptyResources


@pytest.fixture
def store(store_on_moto: Container) -> Container:
    """The store on moto, where the queues are, and the tables for half of these tests."""
    return store_on_moto


def contents() -> dict[str, int]:
    """Count what is in each table, and wait in each queue, that there is."""
    dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
    return {
        **{
            name: dynamodb.scan(TableName=name)["Count"]
            for name in dynamodb.list_tables()["TableNames"]
        },
        **{
            url.rpartition("/")[2]: len(sqs.receive_message(QueueUrl=url).get("Messages", []))
            for url in sqs.list_queues()["QueueUrls"]
        },
    }


def fill(resources: EmptyResources) -> None:
    """Write to every table and queue, and make one more of each."""
    dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
    for name, table in resources.tables.items():
        key = {part["AttributeName"]: {"S": "left"} for part in table.schema}
        dynamodb.put_item(TableName=name, Item=key)
    for url in resources.queues.values():
        sqs.send_message(QueueUrl=url, MessageBody="left")
    dynamodb.create_table(
        TableName="More",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    sqs.create_queue(QueueName="more")


@pytest.mark.parametrize("turn", range(2))
def test_each_test_starts_from_the_templates_tables_and_queues_with_nothing_in_them(
    turn: int,  # noqa: ARG001  whichever comes second would find what the first leaves
    store: Container,
    template: Template,
    empty_resources: EmptyResources,
) -> None:
    assert container() is store
    assert container().memory.days == {}
    made = [
        *template.resources("AWS::DynamoDB::Table"),
        *template.resources("AWS::SQS::Queue"),
    ]
    assert contents() == dict.fromkeys(made, 0)
    fill(empty_resources)
    container().memory.days["2026-03-14"] = ClosedDay({}, Total(0, 0))
    assert contents() == {**dict.fromkeys(made, 1), "More": 0, "more": 0}


def test_a_reset_leaves_nothing_but_empty_tables_and_queues(
    store: Container, empty_resources: EmptyResources
) -> None:
    before = contents()
    fill(empty_resources)
    empty_resources.reset()
    assert contents() == before
    assert list(store.library_table.scan()) == []


def test_the_tables_keep_what_the_template_says_of_them(
    store: Container, empty_resources: EmptyResources, template: Template
) -> None:
    assert store
    dynamodb = boto3.client("dynamodb")
    for _ in range(2):
        for name, properties in template.resources("AWS::DynamoDB::Table").items():
            table = dynamodb.describe_table(TableName=name)["Table"]
            assert table["KeySchema"] == properties["KeySchema"]
            stream = properties.get("StreamSpecification", {})
            assert table.get("StreamSpecification", {}).get("StreamViewType") == stream.get(
                "StreamViewType"
            )
            ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            specified = properties.get("TimeToLiveSpecification", {})
            assert ttl.get("AttributeName") == specified.get("AttributeName")
        empty_resources.reset()
