"""The command starts without what its subcommands need."""

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from circulation_cli.main import SUBCOMMANDS, circulation
from tests.cli.commands import commands_of

OWN = {
    "circulation_cli",
    "circulation_cli.main",
    "circulation_cli.refused",
    "circulation",
    "circulation.text",
}


PROGRAM = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from circulation_cli.main import circulation
circulation(sys.argv[1:], prog_name="circulation")
"""


def imported_by(*arguments: str) -> set[str]:
    """Run the command; give every module that it imported."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True
    )
    return set(run.stderr.split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["-h"]])
def test_no_subcommand_is_imported_to_say_what_there_is(arguments: list[str]) -> None:
    modules = imported_by(*arguments)
    assert "click" in modules
    assert {
        name for name in modules if name.partition(".")[0] in ("circulation_cli", "circulation")
    } <= OWN
    assert modules.isdisjoint({"boto3", "httpx", "lxml", "rich", "uvicorn"})


def test_a_client_of_the_api_imports_nothing_of_the_local_stack() -> None:
    modules = imported_by("publish", "--help")
    assert "circulation_cli.articles" in modules
    assert not any(name.startswith("circulation_cli.local_stack") for name in modules)
    assert "uvicorn" not in modules


def test_the_list_of_commands_is_all_that_there_is() -> None:
    shown = CliRunner().invoke(circulation, ["--help"]).output
    assert re.findall(r"^  (\w+)  ", shown.partition("Commands:")[2], re.MULTILINE) == sorted(
        SUBCOMMANDS
    )


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_has_its_name_and_a_summary_of_one_line(name: str) -> None:
    command = commands_of(circulation)[name]
    assert command.name == name
    line = next(
        line
        for line in CliRunner().invoke(circulation, ["--help"]).output.splitlines()
        if line.strip().startswith(f"{name} ")
    )
    assert SUBCOMMANDS[name].summary in line


def test_a_command_that_there_is_not_is_refused() -> None:
    done = CliRunner().invoke(circulation, ["publihs"])
    assert done.exit_code == 2
    assert "No such command 'publihs'" in done.stderr


@pytest.mark.parametrize(
    "call",
    [
        ["stats", "site", "--period", "fortnight"],
        ["stats", "site", "--compare", "never"],
        ["stats", "top", "--sort", "name"],
        ["stats", "tags", "--limit", "0"],
        ["stats", "everything"],
        ["rebuild", "--from", "2026-13"],
        ["--loud"],
        ["unknown"],
        ["show"],
    ],
)
def test_a_wrong_word_is_refused_in_one_line(call: list[str]) -> None:
    done = CliRunner().invoke(circulation, call)
    assert done.exit_code == 2
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1


def test_a_group_alone_shows_its_help() -> None:
    assert "Commands:" in CliRunner().invoke(circulation, []).output
    assert "Commands:" in CliRunner().invoke(circulation, ["token"]).output
