"""circulation rebuild: make roll-ups anew from pages, and what is kept of listings."""

import sys
from datetime import UTC, datetime

import click

from circulation.articles.relisting import remake_listings
from circulation.statistics.rebuilding import (
    months_to_rebuild,
    read_all_standings,
    rebuild_month,
)
from circulation_cli.deployment import Deployment, deployment_options
from circulation_cli.refused import Refused


@click.command()
@click.option("--from", "first", metavar="MONTH", type=click.DateTime(["%Y-%m"]))
@click.option("--to", "last", metavar="MONTH", type=click.DateTime(["%Y-%m"]))
@click.option("--listings", is_flag=True, help="make anew what is kept of listings, and no more")
@deployment_options
def rebuild(
    deployment: Deployment, *, first: datetime | None, last: datetime | None, listings: bool
) -> None:
    """Make the roll-ups of settled days anew from their pages.

    These are the numbers of the site, the sections, authors and tags by day and by month, of
    articles by month, and the curves of sections. Goes through the months from the first one with
    views, or from the given one, and prints each when it is done. What was interrupted can be
    repeated, from the month that was not printed. Days that are not settled are left out: they are
    brought up to date by themselves. With --listings, instead counts the articles that each section
    lists, corrects the numbers that are kept of them, and makes the months of the sitemaps anew.
    """
    container = deployment.container()
    if listings:
        for name, articles in remake_listings(container.catalogue, now=datetime.now(UTC)):
            click.echo(f"{name}\t{articles}")
        return
    closed = container.books.day_book.closed_until()
    if closed is None:
        raise Refused("no day is settled yet")
    # This machine's clock may be wrong, and what is stored as of later is not replaced.
    ahead = container.library_table.time() - datetime.now(UTC)
    months = months_to_rebuild(container.site, closed, first=_name(first), last=_name(last))
    standings = read_all_standings(container.catalogue.library, container.books.counters)
    for month, days in months.items():
        now = datetime.now(UTC) + ahead
        steps = rebuild_month(days, closed, standings, container.rollup_sources, now=now)
        with click.progressbar(steps, label=month, file=sys.stderr) as bar:
            for _ in bar:
                pass
        click.echo(f"{month}\t{len(days)}")


def _name(month: datetime | None) -> str | None:
    return month.strftime("%Y-%m") if month else None
