"""The root of the command, which imports a subcommand only when that is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from circulation_cli.refused import Refused


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A subcommand: its module and attribute, and its line in --help, which imports none."""

    module: str
    attribute: str
    summary: str
    extra: str = ""
    """The package's extra with its further dependencies; empty if it needs none."""

    def load(self) -> click.Command:
        """Import the subcommand. Raises Refused if its extra is not installed."""
        try:
            module = import_module(self.module)
        except ModuleNotFoundError as error:
            if not self.extra:
                raise
            raise Refused(
                f"circulation {self.attribute} needs {error.name}: "
                f"install circulation[{self.extra}] in place of circulation"
            ) from error
        command: click.Command = getattr(module, self.attribute)
        return command


SUBCOMMANDS = {
    "demo": Subcommand(
        "circulation_cli.demo_year",
        "demo",
        "Fill the local stack with a made-up year of readers.",
        extra="serve",
    ),
    "digest": Subcommand(
        "circulation_cli.digest", "digest", "Show what became of digests, and resume one."
    ),
    "doctor": Subcommand(
        "circulation_cli.doctor",
        "doctor",
        "Examine a stack without changing it, and say what is wrong.",
    ),
    "export": Subcommand(
        "circulation_cli.articles", "export", "Write every article with its views."
    ),
    "import": Subcommand(
        "circulation_cli.importing", "import_", "Publish every article of another system."
    ),
    "list": Subcommand("circulation_cli.articles", "list_", "List articles with their views."),
    "merge": Subcommand(
        "circulation_cli.merge", "merge", "Merge articles that came in twice under different ids."
    ),
    "publish": Subcommand("circulation_cli.articles", "publish", "Create or replace articles."),
    "rebuild": Subcommand(
        "circulation_cli.rebuild", "rebuild", "Make the roll-ups of settled days anew."
    ),
    "recount": Subcommand(
        "circulation_cli.recount", "recount", "Count a UTC day again from the ledger."
    ),
    "serve": Subcommand(
        "circulation_cli.serve", "serve", "Run Circulation on this machine.", extra="serve"
    ),
    "share": Subcommand(
        "circulation_cli.share", "share", "Create, list and revoke links that open statistics."
    ),
    "show": Subcommand("circulation_cli.articles", "show", "Show an article with its views."),
    "stats": Subcommand(
        "circulation_cli.stats", "stats", "Show the statistics of the site and its articles."
    ),
    "subscribers": Subcommand(
        "circulation_cli.subscribers",
        "subscribers",
        "Import, export, erase and count subscribers.",
    ),
    "token": Subcommand(
        "circulation_cli.token", "token", "Create, list and revoke publisher tokens."
    ),
    "totals": Subcommand(
        "circulation_cli.totals", "totals", "Show an article's number by its parts, and correct it."
    ),
    "unpublish": Subcommand(
        "circulation_cli.articles", "unpublish", "Remove an article from all lists and feeds."
    ),
}


@contextmanager
def _in_one_line() -> Iterator[None]:
    """Refuse a wrong option or word in a line, without click's lines on usage before it."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise Refused(error.format_message()) from error


class Root(click.Group):
    """A group that finds its commands in SUBCOMMANDS (click, "Complex Applications": lazy)."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401  click's
        """Read the group's own options."""
        with _in_one_line():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's
        """Read the options of the command, and run it."""
        with _in_one_line():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Give the names of all commands."""
        return sorted(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  likewise
        """Import the command with a name; None if there is none."""
        subcommand = SUBCOMMANDS.get(cmd_name)
        return subcommand.load() if subcommand else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, SUBCOMMANDS[name].summary) for name in self.list_commands(ctx)]
            )


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="circulation")
def circulation() -> None:
    """Count the views of a site's articles, and serve the articles as JSON and feeds."""
