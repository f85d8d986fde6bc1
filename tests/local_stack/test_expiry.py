from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from circulation_cli.local_stack.clock import STEADY
from circulation_cli.local_stack.expiry import Expiry
from circulation_cli.local_stack.state import State
from circulation_cli.local_stack.template import Template
from tests.local_stack.machine import HOUR, START, Machine

pytestmark = pytest.mark.usefixtures("store_on_moto")


@pytest.fixture
def expiry(template: Template, machine: Machine, state: State) -> Expiry:
    return Expiry(template, machine.clock(state), died=pytest.fail)


def put(hours: float) -> None:
    """Put a line that expires so long after the start; one without a time never does."""
    expires = int((START + hours * HOUR).timestamp())
    key = {"pk": {"S": f"{hours}"}, "sk": {"S": "line"}}
    boto3.client("dynamodb").put_item(TableName="Ledger", Item=key | {"ttl": {"N": f"{expires}"}})


def left() -> list[str]:
    return sorted(
        each["pk"]["S"] for each in boto3.client("dynamodb").scan(TableName="Ledger")["Items"]
    )


def sweep(expiry: Expiry) -> None:
    expiry.run_round()


def test_what_is_over_is_deleted_and_nothing_else(expiry: Expiry) -> None:
    for hours in (-100, -1, 1):
        put(hours)
    key = {"pk": "never", "sk": "line"}
    boto3.resource("dynamodb").Table("Ledger").put_item(Item=key)
    sweep(expiry)
    assert left() == ["1", "never"]


def test_after_sleep_what_has_expired_meanwhile_is_deleted(
    expiry: Expiry, machine: Machine
) -> None:
    put(1)
    machine.pass_time(2 * HOUR)
    sweep(expiry)
    assert left() == []


@pytest.mark.parametrize("step", [2 * HOUR, timedelta(days=400)])
def test_a_clock_that_was_set_deletes_nothing_until_it_is_believed(
    expiry: Expiry, machine: Machine, step: timedelta
) -> None:
    put(1)
    machine.wall += step
    sweep(expiry)
    machine.pass_time(STEADY - HOUR)
    sweep(expiry)
    assert left() == ["1"]
    machine.wall -= step  # put right
    sweep(expiry)
    machine.pass_time(STEADY - HOUR)
    sweep(expiry)
    assert left() == ["1"]
    machine.pass_time(HOUR)
    sweep(expiry)
    assert left() == []


@pytest.mark.parametrize("operation", ["Scan", "DeleteItem"])
def test_a_sweep_that_fails_is_done_by_the_next(expiry: Expiry, operation: str) -> None:
    put(-1)

    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1")

    assert boto3.DEFAULT_SESSION
    events, event = boto3.DEFAULT_SESSION.events, f"before-call.dynamodb.{operation}"
    events.register(event, fail)
    try:
        sweep(expiry)
    finally:
        events.unregister(event, fail)
    assert left() == ["-1"]
    sweep(expiry)
    assert left() == []
