"""Findings: what was asked of a stack, what is wrong with it, and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from circulation_cli.examination.assumptions import ASKED, ASKED_OF_CANARY, BY_HAND, IN_PART


class Level(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    WARN = "warn"
    """It works, and somebody should look at it."""
    FAIL = "fail"
    """It does not work, or it will not when it is needed."""
    OPEN = "open"
    """The question was not answered, so nothing is known."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the result."""

    level: Level
    subject: str
    """What was examined, in a word or two."""
    text: str
    """What was found."""
    advice: str = ""
    """What to do; empty if nothing is to be done."""
    assumptions: tuple[int, ...] = ()
    """The lines of docs/aws-assumptions.md that this answers."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """In place of a fact: why it is not known."""

    reason: str


def exit_code(findings: Iterable[Finding]) -> int:
    """Give 1 if anything fails or was not answered, else 0: what is not known is not well."""
    return int(any(finding.level in (Level.FAIL, Level.OPEN) for finding in findings))


def summary(findings: Iterable[Finding]) -> str:
    """Say how many findings there are of every level that has any."""
    levels = [finding.level for finding in findings]
    names = {Level.OPEN: "not answered"}
    counts = [
        f"{levels.count(level)} {names.get(level, level)}" for level in Level if level in levels
    ]
    return ", ".join(counts)


def sort_assumptions(findings: Iterable[Finding], *, canary: bool) -> Mapping[str, list[int]]:
    """Say of every line of docs/aws-assumptions.md what became of it.

    It is wrong if any finding about it fails, it holds if all are well, and it was not asked if
    there is none: then it is left to a person, like those that no stack can answer.
    """
    levels: dict[int, set[Level]] = {}
    for finding in findings:
        for number in finding.assumptions:
            levels.setdefault(number, set()).add(finding.level)
    found: dict[str, list[int]] = {name: [] for name in ("holds", "in part", "wrong", "by hand")}
    for number in sorted({*ASKED, *IN_PART, *ASKED_OF_CANARY, *BY_HAND}):
        seen = levels.get(number, set())
        if Level.FAIL in seen:
            found["wrong"].append(number)
        elif not seen or seen - {Level.OK} or (number in ASKED_OF_CANARY and not canary):
            found["by hand"].append(number)
        else:
            found["in part" if number in IN_PART else "holds"].append(number)
    return found
