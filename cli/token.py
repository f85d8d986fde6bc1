"""circulation token: who may publish."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

import boto3
import click

from circulation.container import container
from circulation.tokens import MAX_TOKENS, is_name, sha256_of, text_of
from cli.deployment import deployment_options, store_of
from cli.printing import as_json_option
from cli.refused import Refused


@click.group()
def token() -> None:
    """Make, list and revoke publisher tokens; a change is known everywhere after five minutes."""


@token.command()
@click.argument("name")
@as_json_option
@deployment_options
def new(name: str, stack: str | None, state: Path, *, as_json: bool) -> None:
    """Make the token NAME and print it: it is kept nowhere, only its SHA-256 is."""
    known = store_of(stack, state).tokens.all()
    if not is_name(name):
        raise Refused(f"{name} is no name; one has 1 to 30 letters a to z, digits and hyphens")
    if name in known:
        raise Refused(f"there is a token {name}; revoke it first, or take another name")
    if len(known) >= MAX_TOKENS:
        raise Refused(f"there are {MAX_TOKENS} tokens; revoke one first")
    made = secrets.token_urlsafe(32)
    _put({**known, name: sha256_of(made)})
    click.echo(json.dumps({"name": name, "token": made}) if as_json else made)


@token.command("list")
@as_json_option
@deployment_options
def list_(stack: str | None, state: Path, *, as_json: bool) -> None:
    """List the tokens' names, each with the beginning of its SHA-256."""
    known = {name: sha256[:8] for name, sha256 in store_of(stack, state).tokens.all().items()}
    if as_json:
        click.echo(json.dumps(known))
        return
    for name, beginning in known.items():
        click.echo(f"{name}\t{beginning}")


@token.command()
@click.argument("name")
@as_json_option
@deployment_options
def revoke(name: str, stack: str | None, state: Path, *, as_json: bool) -> None:
    """Let nobody publish with the token NAME any more."""
    known = store_of(stack, state).tokens.all()
    if name not in known:
        raise Refused(f"there is no token {name}")
    if len(known) == 1:
        raise Refused(f"{name} is the last token; make another first")
    _put({each: sha256 for each, sha256 in known.items() if each != name})
    told = {"name": name, "status": "revoked"}
    click.echo(json.dumps(told) if as_json else f"revoked {name}")


def _put(tokens: Mapping[str, str]) -> None:
    """Keep these tokens and no others; no function may, so the store does not either."""
    boto3.client("ssm").put_parameter(
        Name=container().settings.token_parameter,
        Value=text_of(tokens),
        Type="String",
        Overwrite=True,
    )
