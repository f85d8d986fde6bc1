"""circulation recount over the tables: what is refused, what is told, and what stays as it is."""

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from circulation.article import Submission
from circulation.publishing import publish
from circulation.recording import record_hit
from circulation.sealing import SEAL_AFTER, seal
from circulation.store import Store
from circulation.store.keys import page_key
from circulation.store.table import Change
from circulation.tally import Batch
from circulation.tallying import tally
from circulation.times import end_of
from cli import recount as command
from tests.builders import NOW, TODAY, article, hit, line

EARLIEST = end_of(TODAY) + SEAL_AFTER


@pytest.fixture
def day(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A day with two views, of which one is tallied."""
    publish(Submission(article()), store, now=NOW)
    for host in (1, 2):
        record_hit(
            hit(address=f"192.0.2.{host}", nonce=f"n{host}"),
            store,
            now=NOW,
            repeat_window=timedelta(0),
            random_bytes=bytes,
        )
    tally(Batch("s", [line(1)]), store)
    monkeypatch.setattr(command, "store_of", lambda *_: store)
    return store


def run(store: Store, at: datetime, *arguments: str) -> Result:
    """Run the command at a time of DynamoDB's clock; that of this machine is another."""
    store.ledger.time = lambda: at  # type: ignore[method-assign]
    return CliRunner().invoke(command.recount, arguments)


@pytest.mark.parametrize("early", [timedelta(minutes=1), SEAL_AFTER, timedelta(hours=2)])
def test_a_day_is_not_sealed_before_its_last_request_is_over(day: Store, early: timedelta) -> None:
    refused = run(day, EARLIEST - early, TODAY, "--write")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "2026-03-15T00:10:00Z" in refused.stderr
    assert not day.day_book.page("harbour-clock", TODAY).sealed
    assert run(day, EARLIEST, TODAY, "--write").exit_code == 0
    assert day.day_book.page("harbour-clock", TODAY).sealed


@pytest.mark.parametrize("mode", [[], ["--check"], ["--write"]])
def test_a_day_that_has_not_begun_is_refused(day: Store, mode: list[str]) -> None:
    refused = run(day, NOW, "2026-03-15", *mode)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "2026-03-15 has not begun" in refused.stderr


def test_a_seal_by_hand_tells_the_drift_that_it_set_right_and_then_none(day: Store) -> None:
    first = run(day, EARLIEST, TODAY, "--write")
    assert (first.exit_code, first.stdout) == (0, "harbour-clock\t1\t2\n")
    again = run(day, EARLIEST, TODAY, "--write")
    assert (again.exit_code, again.stdout) == (0, "")


@pytest.mark.parametrize("stands", [0, 1, 7])
def test_a_sealed_page_that_differs_from_the_ledger_is_told_and_stays(
    day: Store, stands: int
) -> None:
    seal("harbour-clock", TODAY, day, now=EARLIEST, closed="")
    wrong = Change.setting({"views": stands})
    day.day_book._table.update(page_key("harbour-clock", TODAY), wrong)  # noqa: SLF001
    for mode in ("--check", "--write"):
        told = run(day, EARLIEST, TODAY, mode)
        assert (told.exit_code, told.stdout) == (1, f"harbour-clock\t{stands}\t2\n")
    assert day.day_book.page("harbour-clock", TODAY).count.views == stands


def test_a_seal_by_hand_settles_what_was_cut_off(
    day: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(day.counters, "settle", lambda *_, **__: None)
        seal("harbour-clock", TODAY, day, now=EARLIEST, closed="")
    assert day.counters.get("harbour-clock").open_days == {TODAY}
    assert run(day, EARLIEST, TODAY, "--write").stdout == "harbour-clock\t1\t2\n"
    count = day.counters.get("harbour-clock")
    assert (count.views, count.open_days) == (2, frozenset())
