"""DynamoDB in memory: the calls that `aws` makes, with the same conditional semantics.

It stands below `aws`, where botocore's client stands: a call that fails is tried three times,
as that client is told to, and fails before it was done or after.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from bench.dynamodb_rules import item_size, write_units
from circulation.aws.backoff import Backoff
from tests.simulation.expressions import Item, condition, update
from tests.simulation.moments import Moments

ATTEMPTS = 3
AT_ONCE = Backoff(sleep=lambda _: None)
"""For stores on these tables: nobody waits in them."""

# API_BatchGetItem, API_BatchWriteItem, API_TransactWriteItems, API_Query; Developer Guide: Quotas.
MAX_KEYS = MAX_ACTIONS = 100
MAX_PUTS = 25
MAX_BATCH_BYTES = 16 * 2**20
MAX_TRANSACTION_BYTES = 4 * 2**20
MAX_QUERY_BYTES = 2**20
MAX_ITEM_BYTES = 400 * 1024
TRANSACTED = 2
"""Units of a write in a transaction, for each one of it alone (Developer Guide: Read and write
operations)."""
READ_UNIT_BYTES = 4 * 1024
"""Developer Guide: Read and write operations. An eventually consistent read costs half."""

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
    as (table, key, before, after), within the call. A metered one adds up what its reads and writes
    consume, and holds to the sizes that DynamoDB does. With moments, an eventually consistent read
    may show an item as it was; between is called between the items of a batch, which are read one
    by one and in any order also if it is consistent (API_BatchGetItem).
    """

    def __init__(
        self,
        fate: Callable[[str], Fate],
        written: Callable[[str, Key, Item | None, Item], None],
        *,
        metered: bool = False,
        moments: Moments | None = None,
        between: Callable[[], None] = lambda: None,
    ) -> None:
        self.calls: Counter[str] = Counter()
        self.read_units = 0.0
        self.write_units = 0
        self._metered = metered
        self._sizes: dict[tuple[str, Key], int] = {}
        self._sorted: dict[tuple[str, str], list[str]] = {}
        self.tables: dict[str, dict[Key, Item]] = {}
        self._partitions: dict[tuple[str, str], dict[str, Item]] = {}
        self.fate = fate
        self._written = written
        self._moments = moments
        self._between = between

    def get_item(self, **request: Any) -> dict[str, Any]:
        def get() -> dict[str, Any]:
            table, key = request["TableName"], _key(request["Key"])
            item = self._read(table, key, request)
            self._meter([self._size(table, key)] if self._metered else (), request)
            return {"Item": item} if item else {}

        return self._tried("get_item", get)

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        def get() -> dict[str, Any]:
            ((table, told),) = request["RequestItems"].items()
            asked = [_key(key) for key in told["Keys"]]
            if not 1 <= len(set(asked)) == len(asked) <= MAX_KEYS:
                raise ClientError(_error("ValidationException"), "BatchGetItem")
            sizes: list[int] = []
            for key in asked:
                sizes.append(self._size(table, key))
                if sum(sizes) > MAX_BATCH_BYTES:
                    sizes.pop()
                    break
            self._meter(sizes, told)
            done = asked[: len(sizes)]
            left = {table: {"Keys": told["Keys"][len(sizes) :]}} if len(done) < len(asked) else {}
            found = []
            if self._moments:
                self._moments.dice.shuffle(done)
            for key in done:
                self._between()
                item = self._read(table, key, told)
                found += [item] if item else []
            return {"Responses": {table: found}, "UnprocessedKeys": left}

        return self._tried("batch_get_item", get)

    def query(self, **request: Any) -> dict[str, Any]:
        def query() -> dict[str, Any]:
            values = {
                name: each["S"] for name, each in request["ExpressionAttributeValues"].items()
            }
            at = table, _ = request["TableName"], values[":pk"]
            items = self._partitions.get(at, {})
            names = self._sorted.get(at)
            if names is None:
                names = self._sorted[at] = sorted(items)
            asked = _asked(names, request, values)
            size, seen = 0, list[str]()
            for name in asked:
                seen.append(name)
                size += self._size(table, (values[":pk"], name))
                if size > MAX_QUERY_BYTES or len(seen) == request.get("Limit"):
                    break
            self._meter([size] if self._metered else (), request)
            more = len(seen) < len(asked) or len(seen) == request.get("Limit")
            last = {"pk": {"S": values[":pk"]}, "sk": {"S": seen[-1]}} if seen and more else None
            answer: dict[str, Any] = {"LastEvaluatedKey": last} if last else {}
            if request.get("Select") == "COUNT":
                return answer | {"Count": len(seen)}
            read = [self._read(at[0], (at[1], name), request) for name in seen]
            return answer | {"Items": [item for item in read if item]}

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
            if not self._holds(request):
                raise ClientError(_error("ConditionalCheckFailedException"), "DeleteItem")
            self._delete(request)
            return {}

        return self._tried("delete_item", delete)

    def batch_write_item(self, **request: Any) -> dict[str, Any]:
        def write() -> dict[str, Any]:
            ((table, asked),) = request["RequestItems"].items()
            items = [each["PutRequest"]["Item"] for each in asked]
            if not 1 <= len({_key(item) for item in items}) == len(items) <= MAX_PUTS:
                raise ClientError(_error("ValidationException"), "BatchWriteItem")
            for item in items:
                self._put({"TableName": table, "Item": item})
            return {"UnprocessedItems": {}}

        return self._tried("batch_write_item", write)

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        def transact() -> dict[str, Any]:
            told = [next(iter(each.items())) for each in request["TransactItems"]]
            named = {(each["TableName"], _key(each.get("Key") or each["Item"])) for _, each in told}
            size = sum(_size(each.get("Item")) for _, each in told) if self._metered else 0
            if not len(named) == len(told) <= MAX_ACTIONS or size > MAX_TRANSACTION_BYTES:
                raise ClientError(_error("ValidationException"), "TransactWriteItems")
            reasons = [
                {"Code": "None" if self._holds(each) else "ConditionalCheckFailed"}
                for _, each in told
            ]
            if any(each["Code"] != "None" for each in reasons):
                answer = _error("TransactionCanceledException") | {"CancellationReasons": reasons}
                raise TransactionCanceled(answer, "TransactWriteItems")
            alone = self.write_units
            for kind, each in told:
                {"Put": self._put, "Update": self._update, "Delete": self._delete}[kind](each)
            self.write_units += (TRANSACTED - 1) * (self.write_units - alone)
            return {}

        return self._tried("transact_write_items", transact)

    def _tried(self, name: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do as botocore's standard retry mode does with an attempt that fails."""
        fate = Fate.DONE
        self.calls[name] += 1
        for _ in range(ATTEMPTS):
            if self._moments:
                self._moments.now += 1
            fate = self.fate(name)
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
            self._meter_write(self._size(table, key))
            answer = _error("ConditionalCheckFailedException") | (
                {"Item": before} if before else {}
            )
            raise ConditionalCheckFailed(answer, "UpdateItem")
        changed = update(request["UpdateExpression"])
        names = request.get("ExpressionAttributeNames", {})
        values = request.get("ExpressionAttributeValues", {})
        after = changed(before or dict(request["Key"]), names, values)
        self._store(table, key, before, after)
        return after  # a superset of what changed, as our tables read it by name

    def _put(self, request: Mapping[str, Any]) -> None:
        table, key = request["TableName"], _key(request["Item"])
        self._store(table, key, self.tables.get(table, {}).get(key), request["Item"])

    def _delete(self, request: Mapping[str, Any]) -> None:
        table, key = request["TableName"], _key(request["Key"])
        self._sorted.pop((table, key[0]), None)
        before = self.tables.get(table, {}).pop(key, None)
        self._meter_write(self._size(table, key))
        self._sizes.pop((table, key), None)
        if self._moments and before:
            self._moments.note(table, key, before, None)
        self._partitions.get((table, key[0]), {}).pop(key[1], None)

    def _store(self, table: str, key: Key, before: Item | None, after: Item) -> None:
        if self._metered:
            size = item_size(after)
            if size > MAX_ITEM_BYTES:
                raise ClientError(_error("ValidationException"), "an item that is too large")
            self._meter_write(max(size, self._size(table, key)))
            self._sizes[table, key] = size
        if before is None:
            self._sorted.pop((table, key[0]), None)
        self.tables.setdefault(table, {})[key] = after
        self._partitions.setdefault((table, key[0]), {})[key[1]] = after
        if self._moments:
            self._moments.note(table, key, before, after)
        self._written(table, key, before, after)

    def _read(self, table: str, key: Key, request: Mapping[str, Any]) -> Item | None:
        """Give an item as a read shows it: as it stands, or stood a moment ago."""
        item = self.tables.get(table, {}).get(key)
        if self._moments is None or request.get("ConsistentRead"):
            return item
        return self._moments.read(table, key, item)

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

    def put(self, table: str, item: Item) -> None:
        """Store an item as if it had always been there."""
        key = _key(item)
        self._store(table, key, self.tables.get(table, {}).get(key), item)

    def _meter(self, sizes: Iterable[int], request: Mapping[str, Any]) -> None:
        """Add what a read of some items consumes; also one of nothing takes a unit."""
        for size in sizes:
            units = max(1, -(-size // READ_UNIT_BYTES))
            self.read_units += units if request.get("ConsistentRead") else units / 2

    def _meter_write(self, size: int) -> None:
        """Add what a write consumes, also a refused one: by the larger of the old and new item."""
        if self._metered:
            self.write_units += write_units(size)

    def _size(self, table: str, key: Key) -> int:
        """Give the bytes of an item, if they are metered; 0 where there is none."""
        return self._sizes.get((table, key), 0)

    def items(self, table: str) -> Iterator[Item]:
        """Give every item of a table."""
        yield from self.tables.get(table, {}).values()


class Consistent:
    """A client all of whose reads are consistent."""

    def __init__(self, dynamodb: DynamoDB) -> None:
        self._dynamodb = dynamodb

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def get_item(self, **request: Any) -> dict[str, Any]:
        return self._dynamodb.get_item(**request | {"ConsistentRead": True})

    def query(self, **request: Any) -> dict[str, Any]:
        return self._dynamodb.query(**request | {"ConsistentRead": True})

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803
        consistent = {
            table: {**asked, "ConsistentRead": True} for table, asked in RequestItems.items()
        }
        return self._dynamodb.batch_get_item(RequestItems=consistent)


def _size(item: Item | None) -> int:
    return item_size(item) if item else 0


def _asked(names: list[str], request: Mapping[str, Any], values: Mapping[str, str]) -> list[str]:
    """Give the sort keys that a query goes through, in its order."""
    match request["KeyConditionExpression"].removeprefix("pk = :pk"):
        case "":
            found = names
        case " AND sk < :before":
            found = names[: bisect_left(names, values[":before"])]
        case " AND sk > :after":
            found = names[bisect_right(names, values[":after"]) :]
        case " AND sk BETWEEN :first AND :last":
            first, last = values[":first"], values[":last"]
            found = names[bisect_left(names, first) : bisect_right(names, last)]
        case other:
            raise ValueError(f"no key condition: {other}")
    forward = request.get("ScanIndexForward", True)
    start = request.get("ExclusiveStartKey", {}).get("sk", {}).get("S")
    if start is not None:
        found = [name for name in found if (name > start if forward else name < start)]
    return found if forward else found[::-1]


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
