"""circulation recount: compare a day's pages with its ledger, or seal the day."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click

from circulation.counting.drift import Drift
from circulation.counting.ledger import Ledger
from circulation.counting.recounting import ResumableRecount
from circulation.counting.recounting import check as check_article
from circulation.counting.sealing import SEAL_AFTER, is_over, seal
from circulation.runtime import Container
from circulation.statistics.article_months import note_article_day
from circulation.times import day_of, end_of, format_time
from circulation_cli.deployment import Deployment, deployment_options
from circulation_cli.printing import as_json_option
from circulation_cli.refused import Refused


@click.command()
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--check", is_flag=True, help="Exit with code 1 if a counter differs.")
@click.option("--write", is_flag=True, help="Seal the day: set its final numbers.")
@as_json_option
@deployment_options
def recount(
    day: datetime, deployment: Deployment, *, check: bool, write: bool, as_json: bool
) -> None:
    """Count a UTC day again from the ledger and print each article whose page differs.

    Prints the article, the views that were counted and those in the ledger, separated by tabs.
    Without --write nothing is changed, and a day that is not over may differ by views that are not
    tallied yet. With --write the exit code is 1 if a page that was sealed before differs; it is
    not changed. An article of hundreds of thousands of visitors takes up where the recount was
    interrupted.
    """
    if check and write:
        raise Refused("--check changes nothing and --write does; take one of them")
    container, name = deployment.container(), day_of(day.replace(tzinfo=UTC))
    ledger = container.ledger
    # This machine's clock may be wrong, and sealing cannot be undone.
    ahead = ledger.time() - datetime.now(UTC)
    _refuse(name, ledger, datetime.now(UTC) + ahead, write=write)
    drifts, standing = _drifts(container, name, ahead, write=write)
    for drift in drifts:
        click.echo(
            json.dumps(asdict(drift))
            if as_json
            else f"{drift.article}\t{drift.counted}\t{drift.recounted}"
        )
    if standing and (check or write):
        sys.exit(1)


def _refuse(day: str, ledger: Ledger, now: datetime, *, write: bool) -> None:
    """Check that the day can be recounted, or sealed with write. Raises Refused."""
    if day > day_of(now):
        raise Refused(f"{day} has not begun")
    if write and not is_over(day, now=now):
        at = format_time(end_of(day) + SEAL_AFTER)
        raise Refused(f"{day} is not over, and can be sealed at {at} at the earliest")
    if not write and not ledger.is_complete(day, now=now):
        raise Refused(f"the ledger keeps no lines of {day} any more")


def _drifts(
    container: Container, day: str, ahead: timedelta, *, write: bool
) -> tuple[list[Drift], list[Drift]]:
    """Recount every article of the day, with a progress bar; give the drifts.

    The second list has the drifts that remain. Ahead is how far DynamoDB's clock is ahead of this
    machine's: recounting many articles takes long, and lines expire meanwhile.
    """
    books, ledger = container.books, container.ledger
    resumable = ResumableRecount(ledger, container.recounts, lambda: datetime.now(UTC) + ahead)
    articles = [page.article for page in books.day_book.pages(day)]
    closed = books.day_book.closed_until() or ""
    drifts: list[Drift] = []
    standing: list[Drift] = []
    with click.progressbar(articles, label=f"{day}", file=sys.stderr) as bar:
        for article in bar:
            now = datetime.now(UTC) + ahead
            sealed = seal(article, day, books, resumable, now=now, closed=closed) if write else None
            if sealed:
                drifts.append(sealed.drift)
                note_article_day(article, day, books.day_book, container.rollups)
            is_compared = sealed is None or sealed.again
            if is_compared and ledger.is_complete(day, now=now):
                standing.append(check_article(article, day, books, ledger))
    standing = [drift for drift in standing if drift.views]
    drifts = [drift for drift in drifts if drift.views] + standing
    click.echo(f"{len(articles)} articles, {len(drifts)} with drift", err=True)
    return drifts, standing
