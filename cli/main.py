"""The command's root."""

import click

from cli.articles import export, list_, publish, show, unpublish
from cli.importing import import_
from cli.recount import recount
from cli.serve import serve
from cli.token import token


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="circulation")
def circulation() -> None:
    """Count the views of a site's articles, and serve the articles as JSON and feeds."""


for command in (export, import_, list_, publish, recount, serve, show, token, unpublish):
    circulation.add_command(command)
