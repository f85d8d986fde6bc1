"""The rules of the house that no ready tool knows."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import circulation
import functions
from circulation_cli.local_stack.template import TEMPLATE

MAX_ROUTE_LINES = 15
PACKAGE = Path(circulation.__file__).parent
CLOCKS = {
    PACKAGE / "aws/backoff.py": {"random", "time"},
    PACKAGE / "aws/direct_client.py": {"time"},
}
"""Where what waits takes its sleep and its chance from, and what signs the moment, unless a test
gives it others."""
CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((TEMPLATE.parent / "pyproject.toml").read_text())["tool"][
        "importlinter"
    ]["contracts"]
}
RULES = CONTRACTS["Rules know nothing of what is kept"]["source_modules"]
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


@pytest.mark.parametrize("module", RULES)
def test_a_rule_imports_the_standard_library_and_the_package_alone(module: str) -> None:
    path = PACKAGE.parent / f"{module.replace('.', '/')}.py"
    for name in imported(path):
        root = name.partition(".")[0]
        assert root == "circulation" or root in sys.stdlib_module_names, name


def test_a_package_imports_nothing_by_itself() -> None:
    """Whoever imports one module of a room loads no other: a cold start pays for each."""
    for path in PACKAGE.rglob("__init__.py"):
        if path.parent.name != "widget":
            assert not list(imported(path)), path


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: path.stem)
def test_a_handler_module_decodes_calls_and_responds(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        assert not isinstance(node, ast.While | ast.With), (
            f"line {node.lineno}: belongs in the core"
        )
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= MAX_ROUTE_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize(
    "path", [*sorted(PACKAGE.rglob("*.py")), *HANDLERS], ids=lambda path: path.stem
)
def test_no_answer_says_the_called_address_where_another_is_set(path: Path) -> None:
    """Request.public_url chooses; who compares origins alone needs to know what was called."""
    readers = {PACKAGE / "web/request.py", PACKAGE / "web/subscriptions.py"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            is_called_address = (node.value.id, node.attr) == ("request", "base_url")
            assert not is_called_address or path in readers, f"line {node.lineno}"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_the_core_asks_no_clock_and_throws_no_dice(path: Path) -> None:
    banned = {"now", "utcnow", "today", "time_ns", "monotonic", "urandom", "token_bytes", "uuid4"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in banned, f"line {node.lineno}"
    allowed = CLOCKS.get(path, set())
    assert not ({"random", "secrets", "time", "uuid"} - allowed) & set(imported(path))
