"""Which errors pass, by their codes (Amazon DynamoDB Developer Guide: Error handling)."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from circulation.aws.faults import passing_faults_as_unavailable
from circulation.aws.table import (
    Table,
    TransactionRefused,
    TransactionThrottled,
)
from circulation.errors import StoreUnavailable
from tests.simulation.dynamodb import TransactionCanceled

THROTTLED = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
]
PASSING = [
    "InternalServerError",
    "ServiceUnavailable",
    "TransactionConflictException",
    "TransactionInProgressException",
]
PERMANENT = ["ValidationException", "ResourceNotFoundException", "AccessDeniedException"]


def error(code: str, status: int = 400) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": "m"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "PutItem")


def cancelled(*reasons: str) -> ClientError:
    answer: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "m"},
        "ResponseMetadata": {"HTTPStatusCode": 400},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return TransactionCanceled(answer, "TransactWriteItems")


def transact(answer: ClientError) -> None:
    """Make a transaction that is answered with an error."""

    def fail(**_: object) -> None:
        raise answer

    client = SimpleNamespace(transact_write_items=fail)
    Table(cast("Any", client), "library").transact()


@pytest.mark.parametrize("code", THROTTLED + PASSING)
def test_what_passes_is_known_by_its_code_whatever_its_status(code: str) -> None:
    with pytest.raises(StoreUnavailable), passing_faults_as_unavailable():
        raise error(code)


@pytest.mark.parametrize("status", [500, 503])
def test_what_the_server_could_not_do_passes_whatever_its_code(status: int) -> None:
    with pytest.raises(StoreUnavailable), passing_faults_as_unavailable():
        raise error("Unknown", status)


@pytest.mark.parametrize("code", PERMANENT)
def test_what_does_not_pass_stays_as_it_is(code: str) -> None:
    with pytest.raises(ClientError, match=code), passing_faults_as_unavailable():
        raise error(code, 499)


@pytest.mark.parametrize("code", THROTTLED)
def test_a_transaction_that_is_throttled_whole_may_be_made_smaller(code: str) -> None:
    with pytest.raises(TransactionThrottled):
        transact(error(code))


@pytest.mark.parametrize("code", PASSING)
def test_a_transaction_that_fails_for_something_else_is_not_throttled(code: str) -> None:
    with pytest.raises(StoreUnavailable):
        transact(error(code))


@pytest.mark.parametrize("reason", ["ProvisionedThroughputExceeded", "ThrottlingError"])
@pytest.mark.parametrize("other", ["None", "ConditionalCheckFailed", "TransactionConflict"])
def test_one_throttled_action_throttles_its_transaction(reason: str, other: str) -> None:
    with pytest.raises(TransactionThrottled):
        transact(cancelled(other, reason))


@pytest.mark.parametrize(
    "reasons",
    [
        ["None", "ConditionalCheckFailed"],
        ["TransactionConflict", "None"],
        ["ConditionalCheckFailed", "TransactionConflict"],
    ],
)
def test_a_transaction_whose_conditions_do_not_hold_is_refused(reasons: list[str]) -> None:
    with pytest.raises(TransactionRefused):
        transact(cancelled(*reasons))


def test_an_action_that_is_wrong_stays_an_error() -> None:
    with pytest.raises(TransactionCanceled):
        transact(cancelled("None", "ItemCollectionSizeLimitExceeded"))
    with pytest.raises(TransactionCanceled):
        transact(cancelled("ValidationError", "ConditionalCheckFailed"))
