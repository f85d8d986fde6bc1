"""docs/command-line.md has every command with every option, and no other."""

import re
from pathlib import Path

import click
import pytest

from cli.main import circulation

TEXT = Path("docs/command-line.md").read_text(encoding="utf-8")
SECTIONS = dict(
    re.findall(
        r"^## `circulation (\w+)[^`]*`\n(.*?)(?=^## |\Z)", TEXT, flags=re.MULTILINE | re.DOTALL
    )
)
HEAD = TEXT.partition("\n## ")[0]


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert sorted(SECTIONS) == sorted(circulation.commands)


@pytest.mark.parametrize("name", circulation.commands)
def test_every_option_is_told(name: str) -> None:
    for each in circulation.commands[name].params:
        if isinstance(each, click.Option):
            assert any(option in SECTIONS[name] + HEAD for option in each.opts), each.name
