"""One DynamoDB table, spoken to in Python values; its failures become the project's errors."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004
    HTTPClientError,
)
from botocore.handlers import BUILTIN_HANDLERS, add_retry_headers

from circulation.aws.attribute_values import decoded, encoded
from circulation.aws.backoff import Backoff
from circulation.errors import StoreUnavailable
from circulation.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Key = dict[str, str]

MAX_KEYS = 100
"""API_BatchGetItem: so many items in one call."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""More than the clocks of two hosts differ, which NTP keeps within a second."""
MAX_ATTEMPTS = 8
"""How often a call is made for what a batch leaves undone."""

SERVICES = frozenset({"dynamodb", "sqs"})
"""What is called of AWS, by botocore's names."""

# Their causes pass, so that the same request may succeed later. Everything else is a bug and stays
# visible as one (Amazon DynamoDB Developer Guide: Error handling).
_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
}
_PASSING = _THROTTLED | {
    "InternalServerError",
    "ServiceUnavailable",
    "TransactionConflictException",
    "TransactionInProgressException",
}
# What a cancelled transaction gives as the reason of each of its actions
# (API_TransactWriteItems: Errors).
_REFUSED_REASONS = {"None", "ConditionalCheckFailed", "TransactionConflict"}
_THROTTLED_REASONS = {"ProvisionedThroughputExceeded", "ThrottlingError"}
# Lambda has the network to itself: a call that is slow to connect or to answer is a lost call.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,
    parameter_validation=False,
    tcp_keepalive=True,
    user_agent="circulation",  # botocore's own is composed anew for each call, a sixth of its time
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a write does, in DynamoDB's expressions.

    Names stand for attributes (#name) and values for Python values (:value), because attribute
    names with a day in them, and reserved words, cannot be written out.
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
        """Make the change that sets some attributes and removes others, whatever they are called.

        Names and values are those of the condition.
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
        """Give the parts of a request; DynamoDB refuses empty ones."""
        parts = {
            "UpdateExpression": self.update,
            "ConditionExpression": self.condition,
            "ExpressionAttributeNames": dict(self.names),
            "ExpressionAttributeValues": encoded(self.values),
        }
        return {name: part for name, part in parts.items() if part}


CALL_ERRORS = (BotoCoreError, ClientError)
"""What a call to AWS raises, for whatever reason."""


class ConditionFailed(Exception):  # noqa: N818  DynamoDB's own word
    """The write's condition did not hold; carries the item as it stands, empty if there is none."""

    def __init__(self, item: Item) -> None:
        super().__init__("the condition did not hold")
        self.item = item


class TransactionRefused(Exception):  # noqa: N818
    """A condition of the transaction did not hold, or another write was in its way."""


class TransactionThrottled(Exception):  # noqa: N818
    """The table or one of its partitions had no room for the transaction."""


# At each start it would log where it found its credentials and its endpoint.
logging.getLogger("botocore").setLevel(logging.WARNING)


@cache
def session() -> botocore.session.Session:
    """Give the process's one botocore session: reading its data files takes longest."""
    return make_session()


def make_session(config: Config | None = None) -> botocore.session.Session:
    """Make a botocore session; a config goes before what is set for Lambda's network."""
    made = botocore.session.Session(include_builtin_handlers=False)
    for event, handler, *_ in BUILTIN_HANDLERS:
        # s3 of before-call.s3.PutObject: nine in ten are for other services, or for documentation,
        # and each takes its time at a cold start. Which attempt a call is, its headers need not
        # say: no service asks for it, and making and signing them is a twentieth of the call.
        service = event.split(".")[1:2]
        if (not service or service[0] in SERVICES) and handler is not add_retry_headers:
            made.register(event, handler)
    made.set_default_client_config(_CONFIG.merge(config) if config else _CONFIG)
    return made


def client_of(service: str, *, attempts: int | None = None, timeout: float | None = None) -> Any:  # noqa: ANN401  botocore makes the class at run time
    """Make a client, which is safe to share between threads.

    A call is made at most so many times, in place of what all clients have, and waits at most so
    many seconds for a connection and as many for an answer.
    """
    if attempts is None:
        return session().create_client(service)
    config = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    if timeout is not None:
        config = config.merge(Config(connect_timeout=timeout, read_timeout=timeout))
    return session().create_client(service, config=config)


def connect(*, attempts: int | None = None) -> DynamoDBClient:
    """Make a DynamoDB client, whose calls are made at most so many times where that is given."""
    return client_of("dynamodb", attempts=attempts)  # type: ignore[no-any-return]


@contextmanager
def passing_faults_as_unavailable() -> Iterator[None]:
    """Turn what may pass (throttles, timeouts, server errors) into StoreUnavailable."""
    try:
        yield
    except (ConnectionError, HTTPClientError) as error:
        raise StoreUnavailable(str(error)) from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if error.response["Error"]["Code"] in _PASSING or status >= 500:  # noqa: PLR2004
            raise StoreUnavailable(str(error)) from error
        raise


class Table:
    """A table by its name."""

    def __init__(self, client: DynamoDBClient, name: str, backoff: Backoff | None = None) -> None:
        self._client = client
        self.name = name
        self.backoff = backoff or Backoff()

    def get(self, key: Mapping[str, str], *, consistent: bool = False) -> Item | None:
        """Read one item, or None."""
        with passing_faults_as_unavailable():
            answer = self._client.get_item(
                TableName=self.name, Key=encoded(key), ConsistentRead=consistent
            )
        return decoded(answer["Item"]) if "Item" in answer else None

    def time(self) -> datetime:
        """Read the clock of DynamoDB, to the second, from the head of an answer (RFC 9110, 6.6.1).

        Whoever decides by hand what is over must not go by a clock that nobody looks after.
        """
        with passing_faults_as_unavailable():
            answer = self._client.describe_table(TableName=self.name)
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])

    def get_many(
        self, keys: Iterable[Mapping[str, str]], *, consistent: bool = False
    ) -> Iterator[Item]:
        """Read any number of items, each once, in any order; those that do not exist are left out.

        Raises StoreUnavailable, also when a batch still leaves items unread after all attempts.
        """
        # One key twice in a call is an error (API_BatchGetItem).
        wanted = list({tuple(key.items()): encoded(key) for key in keys}.values())
        for start in range(0, len(wanted), MAX_KEYS):
            yield from self._get_batch(wanted[start : start + MAX_KEYS], consistent=consistent)

    def _get_batch(self, keys: list[Any], *, consistent: bool) -> Iterator[Item]:
        """Read up to 100 items; what a call leaves is asked for again, later each time.

        DynamoDB leaves what is over 16 MB, and what a partition has no room for (API_BatchGetItem).
        """
        for attempt in range(MAX_ATTEMPTS):
            if attempt:
                self.backoff.wait(attempt - 1)
            request: Any = {"Keys": keys, "ConsistentRead": consistent}
            with passing_faults_as_unavailable():
                answer = self._client.batch_get_item(RequestItems={self.name: request})
            yield from map(decoded, answer["Responses"][self.name])
            left = answer["UnprocessedKeys"].get(self.name)
            if not left:
                return
            keys = left["Keys"]
        raise StoreUnavailable(f"{len(keys)} items are left unread")

    def query(  # noqa: PLR0913  what is read is bounded by
        self,
        partition: str,
        *,
        before: str | None = None,
        between: tuple[str, str] | None = None,
        limit: int | None = None,
        consistent: bool = False,
        only: Sequence[str] = (),
    ) -> Iterator[Item]:
        """Read a partition; with before, only what sorts before it, from the end backwards.

        With between, only what sorts from the first of two keys, in their order, to the second.
        With only, the items have these attributes alone (and cost the same).
        """
        request: Item = {
            "TableName": self.name,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": encoded({":pk": partition}),
            "ConsistentRead": consistent,
        }
        if before is not None:
            request["KeyConditionExpression"] += " AND sk < :before"
            request["ExpressionAttributeValues"] |= encoded({":before": before})
            request["ScanIndexForward"] = False
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

    def count(self, partition: str, *, before: str) -> int:
        """Count what sorts before a key in a partition, without reading it out; consistently."""
        request: Item = {
            "TableName": self.name,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk AND sk < :before",
            "ExpressionAttributeValues": encoded({":pk": partition, ":before": before}),
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
        """Read the whole of a small table."""
        request: Item = {"TableName": self.name, "ConsistentRead": True}
        while True:
            with passing_faults_as_unavailable():
                answer = self._client.scan(**request)
            yield from map(decoded, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def update(self, key: Mapping[str, str], change: Change, *, whole: bool = False) -> Item:
        """Change one item, creating it if need be.

        Answers with the attributes that were changed, or with the whole item, which costs no more
        (API_UpdateItem: ReturnValues). Raises ConditionFailed with the item as it stands.
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
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConditionFailed(decoded(error.response.get("Item", {}))) from error
        return decoded(answer.get("Attributes", {}))

    def put_latest(
        self,
        key: Mapping[str, str],
        attributes: Mapping[str, Any],
        *,
        as_of: datetime,
        clock: datetime,
    ) -> bool:
        """Write what was found at a moment, unless a later finding stands; tell whether it did.

        A finding of the future, by the clock as it stands now, is no later one: it was written
        before the clock was set back, and would stand until the clock gets there.
        """
        found = milliseconds(as_of)
        change = Change.setting(
            {**attributes, "as_of": found},
            condition="attribute_not_exists(pk) OR #as_of <= :as_of OR #as_of > :future",
            names={"#as_of": "as_of"},
            values={":as_of": found, ":future": milliseconds(clock + CLOCKS_DIFFER)},
        )
        try:
            self.update(key, change)
        except ConditionFailed:
            return False
        return True

    def delete(self, key: Mapping[str, str], condition: Change | None = None) -> None:
        """Delete one item, if it is there; with a condition only if that holds.

        Raises ConditionFailed.
        """
        request = condition.request() if condition else {}
        try:
            with passing_faults_as_unavailable():
                self._client.delete_item(TableName=self.name, Key=encoded(key), **request)
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConditionFailed({}) from error

    def transact(self, *actions: Item) -> None:
        """Do all of the actions or none.

        Raises TransactionRefused when they may be tried again, TransactionThrottled when they are
        too much at this moment, and StoreUnavailable.
        """
        try:
            with passing_faults_as_unavailable():
                self._client.transact_write_items(TransactItems=list(actions))  # type: ignore[arg-type]
        except self._client.exceptions.TransactionCanceledException as error:
            codes = {reason.get("Code", "None") for reason in error.response["CancellationReasons"]}
            if codes <= _REFUSED_REASONS:
                raise TransactionRefused from error
            if codes & _THROTTLED_REASONS:
                raise TransactionThrottled(str(error)) from error
            raise
        except StoreUnavailable as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and cause.response["Error"]["Code"] in _THROTTLED:
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

    def deleting(self, key: Mapping[str, str]) -> Item:
        """Give the action that deletes an item, for transact."""
        return {"Delete": {"TableName": self.name, "Key": encoded(key)}}
