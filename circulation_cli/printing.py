"""Output of commands: text that is safe in a terminal, or JSON for programs."""

import json
from typing import Any

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def json_line(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
    """Write a value as one line of JSON without control characters.

    Printable characters stay as they are; others are escaped, which is the same to programs.
    """
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else "".join(map(_escape, text))


def strip_controls(text: str) -> str:
    """Remove control characters from a text of several lines, but keep line breaks and tabs."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t\xa0")


def _escape(letter: str) -> str:
    return letter if letter.isprintable() else json.dumps(letter)[1:-1]
