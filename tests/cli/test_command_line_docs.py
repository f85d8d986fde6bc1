"""docs/command-line.md has every command with every option, and no other."""

import re
from pathlib import Path

import click
import pytest

from circulation_cli.main import circulation
from tests.cli.commands import commands_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
SECTIONS = dict(
    re.findall(
        r"^## `circulation (\w+)[^`]*`\n(.*?)(?=^## |\Z)", TEXT, flags=re.MULTILINE | re.DOTALL
    )
)
COMMANDS = commands_of(circulation)
HEAD = TEXT.partition("\n## ")[0]


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert sorted(SECTIONS) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_told(name: str) -> None:
    command = COMMANDS[name]
    commands = [
        command,
        *(commands_of(command).values() if isinstance(command, click.Group) else ()),
    ]
    for each in commands:
        assert f"circulation {name}" in TEXT if each is command else f"`{each.name}" in TEXT
        for param in each.params:
            if isinstance(param, click.Option):
                told = re.findall(r"(?<![\w-])--?[a-z][\w-]*", SECTIONS[name] + HEAD)
                assert set(told) & set(param.opts), param.name
