"""The rules of the house that no ready tool knows."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import circulation
import functions

MAX_ROUTE_LINES = 15
PACKAGE = Path(circulation.__file__).parent
NOUNS = [
    "article", "bots", "breakdown", "canonical", "count", "countries", "devices",
    "domain_names", "drift", "edition", "errors", "gathered", "ids", "listing", "nesting",
    "popularity", "precondition", "publication", "referrers", "revision", "segment", "tally",
    "text", "throttle", "times", "tokens", "urls", "view", "visitor",
]  # fmt: skip
GERUNDS = [
    "authorizing", "finding", "pinging", "publishing", "ranking", "reading", "recording",
    "recounting", "rotating", "sealing", "syncing", "syndicating", "tallying", "totalling",
]  # fmt: skip
BACKOFF = PACKAGE / "store/backoff.py"
"""Where what waits takes its sleep and its chance from, unless a test gives it others."""
HANDLERS = sorted(
    each for each in Path(functions.__file__).parent.glob("*.py") if each.stem[0] != "_"
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


def test_every_module_is_a_noun_a_gerund_or_the_outside() -> None:
    outside = {"__init__", "container", "markup", "metrics", "settings"}
    assert {each.stem for each in PACKAGE.glob("*.py")} == outside | {*NOUNS, *GERUNDS}
    assert all(each.endswith("ing") for each in GERUNDS)
    assert {each.parent.name for each in PACKAGE.glob("*/__init__.py")} == {
        "feeds", "hub", "sources", "store", "web", "widget",
    }  # fmt: skip


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_imports_the_standard_library_and_nouns_alone(noun: str) -> None:
    nouns = {f"circulation.{each}" for each in NOUNS}
    for name in imported(PACKAGE / f"{noun}.py"):
        assert name in nouns or name.partition(".")[0] in sys.stdlib_module_names, name


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: path.stem)
def test_a_handler_module_decodes_calls_and_responds(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        assert not isinstance(node, ast.Try | ast.While | ast.With), (
            f"line {node.lineno}: belongs in the core"
        )
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= MAX_ROUTE_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_the_core_asks_no_clock_and_throws_no_dice(path: Path) -> None:
    banned = {"now", "utcnow", "today", "time_ns", "monotonic", "urandom", "token_bytes", "uuid4"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in banned, f"line {node.lineno}"
    allowed = {"random", "time"} if path == BACKOFF else set()
    assert not ({"random", "secrets", "time", "uuid"} - allowed) & set(imported(path))
