"""DynamoDB in memory: the calls that the store makes, with the same conditional semantics.

It stands below the store, where botocore's client stands: a call that fails is tried three times,
as that client is told to, and fails before it was done or after.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.simulation.expressions import Item, condition, update

ATTEMPTS = 3
Key = tuple[str, str]


class Fate(Enum):
    """What becomes of one attempt."""

    DONE = "done"
    REFUSED = "throttled"
    UNREACHED = "never sent, for want of a connection"
    BROKEN = "not done, for an error of the server's"
    LOST = "done, and its answer lost"
    BROKEN_AFTER = "done, and an error of the server's then"


NOT_DONE = (Fate.REFUSED, Fate.UNREACHED, Fate.BROKEN)


class ConditionalCheckFailed(ClientError):  # type: ignore[misc]  # noqa: N818
    """ConditionalCheckFailedException, with the item as it stands."""


class TransactionCanceled(ClientError):  # type: ignore[misc]  # noqa: N818
    """TransactionCanceledException, with a reason for each action."""


class DynamoDB:
    """Tables by name, each a dictionary of items by key.

    fate tells what becomes of each attempt; written hears of every item that was put or changed,
    as (table, key, before, after), within the call.
    """

    exceptions = SimpleNamespace(
        ConditionalCheckFailedException=ConditionalCheckFailed,
        TransactionCanceledException=TransactionCanceled,
    )

    def __init__(
        self,
        fate: Callable[[str], Fate],
        written: Callable[[str, Key, Item | None, Item], None],
    ) -> None:
        self.tables: dict[str, dict[Key, Item]] = {}
        self._partitions: dict[tuple[str, str], dict[str, Item]] = {}
        self._fate = fate
        self._written = written

    def get_item(self, **request: Any) -> dict[str, Any]:
        def get() -> dict[str, Any]:
            item = self.tables.get(request["TableName"], {}).get(_key(request["Key"]))
            return {"Item": item} if item else {}

        return self._tried("get_item", get)

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        def get() -> dict[str, Any]:
            ((table, told),) = request["RequestItems"].items()
            items = self.tables.get(table, {})
            found = [items[_key(key)] for key in told["Keys"] if _key(key) in items]
            return {"Responses": {table: found}, "UnprocessedKeys": {}}

        return self._tried("batch_get_item", get)

    def query(self, **request: Any) -> dict[str, Any]:
        def query() -> dict[str, Any]:
            assert request["KeyConditionExpression"] == "pk = :pk"
            partition = request["ExpressionAttributeValues"][":pk"]["S"]
            items = self._partitions.get((request["TableName"], partition), {})
            return {"Items": [items[each] for each in sorted(items)]}

        return self._tried("query", query)

    def scan(self, **request: Any) -> dict[str, Any]:
        return self._tried(
            "scan", lambda: {"Items": list(self.tables.get(request["TableName"], {}).values())}
        )

    def update_item(self, **request: Any) -> dict[str, Any]:
        def write() -> dict[str, Any]:
            return {"Attributes": self._update(request)}

        return self._tried("update_item", write)

    def delete_item(self, **request: Any) -> dict[str, Any]:
        def delete() -> dict[str, Any]:
            self._delete(request)
            return {}

        return self._tried("delete_item", delete)

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        def transact() -> dict[str, Any]:
            told = [next(iter(each.items())) for each in request["TransactItems"]]
            reasons = [
                {"Code": "None" if self._holds(each) else "ConditionalCheckFailed"}
                for _, each in told
            ]
            if any(each["Code"] != "None" for each in reasons):
                answer = _error("TransactionCanceledException") | {"CancellationReasons": reasons}
                raise TransactionCanceled(answer, "TransactWriteItems")
            for kind, each in told:
                {"Put": self._put, "Update": self._update, "Delete": self._delete}[kind](each)
            return {}

        return self._tried("transact_write_items", transact)

    def _tried(self, name: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do as botocore's standard retry mode does with an attempt that fails."""
        fate = Fate.DONE
        for _ in range(ATTEMPTS):
            fate = self._fate(name)
            if fate in NOT_DONE:
                continue
            answer = act()
            if fate is Fate.DONE:
                return answer
        match fate:
            case Fate.LOST:
                raise ReadTimeoutError(endpoint_url="memory")
            case Fate.UNREACHED:
                raise EndpointConnectionError(endpoint_url="memory")
            case Fate.REFUSED:
                raise ClientError(_error("ProvisionedThroughputExceededException"), name)
        raise ClientError(_error("InternalServerError", 500), name)

    def _update(self, request: Mapping[str, Any]) -> Item:
        table, key = request["TableName"], _key(request["Key"])
        before = self.tables.get(table, {}).get(key)
        if not self._holds(request):
            answer = _error("ConditionalCheckFailedException") | (
                {"Item": before} if before else {}
            )
            raise ConditionalCheckFailed(answer, "UpdateItem")
        changed = update(request["UpdateExpression"])
        names = request.get("ExpressionAttributeNames", {})
        values = request.get("ExpressionAttributeValues", {})
        after = changed(before or dict(request["Key"]), names, values)
        self._store(table, key, before, after)
        return after  # a superset of what changed, as the store reads it by name

    def _put(self, request: Mapping[str, Any]) -> None:
        table, key = request["TableName"], _key(request["Item"])
        self._store(table, key, self.tables.get(table, {}).get(key), request["Item"])

    def _delete(self, request: Mapping[str, Any]) -> None:
        table, key = request["TableName"], _key(request["Key"])
        self.tables.get(table, {}).pop(key, None)
        self._partitions.get((table, key[0]), {}).pop(key[1], None)

    def _store(self, table: str, key: Key, before: Item | None, after: Item) -> None:
        self.tables.setdefault(table, {})[key] = after
        self._partitions.setdefault((table, key[0]), {})[key[1]] = after
        self._written(table, key, before, after)

    def _holds(self, request: Mapping[str, Any]) -> bool:
        told = request.get("ConditionExpression")
        if not told:
            return True
        key = _key(request.get("Key") or request["Item"])
        return condition(told)(
            self.tables.get(request["TableName"], {}).get(key, {}),
            request.get("ExpressionAttributeNames", {}),
            request.get("ExpressionAttributeValues", {}),
        )

    def items(self, table: str) -> Iterator[Item]:
        """Give every item of a table."""
        yield from self.tables.get(table, {}).values()


def _key(item: Mapping[str, dict[str, Any]]) -> Key:
    """Give the partition key and the sort key of an item or a key: pk and sk, or day alone."""
    if "pk" in item:
        return item["pk"]["S"], item["sk"]["S"]
    return item["day"]["S"], ""


def _error(code: str, status: int = 400) -> Any:
    return {
        "Error": {"Code": code, "Message": code},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
