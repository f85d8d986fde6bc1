"""circulation share: links that open the figures of the site, a section or an article."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from circulation.access.grant import Extent
from circulation.access.share import MAX_SHARES, Share, address_of, new_key
from circulation.access.shares import ShareExists, TooManyShares
from circulation.access.tokens import is_name, sha256_of
from circulation.articles.listing import Kind, Listing
from circulation.counting.queries import read_count
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.runtime import Container
from circulation.times import format_time
from circulation_cli.deployment import Deployment, deployment_options
from circulation_cli.printing import as_json_option, json_line
from circulation_cli.refused import Refused

FUNCTION = "ReadStatistics"
"""Whose tables and time zone the links are of."""
MAX_DAYS = 3650


@click.group()
def share() -> None:
    """Create, list and revoke links that open statistics."""


@share.command()
@click.argument("name", required=False)
@click.option("--site", is_flag=True, help="Open everything.")
@click.option("--section", metavar="SECTION", help="Open the figures of a section alone.")
@click.option("--article", metavar="ID", help="Open the figures of an article alone.")
@click.option(
    "--until",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day on which the link opens anything, in the publication's time zone.",
)
@click.option(
    "--days", metavar="N", type=click.IntRange(1, MAX_DAYS), help="End N days from now instead."
)
@as_json_option
@deployment_options
def new(  # noqa: PLR0913  click's options
    name: str | None,
    deployment: Deployment,
    *,
    site: bool,
    section: str | None,
    article: str | None,
    until: datetime | None,
    days: int | None,
    as_json: bool,
) -> None:
    """Create a share link, called NAME, and print it. Only the SHA-256 of its key is stored.

    It works at once, without a token and without JavaScript.
    """
    asked = {Extent.SITE: "" if site else None, Extent.SECTION: section, Extent.ARTICLE: article}
    named = [(extent, subject) for extent, subject in asked.items() if subject is not None]
    if len(named) != 1:
        raise Refused("a link opens one thing: --site, --section SECTION or --article ID")
    if (until is None) is (days is None):
        raise Refused("a link has one end: --until DATE or --days N")
    extent, subject = named[0]
    name = name or f"{extent}-{secrets.token_hex(4)}"
    if not is_name(name):
        raise Refused(f"{name!r} is no name; one has 1 to 30 letters a to z, digits and hyphens")
    stack, now = deployment.container(FUNCTION), datetime.now(UTC).replace(microsecond=0)
    end = _end_of(until, stack) if until else now + timedelta(days=days or 0)
    if end <= now:
        raise Refused("that day is over")
    _check(extent, subject, stack, now)
    api_url, key = deployment.api_url(), new_key(secrets.token_bytes)
    made = Share(name, sha256_of(key), extent, subject, now, end)
    try:
        stack.shares.add(made, now=now)
    except ShareExists as error:
        raise Refused(f"there is a link {name}; revoke it first, or take another name") from error
    except TooManyShares as error:
        raise Refused(f"there are {MAX_SHARES} links; revoke one first") from error
    link = address_of(made, key, api_url)
    click.echo(json.dumps({**_row(made, now), "link": link}) if as_json else link)


@share.command("list")
@as_json_option
@deployment_options
def list_(deployment: Deployment, *, as_json: bool) -> None:
    """List the links: name, what each opens, its end, and whether it is over."""
    now = datetime.now(UTC)
    rows = [_row(link, now) for link in deployment.container(FUNCTION).shares.all()]
    if as_json:
        click.echo(json_line(rows))
        return
    for row in rows:
        opens = " ".join(filter(None, (row["extent"], row["subject"])))
        click.echo(f"{row['name']}\t{opens}\t{row['until']}\t{row['status']}")


@share.command()
@click.argument("name")
@as_json_option
@deployment_options
def revoke(name: str, deployment: Deployment, *, as_json: bool) -> None:
    """Revoke the link NAME; it opens nothing more within a minute."""
    if not deployment.container(FUNCTION).shares.revoke(name):
        raise Refused(f"there is no link {name!r}")
    outcome = {"name": name, "status": "revoked"}
    click.echo(json.dumps(outcome) if as_json else f"revoked {name}")


def _row(link: Share, now: datetime) -> dict[str, Any]:
    return {
        "name": link.name,
        "extent": str(link.extent),
        "subject": link.subject,
        "created": format_time(link.created),
        "until": format_time(link.until),
        "status": "open" if link.is_open(now=now) else "ended",
    }


def _end_of(date: datetime, stack: Container) -> datetime:
    """Give the end of a day in the publication's time zone, in UTC."""
    following = date + timedelta(days=1)
    return following.replace(tzinfo=stack.settings.zone).astimezone(UTC)


def _check(extent: Extent, subject: str, stack: Container, now: datetime) -> None:
    """Raise Refused if there is nothing to open: a name that was mistyped."""
    if extent is Extent.ARTICLE:
        try:
            read_count(subject, stack.books, now=now)
        except (ArticleNotFound, ArticleGone) as error:
            raise Refused(str(error)) from error
    if extent is Extent.SECTION:
        edition = stack.catalogue.editions.get(Listing(Kind.SECTION, subject), now=now)
        if edition is None:
            raise Refused(f"there are no articles in a section {subject}")
