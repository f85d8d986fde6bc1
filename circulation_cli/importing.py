"""circulation import: a site's articles and totals, from whatever its old system gives out."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from circulation.articles.article import read_submission
from circulation.errors import InvalidInput
from circulation.importing.found import Found, Ground, SourceError
from circulation.importing.source import opened, read_source
from circulation.importing.totals import Totals, read_totals
from circulation.text import displayed
from circulation.urls import address_or_none
from circulation_cli.api import (
    MAX_BATCH,
    MAX_BATCH_BYTES,
    Api,
    ApiOf,
    api_options,
    faults_of,
    length_in_event,
)
from circulation_cli.printing import json_line
from circulation_cli.refused import Refused

Outcome = dict[str, Any]


@click.command("import")
@click.argument("source")
@click.option(
    "--views", type=click.Path(path_type=Path), help="Totals of an older counter: CSV or JSON."
)
@click.option("--site", default="", help="The site's address, for sources that do not tell it.")
@click.option("--section", default="news", show_default=True, help="The section of what has none.")
@click.option(
    "--zone", default="UTC", show_default=True, help="The zone of times without an offset."
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, and send nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print what became of each as a line of JSON."
)
@api_options
def import_(  # noqa: PLR0913  its options
    source: str,
    views: Path | None,
    site: str,
    section: str,
    zone: str,
    *,
    api_of: ApiOf,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Publish every article of SOURCE: a file, a folder, - for standard input, or an https address.

    Takes RSS, Atom, JSON Feed, WordPress (WXR) and Ghost exports, Markdown and HTML with front
    matter, and what `circulation export` writes. To import the same again changes nothing.
    """
    if site and not address_or_none(site):
        raise Refused(f"--site {site} is no address such as https://news.example/")
    ground = Ground(site or (source if source.startswith("https:") else ""), section, _zone(zone))
    try:
        totals = read_totals(views) if views else Totals(())
        with ExitStack() as stack:
            path = stack.enter_context(opened(source))
            api = None if dry_run else api_of()
            outcomes = _outcomes(read_source(path, ground), totals, api)
            counted = _reported(outcomes, as_json=as_json)
    except (SourceError, OSError) as error:
        raise Refused(f"{source}: {error}") from error
    if counted["refused"]:
        sys.exit(1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(f"there is no zone {name}; one is Asia/Baku") from error


def _outcomes(items: Iterable[Found], totals: Totals, api: Api | None) -> Iterator[Outcome]:
    """Publish what is found, in batches; tell what became of each."""
    batch: list[Found] = []
    size = 0
    seen: set[str] = set()
    for each in items:
        if each.article is None:
            yield _outcome(each, "skipped" if each.skipped else "refused", each.reason)
            continue
        reason = _fault(each, totals, seen)
        if reason:
            yield _outcome(each, "refused", reason)
            continue
        length = length_in_event(each.article)
        if batch and (len(batch) == MAX_BATCH or size + length > MAX_BATCH_BYTES):
            yield from _sent(batch, api)
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield from _sent(batch, api)


def _fault(found: Found, totals: Totals, seen: set[str]) -> str:
    """Give an article its total; say why it cannot be published, by the rules of the API."""
    article = found.article or {}
    try:
        total = totals.of(article)
        if total is not None:
            article |= total.fields()
        name = article.get("id")
        told = read_submission(name if isinstance(name, str) else "", article).article.id
    except InvalidInput as error:
        return str(error)
    except ValueError as error:
        return f"url: {error}"
    if told in seen:
        return f"id: {told} stands in this source before"
    seen.add(told)
    return ""


def _sent(batch: list[Found], api: Api | None) -> Iterator[Outcome]:
    if api is None:
        for each in batch:
            yield _outcome(each, "valid", "")
        return
    results = api.put_all([each.article for each in batch if each.article])
    for each, result in zip(batch, results, strict=True):
        yield _outcome(each, result["status"], faults_of(result))


def _outcome(found: Found, status: str, reason: str) -> Outcome:
    told = (found.article or {}).get("id")
    outcome = {"id": told if isinstance(told, str) else None, "where": found.where}
    return outcome | {"status": status} | ({"reason": displayed(reason)} if reason else {})


def _reported(outcomes: Iterable[Outcome], *, as_json: bool) -> Counter[str]:
    """Show what becomes of articles while it does, then those that were not taken, and the sums."""
    counted: Counter[str] = Counter()
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("articles", total=None)
        for each in outcomes:
            counted[each["status"]] += 1
            progress.advance(task)
            if as_json:
                click.echo(json_line(each))
            elif "reason" in each:
                click.echo(f"{each['status']}: {each['where']}: {each['reason']}", err=True)
    told = ", ".join(
        f"{counted[status]} {status}"
        for status in ("created", "updated", "unchanged", "valid", "skipped", "refused")
        if counted[status] or status == "refused"
    )
    click.echo(f"{sum(counted.values())} found: {told}", err=as_json)
    return counted
