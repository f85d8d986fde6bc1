"""What a command prints: lines for people, or JSON for programs."""

import json
from typing import Any

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def json_line(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
    """Write a value as one line of JSON that a terminal shows and never obeys.

    Letters stay as they are; what cannot be seen is escaped, which to a program is the same.
    """
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else "".join(map(_escaped, text))


def shown(text: str) -> str:
    """Give a text of several lines without what a terminal would obey."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t\xa0")


def _escaped(letter: str) -> str:
    return letter if letter.isprintable() else json.dumps(letter)[1:-1]
