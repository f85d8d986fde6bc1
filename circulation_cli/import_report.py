"""The outcomes of an import: printed as they come, and kept in a file, by which it is resumed."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from circulation.importing.totals import Totals
from circulation_cli.printing import json_line
from circulation_cli.refused import Refused

Outcome = dict[str, Any]

STATUSES = (
    "created", "updated", "unchanged", "done", "public", "scheduled", "private", "skipped",
    "refused", "warning",
)  # fmt: skip
"""What becomes of an item, in the order in which their numbers are printed."""
SHOWN_ROWS = 5
"""Rows of a file of totals that matched no article, as they are printed; the report has all."""

_DONE = {"created", "updated", "unchanged", "done"}


class ReportFile:
    """A file with a line of JSON for each outcome."""

    def __init__(self, file: TextIO | None = None, done: Iterable[str] = ()) -> None:
        self._file = file
        self.done = frozenset(done)
        """The fingerprints of the articles that an interrupted import published already."""

    @classmethod
    def open(cls, path: Path | None, *, resume: bool) -> Self:
        """Open a report, or none without a path. Raises Refused."""
        if path is None:
            if resume:
                raise Refused("--resume needs the --report of the import that was interrupted")
            return cls()
        try:
            if not resume:
                return cls(path.open("x", encoding="utf-8"))
            done = _read_done(path)
            return cls(path.open("a", encoding="utf-8"), done)
        except FileExistsError as error:
            raise Refused(f"{path} exists: --resume goes on with it") from error
        except (OSError, ValueError) as error:
            raise Refused(f"{path}: {error}") from error

    def write(self, line: Outcome) -> None:
        """Write a line so that it is there whatever happens next."""
        if self._file:
            self._file.write(f"{json.dumps(line, ensure_ascii=False)}\n")
            self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()


def _read_done(path: Path) -> set[str]:
    """Read what was published; the last line may have been cut off. Raises ValueError."""
    done = set()
    lines = path.read_text("utf-8").splitlines()
    for number, text in enumerate(lines, 1):
        try:
            line = json.loads(text)
        except ValueError as error:
            if number == len(lines):
                break
            raise ValueError(f"line {number} is not of a report") from error
        if isinstance(line, dict) and line.get("status") in _DONE and "fingerprint" in line:
            done.add(str(line["fingerprint"]))
    return done


def report(outcomes: Iterable[Outcome], file: ReportFile, *, as_json: bool) -> Counter[str]:
    """Print and write outcomes as they come, and then their numbers, which it gives."""
    counted: Counter[str] = Counter()
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("articles", total=None)
        for outcome in outcomes:
            counted[outcome["status"]] += 1
            progress.advance(task)
            file.write(outcome)
            shown = {name: value for name, value in outcome.items() if name != "fingerprint"}
            if as_json:
                click.echo(json_line(shown))
            elif "reason" in shown:
                click.echo(f"{shown['status']}: {shown['where']}: {shown['reason']}", err=True)
    items = counted.total() - counted["warning"]
    summary = ", ".join(
        f"{counted[status]} {status}{'s' if status == 'warning' and counted[status] > 1 else ''}"
        for status in STATUSES
        if counted[status] or status == "refused"
    )
    click.echo(f"{items} found: {summary}", err=as_json)
    return counted


def report_totals(totals: Totals, file: ReportFile) -> None:
    """Say which totals were used for no article, what could not be read, and what was assumed."""
    unmatched = totals.unmatched()
    lines = [f"note: {note}" for note in totals.notes]
    lines += [f"refused: {fault.where}: {fault.reason}" for fault in totals.faults]
    lines += [
        f"no article: {entry.where}: {entry.name}: {entry.total.views:,} views"
        for entry in unmatched[:SHOWN_ROWS]
    ]
    if len(unmatched) > SHOWN_ROWS:
        lines.append(f"no article: {len(unmatched) - SHOWN_ROWS} more rows; a --report has all")
    for line in lines:
        click.echo(f"totals: {line}", err=True)
    for fault in totals.faults:
        file.write({"status": "refused", "totals": fault.where, "reason": fault.reason})
    for entry in unmatched:
        file.write(
            {"status": "unmatched", "totals": entry.where, "name": entry.name,
             "views": entry.total.views}
        )  # fmt: skip
