"""A DynamoDB table with Python values; its failures become the project's errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from circulation.aws.attribute_values import decoded, encoded
from circulation.aws.backoff import Backoff
from circulation.aws.faults import (
    THROTTLED,
    answered,
    error_code,
    passing_faults_as_unavailable,
)
from circulation.errors import StoreUnavailable
from circulation.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Key = dict[str, str]

MAX_KEYS = 100
"""Items in one call at most (API_BatchGetItem)."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""More than the clocks of two hosts differ: NTP keeps them within a second."""
MAX_ATTEMPTS = 8
"""How often a call is made at most while DynamoDB lacks the capacity for all of it."""

# Reasons that a cancelled transaction gives for each of its actions (API_TransactWriteItems:
# Errors).
_REFUSED_REASONS = {"None", "ConditionalCheckFailed", "TransactionConflict"}
_THROTTLED_REASONS = {"ProvisionedThroughputExceeded", "ThrottlingError"}
_CONDITION_FAILED = "ConditionalCheckFailedException"


@dataclass(frozen=True, slots=True)
class Change:
    """A write in DynamoDB's expressions: an update, a condition, or both.

    Placeholders stand for attribute names (#name) and for Python values (:value), because names
    with a day in them and reserved words cannot be written in an expression.
    """

    update: str = ""
    condition: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def setting(
        cls,
        attributes: Mapping[str, Any],
        *,
        removing: Sequence[str] = (),
        condition: str = "",
        names: Mapping[str, str] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Change:
        """Make the change that sets some attributes and removes others, whatever their names.

        Names and values are the placeholders of the condition.
        """
        sets = ", ".join(f"#set{place} = :set{place}" for place in range(len(attributes)))
        removes = ", ".join(f"#gone{place}" for place in range(len(removing)))
        return cls(
            update=f"SET {sets}" + (f" REMOVE {removes}" if removes else ""),
            condition=condition,
            names={f"#set{place}": name for place, name in enumerate(attributes)}
            | {f"#gone{place}": name for place, name in enumerate(removing)}
            | dict(names or {}),
            values={f":set{place}": value for place, value in enumerate(attributes.values())}
            | dict(values or {}),
        )

    def request(self) -> Item:
        """Give the parameters of a request, without empty ones, which DynamoDB refuses."""
        parts = {
            "UpdateExpression": self.update,
            "ConditionExpression": self.condition,
            "ExpressionAttributeNames": self.names,
            "ExpressionAttributeValues": encoded(self.values),
        }
        return {name: part for name, part in parts.items() if part}


class ConditionFailed(Exception):  # noqa: N818  DynamoDB's own word
    """The condition of a write did not hold. Carries the stored item, empty if there is none."""

    def __init__(self, item: Item) -> None:
        super().__init__("the condition did not hold")
        self.item = item


class TransactionRefused(Exception):  # noqa: N818
    """A condition of the transaction did not hold, or another write conflicted with it."""


class TransactionThrottled(StoreUnavailable):
    """The table or one of its partitions had no capacity for the transaction."""


class Table:
    """A DynamoDB table, by its name."""

    def __init__(self, client: DynamoDBClient, name: str, backoff: Backoff | None = None) -> None:
        self._client = client
        self.name = name
        self.backoff = backoff or Backoff()

    def get(self, key: Mapping[str, str], *, consistent: bool = False) -> Item | None:
        """Read one item; None if it does not exist."""
        with passing_faults_as_unavailable():
            answer = self._client.get_item(
                TableName=self.name, Key=encoded(key), ConsistentRead=consistent
            )
        return decoded(answer["Item"]) if "Item" in answer else None

    def get_live(self, key: Mapping[str, str], *, now: datetime) -> Item | None:
        """Read an item with a ttl, consistently; None if there is none, or its time is over.

        DynamoDB deletes what has expired days later (Developer Guide: Time to Live).
        """
        item = self.get(key, consistent=True)
        return item if item and item["ttl"] > now.timestamp() else None

    def time(self) -> datetime:
        """Read DynamoDB's clock, to the second, from an answer's Date header (RFC 9110, 6.6.1).

        For whoever decides by hand that a day is over: the local clock may be wrong.
        """
        from email.utils import parsedate_to_datetime  # noqa: PLC0415  no request needs it

        with passing_faults_as_unavailable():
            answer = self._client.describe_table(TableName=self.name)
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])

    def get_many(
        self, keys: Iterable[Mapping[str, str]], *, consistent: bool = False
    ) -> Iterator[Item]:
        """Read any number of items, each once, in any order; items that do not exist are left out.

        Raises StoreUnavailable, also when a batch still leaves items unread after all attempts.
        """
        # One key twice in a call is an error (API_BatchGetItem).
        unique_keys = list({tuple(key.items()): encoded(key) for key in keys}.values())
        for start in range(0, len(unique_keys), MAX_KEYS):
            yield from self._get_batch(unique_keys[start : start + MAX_KEYS], consistent=consistent)

    def _get_batch(self, keys: list[Any], *, consistent: bool) -> Iterator[Item]:
        """Read up to 100 items; items that a call leaves unread are requested again after a wait.

        DynamoDB leaves what exceeds 16 MB or a partition's capacity (API_BatchGetItem).
        """
        for attempt in range(MAX_ATTEMPTS):
            if attempt:
                self.backoff.wait(attempt - 1)
            request: Any = {"Keys": keys, "ConsistentRead": consistent}
            with passing_faults_as_unavailable():
                answer = self._client.batch_get_item(RequestItems={self.name: request})
            yield from map(decoded, answer["Responses"][self.name])
            unprocessed = answer["UnprocessedKeys"].get(self.name)
            if not unprocessed:
                return
            keys = unprocessed["Keys"]
        raise StoreUnavailable(f"{len(keys)} items are left unread")

    def query(  # noqa: PLR0913  what is read is bounded by
        self,
        partition: str,
        *,
        before: str | None = None,
        after: str | None = None,
        between: tuple[str, str] | None = None,
        descending: bool = False,
        limit: int | None = None,
        consistent: bool = False,
        only: Sequence[str] = (),
    ) -> Iterator[Item]:
        """Read a partition in the order of the sort keys, or in descending order.

        With before, only sort keys before it, in descending order; with after, only those after it.
        With between, only sort keys from its first to its second, both included. With only, the
        items have these attributes alone (at the same cost).
        """
        request: Item = {
            "TableName": self.name,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": encoded({":pk": partition}),
            "ConsistentRead": consistent,
        }
        if descending or before is not None:
            request["ScanIndexForward"] = False
        if before is not None:
            request["KeyConditionExpression"] += " AND sk < :before"
            request["ExpressionAttributeValues"] |= encoded({":before": before})
        if after is not None:
            request["KeyConditionExpression"] += " AND sk > :after"
            request["ExpressionAttributeValues"] |= encoded({":after": after})
        if between is not None:
            first, last = between
            request["KeyConditionExpression"] += " AND sk BETWEEN :first AND :last"
            request["ExpressionAttributeValues"] |= encoded({":first": first, ":last": last})
        if only:
            request["ProjectionExpression"] = ", ".join(f"#{name}" for name in only)
            request["ExpressionAttributeNames"] = {f"#{name}": name for name in only}
        while limit is None or limit > 0:
            if limit is not None:
                request["Limit"] = limit
            with passing_faults_as_unavailable():
                answer = self._client.query(**request)
            yield from map(decoded, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
            limit = limit and limit - len(answer["Items"])

    def count(self, partition: str, *, after: str) -> int:
        """Count the items with a sort key after a key, without reading them out; consistently."""
        request: Item = {
            "TableName": self.name,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk AND sk > :after",
            "ExpressionAttributeValues": encoded({":pk": partition, ":after": after}),
            "Select": "COUNT",
        }
        counted = 0
        while True:
            with passing_faults_as_unavailable():
                answer = self._client.query(**request)
            counted += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                return counted
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def scan(self) -> Iterator[Item]:
        """Read a whole table, which should be small."""
        request: Item = {"TableName": self.name, "ConsistentRead": True}
        while True:
            with passing_faults_as_unavailable():
                answer = self._client.scan(**request)
            yield from map(decoded, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def update(self, key: Mapping[str, str], change: Change, *, whole: bool = False) -> Item:
        """Change one item; create it if it does not exist.

        Answers with the changed attributes or, with whole, with the whole item, which costs no more
        (API_UpdateItem: ReturnValues). Raises ConditionFailed with the stored item.
        """
        try:
            with passing_faults_as_unavailable():
                answer = self._client.update_item(
                    TableName=self.name,
                    Key=encoded(key),
                    ReturnValues="ALL_NEW" if whole else "UPDATED_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **change.request(),
                )
        except Exception as error:
            if error_code(error) == _CONDITION_FAILED:
                raise ConditionFailed(decoded(answered(error).get("Item", {}))) from error
            raise
        return decoded(answer.get("Attributes", {}))

    def put_latest(
        self,
        key: Mapping[str, str],
        attributes: Mapping[str, Any],
        *,
        as_of: datetime,
        clock: datetime,
        final: bool | None = None,
    ) -> bool:
        """Write attributes computed as of a moment, unless later ones are stored; say if it did.

        With final they have an attribute closed with this value, and one that is False replaces
        none that is True, whatever the moments.
        Stored attributes of the future, by the clock, do not count as later: they were written
        before the clock was set back, and would otherwise stay until it gets there.
        """
        found_at = milliseconds(as_of)
        condition = "attribute_not_exists(pk) OR #as_of <= :as_of OR #as_of > :future"
        names, values = {"#as_of": "as_of"}, dict[str, Any]()
        if final is False:
            condition = f"({condition}) AND (attribute_not_exists(#closed) OR #closed = :open)"
            names, values = names | {"#closed": "closed"}, {":open": False}
        change = Change.setting(
            {**attributes, "as_of": found_at} | ({} if final is None else {"closed": final}),
            condition=condition,
            names=names,
            values=values | {":as_of": found_at, ":future": milliseconds(clock + CLOCKS_DIFFER)},
        )
        try:
            self.update(key, change)
        except ConditionFailed:
            return False
        return True

    def delete(self, key: Mapping[str, str], condition: Change | None = None) -> None:
        """Delete one item if it exists and, with a condition, only if that holds.

        Raises ConditionFailed.
        """
        request = condition.request() if condition else {}
        try:
            with passing_faults_as_unavailable():
                self._client.delete_item(TableName=self.name, Key=encoded(key), **request)
        except Exception as error:
            if error_code(error) == _CONDITION_FAILED:
                raise ConditionFailed({}) from error
            raise

    def transact(self, *actions: Item) -> None:
        """Do all of the actions or none.

        Raises TransactionRefused if they may be tried again, TransactionThrottled if the table has
        no capacity for them now, and StoreUnavailable.
        """
        try:
            with passing_faults_as_unavailable():
                self._client.transact_write_items(TransactItems=list(actions))  # type: ignore[arg-type]
        except StoreUnavailable as error:
            if error_code(error.__cause__) in THROTTLED:
                raise TransactionThrottled(str(error)) from error
            raise
        except Exception as error:
            if error_code(error) != "TransactionCanceledException":
                raise
            reasons = answered(error)["CancellationReasons"]
            codes = {reason.get("Code", "None") for reason in reasons}
            if codes <= _REFUSED_REASONS:
                raise TransactionRefused from error
            if codes & _THROTTLED_REASONS:
                raise TransactionThrottled(str(error)) from error
            raise

    def putting(self, item: Item, condition: Change | None = None) -> Item:
        """Give the action that puts an item, for transact."""
        return {
            "Put": {"TableName": self.name, "Item": encoded(item)}
            | (condition.request() if condition else {})
        }

    def updating(self, key: Mapping[str, str], change: Change) -> Item:
        """Give the action that updates an item, for transact."""
        return {"Update": {"TableName": self.name, "Key": encoded(key)} | change.request()}

    def deleting(self, key: Mapping[str, str], condition: Change | None = None) -> Item:
        """Give the action that deletes an item, for transact."""
        return {
            "Delete": {"TableName": self.name, "Key": encoded(key)}
            | (condition.request() if condition else {})
        }
