"""Counts that go out by an export and come in by an import, on one stack and on several."""

import csv
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from circulation.articles.article import read_submission
from circulation.articles.exporting import GONE, export_articles
from circulation.articles.publishing import publish, unpublish
from circulation.articles.remains import are_remains, read_remains
from circulation.articles.restoring import corrected_count, restore
from circulation.counting.correcting import correct
from circulation.counting.correction import Proposal, older_total
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import InvalidInput
from circulation.importing.items import SourceDefaults
from circulation.importing.source import read_source
from circulation.importing.totals import read_totals
from circulation.runtime import Container
from circulation.web.json.exports import exported_json
from circulation_cli.articles import COLUMNS, format_cell
from tests.builders import NOW, line, submitted
from tests.simulation.conftest import settings_of_world
from tests.simulation.dynamodb import DynamoDB, Fate

STACKS = ("first", "second", "third")
ARTICLE = "harbour-clock"
SETTINGS = settings_of_world()
Submitted = dict[str, Any]


def as_lines(shown: Mapping[str, Any], directory: Path) -> Submitted:
    """Read an article as `circulation export` writes it, as a line of JSON."""
    return one_of(directory, json.dumps(shown))


def as_totals(shown: Mapping[str, Any], directory: Path) -> Submitted:
    """Read it from another source, with the totals of an export in CSV."""
    file = directory / "export.csv"
    with file.open("w") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerow([format_cell(shown.get(name, "")) for name in COLUMNS])
    source = submitted(id=ARTICLE)
    total = read_totals(file).of(source)
    assert total
    return source | total.fields()


def as_answered(shown: Mapping[str, Any], directory: Path) -> Submitted:
    """Read it as the API answers it to anybody: its views are in one number.

    Who is not told of corrections cannot tell them from views (decision 17), so with corrections it
    is read as it was exported.
    """
    if "corrections" in shown:
        return as_lines(shown, directory)
    return one_of(
        directory,
        json.dumps({name: shown[name] for name in shown if not name.startswith("views_")}),
    )


def one_of(directory: Path, content: str) -> Submitted:
    file = directory / "export.ndjson"
    file.write_text(content)
    (found,) = read_source(file, SourceDefaults())
    assert found.article
    return found.article


FORMATS = (as_lines, as_totals, as_answered)


class Exports(RuleBasedStateMachine):
    """Stacks that count for themselves, between which exports go to and fro, at any time."""

    exports = Bundle("exports")

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.stacks: dict[str, Container] = {}
        self.viewed = 0
        self.older = 0
        self.proposed = 0

    def teardown(self) -> None:
        self.directory.cleanup()

    @initialize()
    def start(self) -> None:
        for name in STACKS:
            client = DynamoDB(lambda *_: Fate.DONE, lambda *_: None)
            self.stacks[name] = Container(SETTINGS, cast("Any", client))

    @rule(stack=st.sampled_from(STACKS), total=st.integers(0, 50))
    def import_older_total(self, stack: str, total: int) -> None:
        """An older total is below what is counted here; a smaller one changes nothing."""
        self.older = max(self.older, total)
        counted, base = self.counted(stack)
        self.publish(stack, submitted(views_before=total))
        assert self.counted(stack) == (counted, max(base, total))

    @rule(stack=st.sampled_from(STACKS), views=st.integers(1, 20))
    def view(self, stack: str, views: int) -> None:
        if self.counted(stack, published=True) is None:
            return
        lines = [line(self.viewed + number) for number in range(1, views + 1)]
        self.viewed += views
        tally(Batch("shard", lines), self.stacks[stack].books)

    @rule(stack=st.sampled_from(STACKS))
    def unpublish(self, stack: str) -> None:
        if self.counted(stack, published=True) is not None:
            unpublish(ARTICLE, self.stacks[stack].catalogue, self.stacks[stack].books, now=NOW)

    @rule(
        stack=st.sampled_from(STACKS),
        views=st.none() | st.integers(-30, 30).filter(bool),
        total=st.integers(0, 50),
    )
    def correct(self, stack: str, views: int | None, total: int) -> None:
        """Views are added or taken off, or the older total is set; no number becomes negative."""
        if self.counted(stack) == (0, 0):
            return
        self.proposed += 1
        store, before = self.stacks[stack], self.parts(stack)
        proposal = Proposal(f"c{self.proposed}", "why", views, total if views is None else None)
        try:
            made = correct(ARTICLE, proposal, store.books, store.corrections, now=NOW, by="t")
        except InvalidInput:
            assert self.parts(stack) == before
            return
        added = sum(entry.views for entry in made.corrections) - sum(before[1].values())
        # Corrections of two stacks, joined by an import, can be more than all views: 0 is shown.
        assert made.count.views == max(0, before[0] + sum(before[1].values()) + added)
        if views is None:
            assert older_total(made.count.base, made.corrections) == total
        else:
            assert added == views
        assert self.parts(stack)[0] == before[0]

    @rule(target=exports, stack=st.sampled_from(STACKS))
    def export(self, stack: str) -> tuple[str, Mapping[str, Any]]:
        store = self.stacks[stack]
        page = export_articles(None, store.catalogue, store.books, store.corrections, limit=10)
        if page.after:
            assert not page.articles or page.after == GONE
        if not page.articles:
            page = export_articles(
                None, store.catalogue, store.books, store.corrections, limit=10, after=GONE
            )
        if not page.articles:
            return stack, {}
        shown = exported_json(page.articles[0], SETTINGS.publication)
        parts = ("views_before", "views_corrected", "views_counted")
        assert shown["views"] == max(0, sum(shown[name] for name in parts))
        return stack, shown

    @rule(stack=st.sampled_from(STACKS), export=exports, read=st.sampled_from(FORMATS))
    def import_(self, stack: str, export: tuple[str, Mapping[str, Any]], read: Any) -> None:
        """What was counted is what it was, or as exported; corrections are made once each."""
        source, shown = export
        if not shown:
            return
        total, known = self.parts(stack)
        exported = {entry["id"]: entry["views"] for entry in shown.get("corrections", [])}
        for _ in range(2):
            self.publish(stack, read(shown, Path(self.directory.name)))
            after = self.parts(stack)
            expected = max(total, shown["views_before"] + shown["views_counted"])
            assert after == (expected, known | exported)
        if source == stack:
            assert after == (total, known)
        elif (
            total <= shown["views_before"] + shown["views_counted"]
            and known.items() <= exported.items()
        ):
            number = self.stacks[stack].books.count(ARTICLE, consistent=True).views
            assert number == shown["views"]

    @invariant()
    def nothing_is_counted_twice(self) -> None:
        for stack in self.stacks:
            assert sum(self.counted(stack)) <= self.viewed + self.older

    def publish(self, stack: str, sent: Submitted) -> None:
        store = self.stacks[stack]
        stores = store.books, store.corrections
        if are_remains(sent):
            restore(read_remains(ARTICLE, sent), store.catalogue, *stores, now=NOW)
            return
        submission = read_submission(ARTICLE, sent)
        published = publish(submission, store.catalogue, store.books, now=NOW)
        corrected_count(submission, published, *stores, now=NOW)

    def parts(self, stack: str) -> tuple[int, dict[str, int]]:
        """Give the older total and what was counted, together, and the corrections by id."""
        corrections = self.stacks[stack].corrections.of(ARTICLE)
        return sum(self.counted(stack)), {entry.id: entry.views for entry in corrections}

    def counted(self, stack: str, *, published: bool = False) -> Any:
        """Give the views that a stack counted and its older total; None where none is published."""
        count = self.stacks[stack].books.counts([ARTICLE], consistent=True).get(ARTICLE)
        if published and (count is None or count.unpublished):
            return None
        return (count.counted, count.base) if count else (0, 0)


Exports.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestExports = Exports.TestCase
