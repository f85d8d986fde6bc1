"""circulation recount over the tables: what is refused, what is told, and what stays as it is."""

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.table import Change
from circulation.counting.keys import page_key
from circulation.counting.sealing import SEAL_AFTER, seal
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation.times import end_of
from circulation.views.recording import record_hit
from circulation_cli import recount as command
from circulation_cli.deployment import Deployment
from tests.builders import NOW, TODAY, article, hit, line

EARLIEST = end_of(TODAY) + SEAL_AFTER


@pytest.fixture
def day(store: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    """A day with two views, of which one is tallied."""
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    for host in (1, 2):
        record_hit(
            hit(address=f"192.0.2.{host}", nonce=f"n{host}"),
            store.intake,
            now=NOW,
            repeat_window=timedelta(0),
            random_bytes=bytes,
        )
    tally(Batch("s", [line(1)]), store.books)
    monkeypatch.setattr(Deployment, "container", lambda _: store)
    return store


def run(store: Container, at: datetime, *arguments: str) -> Result:
    """Run the command at a time of DynamoDB's clock; that of this machine is another."""
    store.ledger.time = lambda: at  # type: ignore[method-assign]
    return CliRunner().invoke(command.recount, arguments)


@pytest.mark.parametrize("early", [timedelta(minutes=1), SEAL_AFTER, timedelta(hours=2)])
def test_a_day_is_not_sealed_before_its_last_request_is_over(
    day: Container, early: timedelta
) -> None:
    refused = run(day, EARLIEST - early, TODAY, "--write")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "2026-03-15T00:10:00Z" in refused.stderr
    assert not day.books.day_book.page("harbour-clock", TODAY).sealed
    assert run(day, EARLIEST, TODAY, "--write").exit_code == 0
    assert day.books.day_book.page("harbour-clock", TODAY).sealed


@pytest.mark.parametrize("mode", [[], ["--check"], ["--write"]])
def test_a_day_that_has_not_begun_is_refused(day: Container, mode: list[str]) -> None:
    refused = run(day, NOW, "2026-03-15", *mode)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "2026-03-15 has not begun" in refused.stderr


def test_a_seal_by_hand_tells_the_drift_that_it_set_right_and_then_none(day: Container) -> None:
    first = run(day, EARLIEST, TODAY, "--write")
    assert (first.exit_code, first.stdout) == (0, "harbour-clock\t1\t2\n")
    again = run(day, EARLIEST, TODAY, "--write")
    assert (again.exit_code, again.stdout) == (0, "")


@pytest.mark.parametrize("stands", [0, 1, 7])
def test_a_sealed_page_that_differs_from_the_ledger_is_told_and_stays(
    day: Container, stands: int
) -> None:
    seal("harbour-clock", TODAY, day.books, day.ledger, now=EARLIEST, closed="")
    wrong = Change.setting({"views": stands})
    day.library_table.update(page_key("harbour-clock", TODAY), wrong)
    for mode in ("--check", "--write"):
        told = run(day, EARLIEST, TODAY, mode)
        assert (told.exit_code, told.stdout) == (1, f"harbour-clock\t{stands}\t2\n")
    assert day.books.day_book.page("harbour-clock", TODAY).count.views == stands


def test_a_seal_by_hand_settles_what_was_cut_off(
    day: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(day.books.counters, "settle", lambda *_, **__: None)
        seal("harbour-clock", TODAY, day.books, day.ledger, now=EARLIEST, closed="")
    assert day.books.count("harbour-clock").open_days == {TODAY}
    assert run(day, EARLIEST, TODAY, "--write").stdout == "harbour-clock\t1\t2\n"
    count = day.books.count("harbour-clock")
    assert (count.views, count.open_days) == (2, frozenset())
