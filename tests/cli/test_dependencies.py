"""What the wheel imports its metadata asks for: never what another package happens to bring."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import circulation
import circulation_cli
from circulation_cli.local_stack.template import TEMPLATE

PROJECT = tomllib.loads((TEMPLATE.parent / "pyproject.toml").read_text())["project"]
COMMAND = Path(circulation_cli.__file__).parent
SERVED = {COMMAND / "serve.py", *(COMMAND / "local_stack").rglob("*.py")}
PUBLISHED = {*Path(circulation.__file__).parent.rglob("*.py"), *COMMAND.rglob("*.py")} - SERVED
OURS = {"circulation", "circulation_cli"}
SAME = {"botocore": "boto3"}
"""botocore's version is boto3's own pin."""


def names_of(requirements: list[str]) -> set[str]:
    return {requirement.partition(">=")[0] for requirement in requirements}


BASE = names_of(PROJECT["dependencies"])
EXTRA = names_of(PROJECT["optional-dependencies"]["serve"])


def distributions_imported_by(files: set[Path]) -> set[str]:
    modules = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                modules |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    modules -= OURS | set(sys.stdlib_module_names)
    owners = packages_distributions()
    found = {name for module in modules for name in owners[module] if not name.startswith("types-")}
    normal = {name.lower().replace("_", "-") for name in found}
    return {SAME.get(name, name) for name in normal}


@pytest.mark.parametrize(
    ("files", "asked"), [(PUBLISHED, BASE), (SERVED, BASE | EXTRA)], ids=["publisher", "serve"]
)
def test_every_import_is_of_a_package_that_is_asked_for(files: set[Path], asked: set[str]) -> None:
    imported = distributions_imported_by(files)
    assert "click" in imported
    assert imported <= asked


def test_nothing_is_asked_for_that_is_not_imported() -> None:
    # Read by zoneinfo; MiniStack is run as a program of its own.
    assert BASE - distributions_imported_by(PUBLISHED) == {"tzdata"}
    assert EXTRA - distributions_imported_by(SERVED) == {"ministack"}


@pytest.mark.parametrize("lock", ["run", "test", "bench"])
def test_every_lock_has_what_lambda_has(lock: str) -> None:
    root = TEMPLATE.parent
    pins = (root / "locks" / f"{lock}.txt").read_text().split()
    layer = (root / "layers" / "circulation" / "requirements.txt").read_text().splitlines()
    required = [line for line in layer if not line.startswith("#")]
    assert required
    assert set(required) <= set(pins)
