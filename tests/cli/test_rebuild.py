"""circulation rebuild over the tables: what it makes, what it says, and what it refuses."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from circulation.articles import keys
from circulation.articles.article import Submission
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publishing import publish, unpublish
from circulation.articles.queries import read_sections
from circulation.aws.table import Change
from circulation.counting.counts import Total
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation.times import end_of
from circulation_cli import rebuild as command
from circulation_cli.deployment import Deployment
from tests.builders import NOW, TODAY, article, line
from tests.rollup_sums import wrong_rollups


class Clock:
    """A clock that stands."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self, _: object) -> datetime:
        """Give the time."""
        return self._at


MARCH = Listing(Kind.MONTH, "2026-03")
AFTER = end_of(TODAY) + timedelta(hours=2)


@pytest.fixture
def day(store: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    """A day with two views, which is settled and not rolled up."""
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    tally(Batch("s", [line(1), line(2)]), store.books)
    page = store.books.day_book.page("harbour-clock", TODAY)
    labels = store.books.counters.labels_of("harbour-clock")
    store.books.day_book.seal(page, page.count, complete=True, labels=labels)
    store.books.counters.settle("harbour-clock", TODAY, page.count, closed="")
    store.site.put(TODAY, Total(2, 2), as_of=NOW, clock=NOW)
    monkeypatch.setattr(Deployment, "container", lambda _: store)
    return store


def run(store: Container, *arguments: str, at: datetime = AFTER) -> Result:
    """Run the command at a time of DynamoDB's clock."""
    store.library_table.time = lambda: at  # type: ignore[method-assign]
    return CliRunner().invoke(command.rebuild, arguments)


def test_each_month_is_told_when_it_is_done(day: Container) -> None:
    day.books.day_book.close(TODAY)
    told = run(day)
    assert (told.exit_code, told.stdout) == (0, "2026-03\t1\n")
    assert wrong_rollups(day, [TODAY]) == []
    again = run(day, "--from", "2026-03", "--to", "2026-03", at=AFTER + timedelta(minutes=1))
    assert (again.exit_code, again.stdout) == (0, "2026-03\t1\n")
    assert wrong_rollups(day, [TODAY]) == []


def test_months_that_were_not_asked_for_are_left_alone(day: Container) -> None:
    day.books.day_book.close(TODAY)
    told = run(day, "--to", "2026-02")
    assert (told.exit_code, told.stdout) == (0, "")
    assert wrong_rollups(day, [TODAY])


def test_without_a_settled_day_nothing_can_be_rebuilt(day: Container) -> None:
    refused = run(day)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no day is settled yet" in refused.stderr


def test_what_is_no_month_is_refused(day: Container) -> None:
    assert run(day, "--from", "March").exit_code == 2


def test_what_is_kept_of_listings_is_made_anew(
    day: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation.articles.library.is_milestone", lambda *_: True)
    key = {"pk": keys.SECTION_SIZES, "sk": "city#3"}
    day.library_table.update(key, Change.setting({"articles": 7, "changes": 1}))
    day.library_table.delete(keys.edition_key(MARCH))
    assert read_sections(day.catalogue, now=NOW) != {"city": 1}
    made = run(day, "--listings")
    assert (made.exception, made.stdout) == (None, "city\t1\n2026-03\t1\n")
    sizes = day.catalogue.library.section_sizes.shares("city")
    editions = dict(day.catalogue.editions.all(now=NOW))
    assert read_sections(day.catalogue, now=NOW) == {"city": 1}
    assert (edition := day.catalogue.editions.get(MARCH, now=NOW))
    assert edition.shown
    assert len(day.catalogue.library.milestones()) == 1
    assert run(day, "--listings").stdout == "city\t1\n2026-03\t1\n"
    assert day.catalogue.library.section_sizes.shares("city") == sizes
    again = dict(day.catalogue.editions.all(now=NOW))
    assert again.pop(ALL) != editions.pop(ALL)  # so that what was made of it is made anew
    assert again == editions


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(days=40)])
@pytest.mark.parametrize("step", ["unpublish", "schedule"])
def test_a_month_that_was_listed_before_is_shown_whatever_changed_since(
    day: Container, monkeypatch: pytest.MonkeyPatch, step: str, at: datetime
) -> None:
    other = article("other", url="https://news.example/other")
    publish(Submission(other), day.catalogue, day.books, now=NOW)
    day.library_table.delete(keys.edition_key(MARCH))  # an older version had none
    if step == "unpublish":
        unpublish("other", day.catalogue, day.books, now=NOW)
    else:
        coming = replace(other, published=NOW + timedelta(days=3))
        publish(Submission(coming), day.catalogue, day.books, now=NOW)
    monkeypatch.setattr(command, "datetime", Clock(at))
    assert run(day, "--listings").exception is None
    assert (edition := day.catalogue.editions.get(MARCH, now=at))
    assert edition.shown
    assert run(day, "--listings").exception is None
    assert day.catalogue.editions.get(MARCH, now=at) == edition
