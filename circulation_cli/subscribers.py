"""circulation subscribers: who is sent mails, taken in, given out, erased and counted."""

import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from circulation.articles.fields import MAX_NAME
from circulation.mail.ask import MAX_SECTIONS
from circulation.mail.mailbox import read_mailbox
from circulation.mail.subscriber import Choices, Consent, Frequency, Subscriber, subscriber_id
from circulation.mail.subscribers import State
from circulation.mail.subscribing import erase_person
from circulation.runtime import Container
from circulation.settings import SettingsError
from circulation.text import displayed, one_line
from circulation.times import format_time, parse_day, parse_time, start_of
from circulation_cli.deployment import Deployment, deployment_options
from circulation_cli.printing import as_json_option, json_line
from circulation_cli.refused import Refused

IMPORTED = "import"
"""The text of the consent of one who agreed elsewhere."""
MAX_LINE = 64 * 1024


@click.group()
def subscribers() -> None:
    """Import, export, erase and count those who are sent mails."""


@subscribers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
@deployment_options
def import_(file: Path, deployment: Deployment, *, as_json: bool) -> None:
    """Subscribe every address of FILE, CSV with a header or JSON lines, who agreed elsewhere.

    Columns: address, and optionally frequency (daily, weekly), sections (parted by ; in CSV) and
    confirmed (when the person agreed; the time of the import without it). Whoever is known is left
    as is: an import never subscribes again who unsubscribed, bounced or complained. Prints each
    row that was not taken, with its line; the exit code is 1 if there is one that is no subscriber.
    """
    container, now = open_mail(deployment), datetime.now(UTC)
    mail_key = container.subscribers.mail_key(os.urandom)
    outcomes: Counter[str] = Counter()
    for line, row in _rows(file):
        try:
            subscriber = _read_row(row, mail_key, now)
        except ValueError as error:
            outcomes["refused"] += 1
            _tell(file, line, displayed(str(error)), as_json=as_json)
            continue
        known = container.subscribers.add(subscriber)
        outcomes[known or "imported"] += 1
        if known:
            _tell(file, line, _KNOWN[known], as_json=as_json)
    click.echo(
        f"{outcomes['imported']} imported, {outcomes[State.CONFIRMED]} subscribed already, "
        f"{outcomes[State.ENDED] + outcomes[State.SUPPRESSED]} not to be written to, "
        f"{outcomes['refused']} refused",
        err=True,
    )
    if outcomes["refused"]:
        sys.exit(1)


_KNOWN = {
    State.CONFIRMED: "is subscribed already",
    State.ENDED: "has unsubscribed",
    State.SUPPRESSED: "is suppressed after a bounce or a complaint",
}


@subscribers.command()
@deployment_options
def export(deployment: Deployment) -> None:
    """Write every subscriber as a line of JSON, which import takes."""
    for standing in open_mail(deployment).subscribers.all():
        if standing.subscriber:
            click.echo(json_line(_row(standing.subscriber)))


@subscribers.command()
@click.argument("address")
@as_json_option
@deployment_options
def erase(address: str, deployment: Deployment, *, as_json: bool) -> None:
    """Delete everything that is stored of ADDRESS, and that it must not be written to.

    What was asked for it within the last minutes may still be in LetterQueue.
    """
    try:
        mailbox = read_mailbox(address)
    except ValueError as error:
        raise Refused(f"the address {error}") from error
    container = open_mail(deployment)
    mail_key = container.subscribers.mail_key(os.urandom)
    known = erase_person(mailbox, mail_key, container.subscribers, container.limits)
    inbox = subscriber_id(mail_key, mailbox.inbox)
    recommended = container.recommendations.erase(inbox, mailbox)
    if not (known or recommended):
        raise Refused("nothing is stored of this address")
    click.echo(json.dumps({"status": "erased"}) if as_json else "erased")


@subscribers.command("list")
@click.option("--addresses", is_flag=True, help="Print each subscriber's address, too.")
@as_json_option
@deployment_options
def list_(deployment: Deployment, *, addresses: bool, as_json: bool) -> None:
    """Count subscribers by state and frequency; with --addresses, print each of them."""
    counts: Counter[str] = Counter()
    for standing in open_mail(deployment).subscribers.all():
        person = standing.subscriber
        counts[standing.state] += 1
        counts[person.choices.frequency if person else ""] += 1
        if addresses and person:
            row = {"address": person.mailbox.address, "frequency": person.choices.frequency}
            click.echo(json_line(row) if as_json else "\t".join(row.values()))
    total = {name: counts[name] for name in (*State, *Frequency)}
    if as_json and not addresses:
        click.echo(json.dumps(total))
        return
    for name, count in total.items():
        click.echo(f"{name}\t{count}", err=addresses)


def open_mail(deployment: Deployment, function: str = "ServeSubscriptions") -> Container:
    """Open the tables of a function of a stack that sends mail. Raises Refused for another."""
    container = deployment.container(function)
    try:
        container.settings.subscribers_table  # noqa: B018  read to see whether there is one
    except SettingsError as error:
        raise Refused("the stack sends no mail; set its parameter MailSender first") from error
    return container


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, Any] | ValueError]]:
    """Read the rows of a file with their lines. Raises Refused if it is neither form."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            first = opened.readline(MAX_LINE)
            opened.seek(0)
            if first.lstrip().startswith("{"):
                yield from _json_rows(opened)
                return
            reader = csv.DictReader(opened)
            if "address" not in (reader.fieldnames or ()):
                raise Refused(f"{file} has no column address, and is not JSON lines")
            for row in reader:
                yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{file} is neither CSV nor JSON lines in UTF-8: {error}") from error


def _json_rows(lines: Iterator[str]) -> Iterator[tuple[int, Mapping[str, Any] | ValueError]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        yield number, row if isinstance(row, dict) else ValueError("is not a JSON object")


def _read_row(row: Mapping[str, Any] | ValueError, mail_key: bytes, now: datetime) -> Subscriber:
    """Read a row. Raises ValueError that says which column is wrong."""
    if isinstance(row, ValueError):
        raise row
    try:
        mailbox = read_mailbox(str(row.get("address") or ""))
    except ValueError as error:
        raise ValueError(f"address {error}") from error
    frequency = str(row.get("frequency") or Frequency.DAILY)
    if frequency not in set(Frequency):
        raise ValueError(f"frequency must be one of {', '.join(Frequency)}")
    confirmed = _read_moment(str(row.get("confirmed") or ""), now)
    asked = _read_moment(str(row.get("asked") or ""), confirmed)
    paused = str(row.get("paused_until") or "")
    choices = Choices(Frequency(frequency), _read_sections(row), paused and parse_day(paused))
    consent = Consent(asked, confirmed, str(row.get("text") or IMPORTED)[:64])
    return Subscriber(subscriber_id(mail_key, mailbox), mailbox, choices, consent)


def _read_sections(row: Mapping[str, Any]) -> frozenset[str]:
    """Read a list of names, or a text of names parted by ;."""
    sections = row.get("sections") or []
    names = sections.split(";") if isinstance(sections, str) else sections
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("sections must be names")
    stripped = frozenset(name.strip() for name in names if name.strip())
    if len(stripped) > MAX_SECTIONS or any(
        len(name) > MAX_NAME or name != one_line(name) for name in stripped
    ):
        raise ValueError(f"sections must be at most {MAX_SECTIONS} names of {MAX_NAME} characters")
    return stripped


def _read_moment(text: str, default: datetime) -> datetime:
    """Read a time or a date."""
    if not text:
        return default
    try:
        return parse_time(text) if len(text) > len("2025-12-26") else start_of(parse_day(text))
    except ValueError as error:
        raise ValueError("asked and confirmed must be times such as 2025-12-26") from error


def _row(subscriber: Subscriber) -> dict[str, Any]:
    choices, consent = subscriber.choices, subscriber.consent
    row = {
        "address": subscriber.mailbox.address,
        "frequency": choices.frequency.value,
        "sections": sorted(choices.sections),
        "paused_until": choices.paused_until,
        "asked": format_time(consent.asked),
        "confirmed": format_time(consent.confirmed),
        "text": consent.text,
    }
    return {name: value for name, value in row.items() if value}


def _tell(file: Path, line: int, reason: str, *, as_json: bool) -> None:
    """Print why a row was not taken, without its address."""
    row = {"line": line, "reason": reason}
    click.echo(json_line(row) if as_json else f"{displayed(file.name)}:{line}: {reason}")
