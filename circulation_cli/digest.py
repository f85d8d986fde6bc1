"""circulation digest: what became of the mails of digests, and how a stopped one goes on."""

import json
from datetime import datetime
from typing import Any

import click

from circulation.mail.delivering import resume_digest
from circulation.mail.digest import contents_for
from circulation.mail.digests import Digests
from circulation.mail.subscriber import Choices, Frequency
from circulation.runtime import Container
from circulation.text import displayed
from circulation_cli.deployment import Deployment, deployment_options
from circulation_cli.printing import as_json_option, json_line
from circulation_cli.refused import Refused
from circulation_cli.subscribers import open_mail

LISTED = {Frequency.DAILY: 14, Frequency.WEEKLY: 4}
"""Digests that are shown where none is named."""
FREQUENCIES = click.Choice([frequency.value for frequency in Frequency])
frequency_argument = click.argument("frequency", metavar="FREQUENCY", type=FREQUENCIES)
date_argument = click.argument("date", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))


@click.group()
def digest() -> None:
    """Show what became of digests, and let a stopped one go on."""


@digest.command()
@click.argument("frequency", metavar="[FREQUENCY]", required=False, type=FREQUENCIES)
@click.argument("date", metavar="[DATE]", required=False, type=click.DateTime(["%Y-%m-%d"]))
@as_json_option
@deployment_options
def show(
    frequency: str | None, date: datetime | None, deployment: Deployment, *, as_json: bool
) -> None:
    """Show how many mails of a digest were sent, refused, bounced and complained of.

    FREQUENCY is daily or weekly, DATE the publication's date. Without them the digests of the last
    two weeks and the last four weekly ones are shown, each in a line.
    """
    container = open_mail(deployment, "SendDigest")
    if frequency and date:
        _check_frozen(container.digests, frequency, date)
        _print(_row(container, frequency, f"{date:%Y-%m-%d}"), as_json=as_json)
        return
    if frequency:
        raise Refused("name the DATE of the digest, too")
    for listed, number in LISTED.items():
        for heading in container.digests.headings(listed, number):
            row = _row(container, listed, heading.date) | {"title": heading.titles[0]}
            _print(row, as_json=as_json)


@digest.command()
@frequency_argument
@date_argument
@as_json_option
@deployment_options
def resume(frequency: str, date: datetime, deployment: Deployment, *, as_json: bool) -> None:
    """Let a stopped digest go on; who was sent it already is not sent it again.

    It can be run again: if it was broken off, or if portions of the digest were lost.
    """
    container = open_mail(deployment, "SendDigest")
    _check_frozen(container.digests, frequency, date)
    name = f"{date:%Y-%m-%d}"
    resume_digest(Frequency(frequency), name, container.digest_stores)
    resumed = f"{frequency}-{name} goes on"
    click.echo(json.dumps({"digest": f"{frequency}-{name}"}) if as_json else resumed)


def _check_frozen(digests: Digests, frequency: str, date: datetime) -> None:
    """Check that there is a digest with an article. Raises Refused."""
    name = f"{date:%Y-%m-%d}"
    frozen = digests.get(Frequency(frequency), name)
    if frozen is None or not contents_for(frozen, Choices()):
        raise Refused(f"there is no {frequency} digest of {name}")


def _row(container: Container, frequency: str, date: str) -> dict[str, Any]:
    progress = container.deliveries.progress(Frequency(frequency), date)
    state = "sending" if progress.begun else "not begun"
    return {
        "digest": f"{frequency}-{date}",
        "state": "stopped" if progress.stopped else state,
        "why": progress.stopped,
        "until": progress.stopped_until,
        "sent": progress.sent,
        "refused": progress.refused,
        "bounced": progress.bounced,
        "complained": progress.complained,
    }


def _print(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line(row))
        return
    stopped = " ".join(filter(None, (row["state"], row["why"], row["until"])))
    numbers = (f"{row[name]} {name}" for name in ("sent", "refused", "bounced", "complained"))
    click.echo(
        "\t".join((row["digest"], stopped, *numbers, displayed(row.get("title", "")))).rstrip()
    )
