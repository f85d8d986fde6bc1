"""How a command refuses."""

import click

from circulation.text import displayed


class Refused(click.ClickException):
    """The command cannot do what it is asked: one line, and exit code 2."""

    exit_code = 2

    def __init__(self, reason: str) -> None:
        super().__init__(displayed(reason))
