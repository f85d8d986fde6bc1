"""circulation import: publish a site's articles and totals from an export, folder or feed."""

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
from circulation.importing.items import SourceDefaults, SourceError, SourceItem
from circulation.importing.source import open_source, read_source
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
@click.option("--site", default="", help="The site's address, for sources that do not name it.")
@click.option(
    "--section", default="news", show_default=True, help="The section of articles without one."
)
@click.option(
    "--zone", default="UTC", show_default=True, help="The time zone of times without an offset."
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, but publish nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the outcome of each article as a line of JSON."
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

    Reads RSS, Atom, JSON Feed, WordPress (WXR) and Ghost exports, Markdown and HTML with front
    matter, and the output of `circulation export`. Importing the same again changes nothing.
    """
    if site and not address_or_none(site):
        raise Refused(f"--site {site} is no address such as https://news.example/")
    defaults = SourceDefaults(
        site or (source if source.startswith("https:") else ""), section, _read_zone(zone)
    )
    try:
        totals = read_totals(views) if views else Totals(())
        with ExitStack() as stack:
            path = stack.enter_context(open_source(source))
            api = None if dry_run else api_of()
            outcomes = _publish_items(read_source(path, defaults), totals, api)
            counted = _report(outcomes, as_json=as_json)
    except (SourceError, OSError) as error:
        raise Refused(f"{source}: {error}") from error
    if counted["refused"]:
        sys.exit(1)


def _read_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(f"there is no zone {name}; one is Asia/Baku") from error


def _publish_items(
    items: Iterable[SourceItem], totals: Totals, api: Api | None
) -> Iterator[Outcome]:
    """Publish the items of a source in batches, or only check them without an API."""
    batch: list[SourceItem] = []
    size = 0
    seen: set[str] = set()
    for item in items:
        if item.article is None:
            yield _outcome_of(item, "skipped" if item.skipped else "refused", item.reason)
            continue
        reason = _find_fault(item, totals, seen)
        if reason:
            yield _outcome_of(item, "refused", reason)
            continue
        length = length_in_event(item.article)
        if batch and (len(batch) == MAX_BATCH or size + length > MAX_BATCH_BYTES):
            yield from _publish_batch(batch, api)
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield from _publish_batch(batch, api)


def _find_fault(item: SourceItem, totals: Totals, seen: set[str]) -> str:
    """Add an article's total to it, and give the reason why the API would refuse it, or nothing.

    Seen has the ids of the articles before it; its own is added.
    """
    article = item.article or {}
    try:
        total = totals.of(article)
        if total is not None:
            article |= total.fields()
        name = article.get("id")
        article_id = read_submission(name if isinstance(name, str) else "", article).article.id
    except InvalidInput as error:
        return str(error)
    except ValueError as error:
        return f"url: {error}"
    if article_id in seen:
        return f"id: {article_id} stands in this source before"
    seen.add(article_id)
    return ""


def _publish_batch(batch: list[SourceItem], api: Api | None) -> Iterator[Outcome]:
    """Publish items in one request and give their outcomes; without an API each one is "valid"."""
    if api is None:
        for item in batch:
            yield _outcome_of(item, "valid", "")
        return
    results = api.put_all([item.article for item in batch if item.article])
    for item, result in zip(batch, results, strict=True):
        yield _outcome_of(item, result["status"], faults_of(result))


def _outcome_of(item: SourceItem, status: str, reason: str) -> Outcome:
    article_id = (item.article or {}).get("id")
    outcome = {"id": article_id if isinstance(article_id, str) else None, "where": item.where}
    return outcome | {"status": status} | ({"reason": displayed(reason)} if reason else {})


def _report(outcomes: Iterable[Outcome], *, as_json: bool) -> Counter[str]:
    """Print outcomes as they come, below a progress bar, and then their numbers, which it gives."""
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
        for outcome in outcomes:
            counted[outcome["status"]] += 1
            progress.advance(task)
            if as_json:
                click.echo(json_line(outcome))
            elif "reason" in outcome:
                click.echo(
                    f"{outcome['status']}: {outcome['where']}: {outcome['reason']}", err=True
                )
    summary = ", ".join(
        f"{counted[status]} {status}"
        for status in ("created", "updated", "unchanged", "valid", "skipped", "refused")
        if counted[status] or status == "refused"
    )
    click.echo(f"{sum(counted.values())} found: {summary}", err=as_json)
    return counted
