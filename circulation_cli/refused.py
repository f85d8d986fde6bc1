"""The error with which a command refuses."""

import click

from circulation.text import displayed


class Refused(click.ClickException):
    """The command refuses; it prints the reason in one line and exits with code 2."""

    exit_code = 2

    def __init__(self, reason: str) -> None:
        super().__init__(displayed(reason))
