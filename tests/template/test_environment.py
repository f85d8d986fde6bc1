"""A function has the settings that it reads, and no others."""

import ast
from functools import cache
from pathlib import Path

import pytest

import circulation
import functions
from circulation_cli.local_stack.template import Template

PACKAGE = Path(circulation.__file__).parent
TEMPLATE = Template.load({})
MODULES = {
    name: function["Handler"].partition(".")[0] for name, function in TEMPLATE.functions().items()
}


@cache
def properties(module: str, name: str) -> dict[str, ast.FunctionDef]:
    """The members of a class of the package, by name."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    (found,) = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name]
    return {member.name: member for member in found.body if isinstance(member, ast.FunctionDef)}


def attributes(node: ast.AST) -> set[str]:
    return {found.attr for found in ast.walk(node) if isinstance(found, ast.Attribute)}


def web_modules(tree: ast.AST) -> set[Path]:
    """The modules of web that a module imports: they take the settings whole."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("circulation.web"):
            for name in (node.module or "", *(f"{node.module}.{part.name}" for part in node.names)):
                path = PACKAGE.parent / f"{name.replace('.', '/')}.py"
                found |= {path} if path.exists() else set()
    return found


def variables_read(module: str) -> set[str]:
    """Give the variables that a function may read, by the attributes that its code names."""
    trees = [ast.parse((Path(functions.__file__).parent / f"{module}.py").read_text())]
    seen: set[Path] = set()
    for tree in trees:  # it grows
        new = web_modules(tree) - seen
        seen |= new
        trees += [ast.parse(path.read_text()) for path in sorted(new)]
    names = set().union(*map(attributes, trees))
    members = properties("runtime", "Container") | properties("settings", "Settings")
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        if name in members:
            names |= attributes(members[name])
    return {
        constant.value
        for name in found & properties("settings", "Settings").keys()
        for constant in ast.walk(members[name])
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    }


@pytest.mark.parametrize("name", MODULES)
def test_a_function_has_no_setting_that_it_does_not_read(name: str) -> None:
    own = TEMPLATE.functions()[name].get("Environment", {}).get("Variables", {})
    assert own.keys() <= variables_read(MODULES[name])


@pytest.mark.parametrize(
    ("module", "variable"),
    [
        ("rotate_salts", "LEDGER_TABLE"),
        ("ping_hub", "LIBRARY_TABLE"),
        ("seal_day", "ORIGIN_SECRET"),
    ],
)
def test_a_setting_of_another_function_is_noticed(module: str, variable: str) -> None:
    assert variable not in variables_read(module)
