"""A library that is older than its ledger: the ledger's silence about a day proves nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from circulation.article import Submission
from circulation.container import container
from circulation.publishing import publish
from circulation.recording import record_hit
from circulation.sealing import seal
from circulation.store import Store
from circulation.store.ledger import Ledger
from circulation.store.table import Table
from circulation.tally import Batch
from circulation.tallying import tally
from circulation.times import day_of, start_of
from tests.builders import NOW, TODAY, article, hit, line

DAYS = ["2026-03-12", "2026-03-13", "2026-03-14", "2026-03-15"]


@pytest.mark.parametrize("since", ["", *DAYS])
@pytest.mark.parametrize("day", DAYS)
def test_a_ledger_has_the_whole_of_a_day_that_came_after_the_one_it_began_on(
    store: Store, since: str, day: str
) -> None:
    ledger = Ledger(store.shelves, since=since)
    complete = not since or day > since
    assert ledger.is_complete(day, now=datetime(2026, 3, 15, 23, tzinfo=UTC)) is complete
    assert not ledger.is_complete(day, now=start_of(day) + timedelta(days=4))


@pytest.mark.parametrize("in_the_new_ledger", [0, 1, 5, 9])
@pytest.mark.parametrize("age", [0, 1, 2])
def test_adopting_lowers_no_day_that_the_ledger_before_had_counted(
    store: Store, age: int, in_the_new_ledger: int
) -> None:
    adopted_on = day_of(NOW + timedelta(days=age))
    publish(Submission(article(), views_before=100), store, now=NOW)
    tally(Batch("old", [line(number) for number in range(1, 6)]), store)
    client = store.shelves._client  # noqa: SLF001  a second ledger, as a second stack has it
    description = client.describe_table(TableName="Ledger")["Table"]
    client.create_table(
        TableName="Second",
        KeySchema=description["KeySchema"],
        AttributeDefinitions=description["AttributeDefinitions"],
        BillingMode="PAY_PER_REQUEST",
    )
    adopting = Store.on(client, container().settings)
    adopting.ledger = Ledger(Table(client, "Second"), since=adopted_on)
    for viewer in range(in_the_new_ledger):
        record_hit(
            hit(address=f"192.0.2.{viewer}", nonce=f"n{viewer}"),
            adopting,
            now=NOW,
            repeat_window=timedelta(minutes=30),
            random_bytes=bytes,
        )
    done = seal("harbour-clock", TODAY, adopting, now=datetime(2026, 3, 17, tzinfo=UTC), closed="")
    assert not done.complete
    assert store.counters.get("harbour-clock").views == 100 + max(5, in_the_new_ledger)
