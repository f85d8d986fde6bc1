"""Filler names stay out of the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import circulation

LAYER = Path(circulation.__file__).parent.parent
ROOT = LAYER.parents[1]
FILLERS = {"told", "each", "kept", "held", "given"}
"""Names that fit any value, and so say of none what it is."""
PACKAGES = [
    *(LAYER / name for name in ("building", "circulation", "contract", "lists")),
    ROOT / "bench",
    ROOT / "circulation_cli",
    ROOT / "functions",
]
PATHS = [path for package in PACKAGES for path in sorted(package.rglob("*.py"))]


def names(source: str) -> Iterator[str]:
    """Give every name that a module binds: variables, parameters, functions and classes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_name_says_what_it_names(path: Path) -> None:
    assert not FILLERS & set(names(path.read_text()))


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "for each in []: pass",
        "def f(held): pass",
        "def kept(): pass",
        "[given for given in []]",
    ],
)
def test_a_filler_is_found_wherever_it_is_bound(source: str) -> None:
    assert FILLERS & set(names(source))
