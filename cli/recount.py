"""circulation recount: a day's counters beside its ledger, by hand."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from circulation.drift import Drift
from circulation.recounting import check as check_article
from circulation.sealing import seal
from circulation.store import Store
from circulation.times import day_of
from cli.deployment import deployment_options, store_of
from cli.printing import as_json_option
from cli.refused import Refused


@click.command()
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--check", is_flag=True, help="Exit with 1 when a counter differs.")
@click.option("--write", is_flag=True, help="Seal the day: set its final numbers.")
@as_json_option
@deployment_options
def recount(  # noqa: PLR0913  its options
    day: datetime, stack: str | None, state: Path, *, check: bool, write: bool, as_json: bool
) -> None:
    """Count a UTC day again from the ledger and print each article whose counters differ.

    Prints the article, the views that were counted, and those in the ledger, parted by tabs.
    Without --write nothing is changed, and a day that is not over may differ by what is on its way.
    """
    if check and write:
        raise Refused("--check changes nothing and --write does; take one of them")
    store, name, now = store_of(stack, state), day_of(day.replace(tzinfo=UTC)), datetime.now(UTC)
    if write and name >= day_of(now):
        raise Refused(f"{name} is not over, so it cannot be sealed")
    if not write and not store.ledger.is_complete(name, now=now):
        raise Refused(f"the ledger keeps no lines of {name} any more")
    drifts = _drifts(store, name, now, write=write)
    for each in drifts:
        click.echo(
            json.dumps(asdict(each))
            if as_json
            else f"{each.article}\t{each.counted}\t{each.recounted}"
        )
    if drifts and check:
        sys.exit(1)


def _drifts(store: Store, day: str, now: datetime, *, write: bool) -> list[Drift]:
    """Go through the day book with a progress bar; give the articles that differ."""
    articles = [page.article for page in store.day_book.pages(day)]
    with click.progressbar(articles, label=f"{day}", file=sys.stderr) as bar:
        drifts = [
            seal(each, day, store, now=now).drift if write else check_article(each, day, store)
            for each in bar
        ]
    changed = [each for each in drifts if each.views]
    click.echo(f"{len(articles)} articles, {len(changed)} with drift", err=True)
    return changed
