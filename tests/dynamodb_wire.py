"""The tables in memory where DynamoDB's endpoint stands: behind the SDK's own client.

A call takes a tenth of the time that it takes in moto, and is refused as there for what the
template or the words of an expression make an error. That both, and DynamoDB's engine, do the same
with what is not refused is tested where the calls are: in tests/integration, each of which runs on
moto and on these, and in tests/simulation.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ClientError
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from circulation_cli.local_stack.template import Template
from tests.dynamodb_json import read_content, refusal, write_content
from tests.memory_store import metered_tables
from tests.simulation.dynamodb import DynamoDB

_EXPRESSIONS = (
    "ConditionExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
_FUNCTIONS = {"attribute_exists", "attribute_not_exists", "contains", "if_not_exists", "size"}
_SYNTAX = {"ADD", "AND", "BETWEEN", "DELETE", "NOT", "OR", "REMOVE", "SET"}
_METHODS = {
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "DeleteItem": "delete_item",
    "GetItem": "get_item",
    "Query": "query",
    "Scan": "scan",
    "TransactWriteItems": "transact_write_items",
    "UpdateItem": "update_item",
}


class DynamoDBWire:
    """Answers the requests of clients, as a hook of theirs, from tables in memory.

    Unlike DynamoDB, it never fails.
    """

    def __init__(self, template: Template) -> None:
        self._keys = {
            name: {part["AttributeName"] for part in table["KeySchema"]}
            for name, table in template.resources("AWS::DynamoDB::Table").items()
        }
        self._tables = metered_tables()
        self._lock = Lock()

    def empty(self) -> None:
        """Forget every item."""
        self._tables = metered_tables()

    def answer(self, request: AWSPreparedRequest, **_event: object) -> AWSResponse:
        """Answer a request before it is sent (the SDK's event before-send)."""
        operation = request.headers["X-Amz-Target"]
        name = (operation.decode() if isinstance(operation, bytes) else operation).partition(".")[2]
        try:
            with self._lock:
                status, content = 200, self._done(self._tables, name, read_content(request.body))
        except ClientError as error:
            status, content = 400, refusal(error.response)
        headers = {"date": format_datetime(datetime.now(UTC), usegmt=True)}
        return AWSResponse(request.url, status, headers, _Raw(write_content(content)))

    def _done(self, tables: DynamoDB, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        if name == "DescribeTable":
            return {"Table": {"TableName": asked["TableName"]}}
        for table, part in _parts(name, asked):
            self._check(name, table, part)
        if name == "PutItem":
            return tables.transact_write_items(TransactItems=[{"Put": asked}])
        before = tables.read_units + tables.write_units
        answer: dict[str, Any] = getattr(tables, _METHODS[name])(**asked)
        if "ReturnConsumedCapacity" in asked:
            units = tables.read_units + tables.write_units - before
            answer["ConsumedCapacity"] = {"TableName": asked["TableName"], "CapacityUnits": units}
        if name == "Query" and "ProjectionExpression" in asked:
            only = _attributes(asked["ProjectionExpression"], asked)
            answer["Items"] = [_only(item, only) for item in answer["Items"]]
        if name in ("Query", "Scan"):
            answer["Count"] = answer.get("Count", len(answer.get("Items", ())))
        if name == "UpdateItem" and asked.get("ReturnValues") == "UPDATED_NEW":
            changed = _attributes(asked["UpdateExpression"], asked)
            answer["Attributes"] = _only(answer["Attributes"], changed)
        return answer

    def _check(self, name: str, table: str, part: Mapping[str, Any]) -> None:
        """Refuse what DynamoDB does: see the errors of each call in its API reference."""
        if table not in self._keys:
            raise ClientError(_error("ResourceNotFoundException", table), name)
        keys = [part["Key"]] if "Key" in part else part.get("Keys", [])
        wrong = [key for key in keys if set(key) != self._keys[table]]
        named = [*keys, part["Item"]] if "Item" in part else keys
        wrong += [item for item in named if not _has(item, self._keys[table])]
        wrong += filter(_is_empty_set, _values(part))
        wrong += _wrong_expressions(part)
        if wrong:
            raise ClientError(_error("ValidationException", f"{wrong}"), name)


def _has(item: Mapping[str, Any], key: set[str]) -> bool:
    """Tell whether an item has its key, which is of texts that are not empty."""
    return all(item.get(attribute, {}).get("S") for attribute in key)


def _values(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from part.get("Item", {}).values()
    yield from part.get("ExpressionAttributeValues", {}).values()


def _is_empty_set(value: Mapping[str, Any]) -> bool:
    return value.get("SS") == [] or value.get("BS") == []


def _wrong_expressions(part: Mapping[str, Any]) -> list[Any]:
    """Give the placeholders that are not both told and used, and what is reserved or empty."""
    expressions = [part[name] for name in _EXPRESSIONS if name in part]
    told = [
        part[name]
        for name in ("ExpressionAttributeNames", "ExpressionAttributeValues")
        if name in part
    ]
    used = set[str]().union(*map(_placeholders, expressions))
    reserved = set[str]().union(*map(_reserved, expressions))
    empty = [value for value in (*expressions, *told) if not value]
    return [*(used ^ set[str]().union(*told)), *reserved, *empty]


def _parts(name: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give each part of a request that has expressions, keys or an item, with its table."""
    match name:
        case "TransactWriteItems":
            for action in asked["TransactItems"]:
                ((_, part),) = action.items()
                yield part["TableName"], part
        case "BatchGetItem":
            yield from asked["RequestItems"].items()
        case "BatchWriteItem":
            for table, writes in asked["RequestItems"].items():
                for write in writes:
                    yield table, write["PutRequest"]
        case _:
            yield asked["TableName"], asked


@cache
def _placeholders(expression: str) -> frozenset[str]:
    return frozenset(re.findall(r"[#:]\w+", expression))


@cache
def _reserved(expression: str) -> frozenset[str]:
    """Give the words of an expression that are no names there (Developer Guide: Reserved words)."""
    words = set(re.findall(r"(?<![#:\w])[A-Za-z]\w*", expression)) - _FUNCTIONS - _SYNTAX
    return frozenset(word for word in words if word.upper() in _reserved_words())


@cache
def _reserved_words() -> frozenset[str]:
    return frozenset(ReservedKeywords.get_reserved_keywords())


def _attributes(expression: str, asked: Mapping[str, Any]) -> set[str]:
    """Give the names of the attributes in an expression."""
    names = asked.get("ExpressionAttributeNames", {})
    return {names.get(word, word) for word in re.findall(r"#?\w+", expression)}


def _only(item: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name in names}


def _error(code: str, why: str) -> Any:
    return {"Error": {"Code": code, "Message": why}}


class _Raw(BytesIO):
    """A body as botocore reads it, in one piece."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()
