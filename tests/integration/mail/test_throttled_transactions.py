"""A transaction that DynamoDB has no capacity for is a passing fault wherever mail writes one."""

from collections.abc import Callable
from typing import Any

import pytest

from circulation.aws.attribute_values import encoded
from circulation.aws.table import Table
from circulation.errors import StoreUnavailable
from circulation.mail.deliveries import Deliveries
from circulation.mail.keys import subscriber_key
from circulation.mail.limits import Limits, limits_of
from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import Choices
from circulation.mail.subscribers import Pending, Subscribers
from tests.builders import NOW
from tests.simulation.dynamodb import AT_ONCE, DynamoDB, Fate

READER = "00" * 16


def confirm(table: Table) -> None:
    asked = Pending(Mailbox("sam@mail.example"), Choices(), NOW, "text")
    Subscribers(table).put_pending("hash", asked, now=NOW)
    Subscribers(table).confirm("hash", bytes(32), now=NOW)


def admit(table: Table) -> None:
    Limits(table).admit("request", limits_of(READER, "network", 5, now=NOW), now=NOW)


def suppress(table: Table) -> None:
    Deliveries(table).suppress(READER, "daily-2026-03-14", "bounced")


@pytest.mark.parametrize("write", [confirm, admit, suppress])
def test_a_throttled_transaction_is_unavailable(write: Callable[[Table], None]) -> None:
    def fate(call: str) -> Fate:
        return Fate.REFUSED if call == "transact_write_items" else Fate.DONE

    dynamodb = DynamoDB(fate, lambda *_: None)
    dynamodb.put("Subscribers", encoded({**subscriber_key(READER), "state": "confirmed"}))
    client: Any = dynamodb
    with pytest.raises(StoreUnavailable):
        write(Table(client, "Subscribers", AT_ONCE))
    assert dynamodb.calls["transact_write_items"]
