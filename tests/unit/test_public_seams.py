"""Tests use public names: whoever changes what is private need not change a test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PRIVATE = r"_(?!_|replace\b)\w*[^\W_]\w*"
"""A name with a leading underscore; neither __dunder__, nor the _ of what is not used, nor what all
named tuples have."""
MUTANT = "a mutant takes one rule away, wherever it stands"
EXCEPTIONS = {
    ("conftest.py", "_fixtureinfo"): "nothing public of pytest tells the scope of fixtures",
    ("local_stack/test_mail_server.py", "_publish_events"): "a process that ends before them",
    ("simulation/test_mailing.py", "_redeliver"): MUTANT,
    ("simulation/test_midnight.py", "_entry_change"): MUTANT,
    ("simulation/test_midnight.py", "_is_in"): MUTANT,
    ("simulation/test_large_day.py", "_table"): MUTANT,
    ("simulation/test_simulation.py", "_entry_change"): MUTANT,
    ("simulation/test_simulation.py", "_has_to_settle"): MUTANT,
    ("simulation/test_weeks.py", "_change"): MUTANT,
    ("simulation/test_weeks.py", "_find_waiting"): MUTANT,
    ("simulation/test_weeks.py", "_has_to_settle"): MUTANT,
    ("simulation/test_weeks.py", "_is_without"): MUTANT,
    ("simulation/test_weeks.py", "_read_line"): MUTANT,
    ("simulation/test_weeks.py", "_seal_page"): MUTANT,
    ("simulation/test_weeks.py", "_table"): MUTANT,
    ("simulation/test_wire.py", "_exchanged"): MUTANT,
    ("simulation/test_wire.py", "_read_head"): MUTANT,
    ("simulation/test_wire.py", "_resting"): MUTANT,
    ("simulation/test_wire.py", "_sent"): MUTANT,
}
"""The private names that a file of tests may use, with the reason."""


def private_names(source: str) -> Iterator[str]:
    """Give the private names of others that a module reads, imports or patches.

    A module's own names, and those of its classes' own instances, are its own affair. Programs that
    a test runs are text in it.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if not (isinstance(owner, ast.Name) and owner.id in {"self", "cls"}):
                yield from re.findall(rf"^{PRIVATE}$", node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for path in [*modules, *(alias.name for alias in node.names)]:
                yield from (part for part in path.split(".") if re.fullmatch(PRIVATE, part))
        elif isinstance(node, ast.Call) and called(node) in {"setattr", "delattr", "getattr"}:
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant):
                    yield from re.findall(rf"^{PRIVATE}$", str(argument.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(rf"(?:[\w\])]\.|\bimport )({PRIVATE})", node.value)


def called(call: ast.Call) -> str:
    """Give the name of the function or method that is called."""
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def test_tests_use_no_private_names_but_those_with_a_reason() -> None:
    used = {
        (str(path.relative_to(TESTS)), name)
        for path in sorted(TESTS.rglob("*.py"))
        if path != Path(__file__)
        for name in private_names(path.read_text())
    }
    assert used == EXCEPTIONS.keys()


@pytest.mark.parametrize(
    "source",
    [
        "store.salts._make",
        "self.containers[0]._make",
        "Salts(table)._make()",
        "from circulation.views.salts import _make",
        "from circulation._make import salts",
        "import circulation._make",
        "patch.setattr(salts, '_make', None)",
        "monkeypatch.delattr(salts, '_make')",
        "setattr(salts, '_make', None)",
        "getattr(salts, '_make')",
        "patch.setattr('circulation.views.salts.Salts._make', None)",
        "program = '''import x\nx._make = None'''",
        "program = f'''{x}()._make()'''",
        "program = 'from circulation import _make'",
    ],
)
def test_a_private_name_is_found_wherever_it_is_used(source: str) -> None:
    assert list(private_names(source)) == ["_make"]


@pytest.mark.parametrize(
    "source",
    [
        "self._made = cls._make()",
        "def _make(): return _make()",
        "salts.__class__, salts.__dict__",
        "line._replace(views=2)",
        "made, _ = make()",
        "from gettext import gettext as _",
        "item['_views'], settings.get('_make')",
        "'example._', '_make', 'and so on..._'",
    ],
)
def test_what_is_a_modules_own_is_not(source: str) -> None:
    assert not list(private_names(source))
