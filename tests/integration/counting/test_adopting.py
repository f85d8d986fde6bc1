"""A library that is older than its ledger: the ledger's silence about a day proves nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.counting.counts import DayCount, final_count
from circulation.counting.ledger import Ledger
from circulation.runtime import Container
from circulation.times import start_of

DAYS = ["2026-03-12", "2026-03-13", "2026-03-14", "2026-03-15"]
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)

views = st.integers(0, 10_000)


@pytest.mark.parametrize("since", ["", *DAYS])
@pytest.mark.parametrize("day", DAYS)
def test_a_ledger_has_the_whole_of_a_day_that_came_after_the_one_it_began_on(
    store: Container, since: str, day: str
) -> None:
    ledger = Ledger(store.library_table, since=since)
    assert ledger.is_complete(day, now=NOW) is (not since or day > since)
    assert not ledger.is_complete(day, now=start_of(day) + timedelta(days=4))


@given(tallied=views, recounted=views, day=st.sampled_from(DAYS), since=st.sampled_from(DAYS))
def test_adopting_lowers_no_day_that_the_ledger_before_had_counted(
    tallied: int, recounted: int, day: str, since: str
) -> None:
    ledger = Ledger(None, since=since)  # type: ignore[arg-type]  # nothing is read
    complete = ledger.is_complete(day, now=NOW)
    final = final_count(
        DayCount(tallied, tallied, {}), DayCount(recounted, recounted, {}), complete=complete
    )
    assert final.views == (recounted if day > since else max(tallied, recounted))
