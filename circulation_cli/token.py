"""circulation token: who may publish, and who may read statistics."""

import json
import secrets
from datetime import UTC, datetime

import click

from circulation.access.token_hashes import TokenExists, TooManyTokens
from circulation.access.tokens import MAX_TOKENS, Scope, Token, is_name, sha256_of
from circulation.times import format_time
from circulation_cli.deployment import Deployment, deployment_options
from circulation_cli.printing import as_json_option
from circulation_cli.refused import Refused


@click.group()
def token() -> None:
    """Create, list and revoke publisher tokens."""


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    help="What the token may do: publish, or read statistics; may be repeated.  [default: both]",
)
@as_json_option
@deployment_options
def new(name: str, scopes: tuple[str, ...], deployment: Deployment, *, as_json: bool) -> None:
    """Create the token NAME and print it. Only its SHA-256 is stored.

    It is valid at once.
    """
    if not is_name(name):
        raise Refused(f"{name!r} is no name; one has 1 to 30 letters a to z, digits and hyphens")
    secret = secrets.token_urlsafe(32)
    allowed = frozenset(map(Scope, scopes or Scope))
    made = Token(name, sha256_of(secret), allowed, datetime.now(UTC))
    try:
        deployment.container().tokens.add(made)
    except TokenExists as error:
        raise Refused(f"there is a token {name}; revoke it first, or take another name") from error
    except TooManyTokens as error:
        raise Refused(f"there are {MAX_TOKENS} tokens; revoke one first") from error
    row = {"name": name, "scopes": sorted(allowed), "token": secret}
    click.echo(json.dumps(row) if as_json else secret)


@token.command("list")
@as_json_option
@deployment_options
def list_(deployment: Deployment, *, as_json: bool) -> None:
    """List the tokens: name, scopes, time of creation and the first digits of the SHA-256."""
    rows = [
        {
            "name": known.name,
            "scopes": sorted(known.scopes),
            "created": format_time(known.created),
            "sha256": known.sha256[:8],
        }
        for known in deployment.container().tokens.all()
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("{name}\t{}\t{created}\t{sha256}".format(",".join(row["scopes"]), **row))


@token.command()
@click.argument("name")
@as_json_option
@deployment_options
def revoke(name: str, deployment: Deployment, *, as_json: bool) -> None:
    """Revoke the token NAME; it is refused within a minute.

    The last token can be revoked, too: then nobody can publish until another is created.
    """
    tokens = deployment.container().tokens
    if not tokens.revoke(name):
        raise Refused(f"there is no token {name!r}")
    outcome = {"name": name, "status": "revoked"}
    click.echo(json.dumps(outcome) if as_json else f"revoked {name}")
    if not tokens.all():
        click.echo("no token is left: nobody may publish until you make one", err=True)
