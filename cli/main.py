"""The command's root."""

import click

from cli.recount import recount
from cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="circulation")
def circulation() -> None:
    """Count the views of a site's articles, and serve the articles as JSON and feeds."""


circulation.add_command(recount)
circulation.add_command(serve)
