"""circulation totals: an article's number by its parts, and corrections of it."""

import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from circulation.counting.correction import MAX_REASON, MAX_VIEWS
from circulation.ids import is_id
from circulation.importing.items import SourceError
from circulation.importing.totals import read_totals
from circulation.importing.view_numbers import MARKS
from circulation.text import displayed, one_line
from circulation_cli.api import Api, ApiOf, Busy, Json, api_options
from circulation_cli.printing import as_json_option, json_line
from circulation_cli.refused import Refused

why_option = click.option(
    "--why", required=True, metavar="TEXT", help="The reason, which is stored with the correction."
)


decimal_option = click.option(
    "--decimal",
    type=click.Choice(list(MARKS)),
    help="The decimal mark of the numbers in the file of totals.",
)


@click.group()
def totals() -> None:
    """Show an article's number by its parts, and correct it."""


@totals.command()
@click.argument("article", metavar="ID")
@as_json_option
@api_options
def show(article: str, *, api_of: ApiOf, as_json: bool) -> None:
    """Show the older total, the views counted here and the corrections of the article ID."""
    _print(api_of().corrections(_check_id(article)), as_json=as_json)


@totals.command(context_settings={"ignore_unknown_options": True})
@click.argument("article", metavar="ID")
@click.argument("views", metavar="VIEWS", type=click.IntRange(-MAX_VIEWS, MAX_VIEWS))
@why_option
@as_json_option
@api_options
def correct(article: str, views: int, *, why: str, api_of: ApiOf, as_json: bool) -> None:
    """Add VIEWS to the number of the article ID, or take them off: -120.

    No import undoes it.
    """
    if not views:
        raise Refused("0 views correct nothing")
    _check_reason(why)
    corrected = _correct(api_of(), _check_id(article), {"views": views, "reason": why})
    _print(corrected, as_json=as_json)


@totals.command("set")
@click.argument("article", metavar="ID", required=False)
@click.argument("number", metavar="NUMBER", type=click.IntRange(0, MAX_VIEWS), required=False)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="Set the totals of a file, as `circulation import --views` reads it.",
)
@decimal_option
@why_option
@as_json_option
@api_options
def set_(  # noqa: PLR0913  its options
    article: str | None,
    number: int | None,
    *,
    file: Path | None,
    decimal: str | None,
    why: str,
    api_of: ApiOf,
    as_json: bool,
) -> None:
    """Set the older counter's total of the article ID to NUMBER; 0 removes it.

    The views counted here stay. No import undoes it.
    """
    _check_reason(why)
    if file:
        if article is not None:
            raise Refused("set either one article's total, or those of a file")
        _set_all(file, decimal or "", why, api_of, as_json=as_json)
        return
    if article is None or number is None:
        raise Refused("say the article's id and its total, or --file")
    corrected = _correct(api_of(), _check_id(article), {"total": number, "reason": why})
    _print(corrected, as_json=as_json)


def _set_all(file: Path, decimal: str, why: str, api_of: ApiOf, *, as_json: bool) -> None:
    """Set the totals of a file one by one; a refused one does not stop the others."""
    try:
        read = read_totals(file, decimal=decimal)
    except SourceError as error:
        raise Refused(str(error)) from error
    for note in read.notes:
        click.echo(note, err=True)
    numbers: Counter[str] = Counter()
    outcomes = [{"where": fault.where, "status": "refused", "reason": fault.reason}
                for fault in read.faults]  # fmt: skip
    api = api_of()

    def outcomes_of_rows() -> Iterator[dict[str, str]]:
        yield from outcomes
        for entry in read.unmatched():  # nothing was asked for yet: these are all
            yield {"where": entry.where} | _set_one(api, entry.name, entry.total.views_before, why)

    for outcome in outcomes_of_rows():
        numbers[outcome["status"]] += 1
        if as_json:
            click.echo(json_line(outcome))
        elif "reason" in outcome:
            click.echo(f"{outcome['status']}: {outcome['where']}: {outcome['reason']}", err=True)
    summary = ", ".join(f"{number} {status}" for status, number in sorted(numbers.items()))
    click.echo(summary or "nothing to set", err=as_json)
    if numbers["refused"]:
        sys.exit(1)


def _set_one(api: Api, name: str, total: int, why: str) -> dict[str, str]:
    try:
        article = name if is_id(name) else api.article_at(name)
        if article is None:
            reason = f"no article is published at {displayed(name)}"
            return {"status": "refused", "reason": reason}
        before = api.corrections(article)
        after = _correct(api, article, {"total": total, "reason": why})
    except Busy:
        raise  # the next one would wait as long
    except Refused as error:
        return {"status": "refused", "reason": error.message}
    unchanged = len(before["corrections"]) == len(after["corrections"])
    return {"id": article, "status": "unchanged" if unchanged else "corrected"}


def _correct(api: Api, article: str, proposal: Json) -> Json:
    """Make a correction once, however often the request has to be repeated."""
    return api.correct(article, proposal | {"nonce": uuid.uuid4().hex})


def _print(corrected: Json, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line(corrected))
        return
    corrections: list[dict[str, Any]] = corrected["corrections"]
    imported = corrected["views_before"]
    set_by = sum(entry["views"] for entry in corrections if "total" in entry)
    note = f"  imported as {imported:,}" if set_by else ""
    rows = (
        ("older total", imported + set_by, note),
        ("counted here", corrected["views_counted"], ""),
        ("corrections", corrected["views_corrected"] - set_by, ""),
        ("views", corrected["views"], ""),
    )
    for name, number, remark in rows:
        click.echo(f"{name:<12}  {number:>15,}{remark}")
    for entry in corrections:
        what = f"total {entry['total']:,}" if "total" in entry else f"{entry['views']:+,}"
        by, reason = displayed(entry["by"]), displayed(entry["reason"])
        click.echo(f"{entry['at']}  {by}  {what}  {reason}")


def _check_reason(why: str) -> None:
    if not one_line(why) or len(why) > MAX_REASON:
        raise Refused(f"--why must have 1 to {MAX_REASON} characters")


def _check_id(text: str) -> str:
    if not is_id(text):
        raise Refused(f"{text} is no id of an article")
    return text
