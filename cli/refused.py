"""How a command refuses."""

import click


class Refused(click.ClickException):
    """The command cannot do what it is asked: one line, and exit code 2."""

    exit_code = 2
