"""What a command prints: lines for people, or JSON for programs."""

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
