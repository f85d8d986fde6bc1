"""The tables in memory answer the SDK as moto does, and refuse what it refuses."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from circulation.runtime import Container
from circulation_cli.local_stack.template import Template
from tests.dynamodb_wire import DynamoDBWire

KEY = {"pk": {"S": "ARTICLE#a"}, "sk": {"S": "DAY#2026-03-14"}}
OTHER = {"pk": {"S": "ARTICLE#a"}, "sk": {"S": "DAY#2026-03-15"}}
ONE, NAMED = {":one": {"N": "1"}}, {"#views": "views"}
LIBRARY = {"TableName": "Library"}
UPDATE = {**LIBRARY, "Key": KEY, "ReturnValues": "UPDATED_NEW"}
COUNTED: dict[str, Any] = {
    **UPDATE,
    "UpdateExpression": "ADD #views :one SET seal = :hash, hosts = :hosts",
    "ExpressionAttributeNames": NAMED,
    "ExpressionAttributeValues": {
        **ONE,
        ":hash": {"B": b"\x00\xff"},
        ":hosts": {"BS": [b"\x01", b"\x02"]},
    },
}
CHANGED = {":one": {"N": "2"}, ":hash": {"B": b"\x01"}, ":hosts": {"BS": [b"\x03"]}}
QUERY: dict[str, Any] = {
    **LIBRARY,
    "KeyConditionExpression": "pk = :pk",
    "ExpressionAttributeValues": {":pk": KEY["pk"]},
}
NEVER = {
    "ConditionExpression": "attribute_not_exists(pk)",
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}
DONE: list[tuple[str, dict[str, Any]]] = [
    ("get_item", {**LIBRARY, "Key": KEY}),
    ("get_item", {**LIBRARY, "Key": OTHER}),
    ("batch_get_item", {"RequestItems": {"Library": {"Keys": [KEY, OTHER]}}}),
    ("query", QUERY),
    ("query", {**QUERY, "Select": "COUNT", "Limit": 1}),
    (
        "query",
        {**QUERY, "ProjectionExpression": "#views", "ExpressionAttributeNames": NAMED},
    ),
    ("update_item", {**COUNTED, "ExpressionAttributeValues": CHANGED}),
    ("update_item", {**COUNTED, "ReturnValues": "ALL_NEW"}),
    ("delete_item", {**LIBRARY, "Key": KEY}),
    ("scan", LIBRARY),
    (
        "transact_write_items",
        {"TransactItems": [{"Put": {**LIBRARY, "Item": {**OTHER, "views": {"N": "2"}}}}]},
    ),
]
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("update_item", {**COUNTED, **NEVER}),
    ("delete_item", {**LIBRARY, "Key": KEY, "ConditionExpression": NEVER["ConditionExpression"]}),
    (
        "transact_write_items",
        {
            "TransactItems": [
                {"Put": {**LIBRARY, "Item": OTHER}},
                {
                    "Put": {
                        **LIBRARY,
                        "Item": KEY,
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                },
            ]
        },
    ),
    ("get_item", {"TableName": "Nowhere", "Key": KEY}),
    ("get_item", {**LIBRARY, "Key": {"pk": KEY["pk"]}}),
    ("update_item", {**COUNTED, "Key": {**KEY, "more": KEY["sk"]}}),
    ("batch_get_item", {"RequestItems": {"Library": {"Keys": [KEY, KEY]}}}),
    (
        "update_item",
        {
            **UPDATE,
            "UpdateExpression": "SET names = :none",
            "ExpressionAttributeValues": {":none": {"SS": []}},
        },
    ),
    ("update_item", {**COUNTED, "ExpressionAttributeNames": {**NAMED, "#unused": "unused"}}),
    (
        "update_item",
        {**UPDATE, "UpdateExpression": "SET seal = :two", "ExpressionAttributeValues": ONE},
    ),
    (
        "update_item",
        {**UPDATE, "UpdateExpression": "SET hour = :one", "ExpressionAttributeValues": ONE},
    ),
    (
        "update_item",
        {
            **UPDATE,
            "UpdateExpression": "SET text = :text",
            "ExpressionAttributeValues": {":text": {"S": "x" * 410_000}},
        },
    ),
]


@pytest.fixture
def store(store_on_moto: Container) -> Container:
    """The store on moto, whose calls are all the SDK's."""
    return store_on_moto


def answered(store: Container, method: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make a call where there is an item; give what it is answered, or the error's code."""
    call: Any = getattr(store.client, method)
    store.client.update_item(**COUNTED)
    try:
        answer: dict[str, Any] = call(**request)
    except ClientError as error:
        wrong: Any = error.response
        reasons = [reason["Code"] for reason in wrong.get("CancellationReasons", ())]
        return {"code": wrong["Error"]["Code"], "reasons": reasons, "item": wrong.get("Item")}
    told = {"Attributes", "Count", "Item", "Items", "Responses", "UnprocessedKeys"}
    return {name: value for name, value in answer.items() if name in told}


def both(
    store: Container, template: Template, method: str, request: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    on_moto = answered(store, method, request)
    wire = DynamoDBWire(template)
    store.client.meta.events.register_first("before-send.dynamodb.*", wire.answer)
    return answered(store, method, request), on_moto


@pytest.mark.parametrize(("method", "asked"), DONE)
def test_a_call_is_answered_as_by_moto(
    store: Container, template: Template, method: str, asked: dict[str, Any]
) -> None:
    in_memory, on_moto = both(store, template, method, asked)
    assert in_memory == on_moto
    assert "code" not in on_moto


@pytest.mark.parametrize(("method", "asked"), REFUSED)
def test_a_call_is_refused_as_by_moto(
    store: Container, template: Template, method: str, asked: dict[str, Any]
) -> None:
    in_memory, on_moto = both(store, template, method, asked)
    assert in_memory == on_moto
    assert on_moto["code"]


def test_a_key_without_text_is_refused(store: Container, template: Template) -> None:
    """By DynamoDB and in memory, though not by moto."""
    wire = DynamoDBWire(template)
    store.client.meta.events.register_first("before-send.dynamodb.*", wire.answer)
    with pytest.raises(ClientError, match="ValidationException"):
        store.client.update_item(**COUNTED | {"Key": {**KEY, "sk": {"S": ""}}})
