"""circulation merge: make one article of two that are the same."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from circulation.articles.identity import address_key
from circulation.ids import is_id
from circulation.times import parse_time
from circulation_cli.api import Api, ApiOf, Json, api_options
from circulation_cli.printing import as_json_option, json_line
from circulation_cli.refused import Refused


@click.command()
@click.argument("article", metavar="ID", required=False)
@click.argument("into", metavar="INTO", required=False)
@click.option(
    "--same-address",
    is_flag=True,
    help="Merge all articles that have one address into the most read of them.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be merged, but merge nothing.")
@as_json_option
@api_options
def merge(  # noqa: PLR0913  its options
    article: str | None,
    into: str | None,
    *,
    same_address: bool,
    dry_run: bool,
    api_of: ApiOf,
    as_json: bool,
) -> None:
    """Merge the article ID into the article INTO, which keeps its text.

    ID, its address and its feed's guid lead to INTO from then on, and its views are added. Views
    that are not tallied yet come over when it is merged again; nothing comes over twice.
    """
    if same_address:
        if article:
            raise Refused("--same-address finds the articles itself: name none")
        api = api_of()
        pairs = list(_same_address(api, now=datetime.now(UTC)))
    else:
        if article is None or into is None:
            raise Refused("name the article and the one that it is merged into, or --same-address")
        for name in (article, into):
            if not is_id(name):
                raise Refused(f"{name} is no id of an article")
        api, pairs = api_of(), [(article, into)]
    for first, second in pairs:
        outcome = {"id": first, "into": second}
        if not dry_run:
            outcome["views"] = api.merge(first, second)["views"]
        views = f": {outcome['views']:,} views" if "views" in outcome else ""
        click.echo(json_line(outcome) if as_json else f"{first} into {second}{views}")
    if same_address:
        verb = "would be merged" if dry_run else "merged"
        click.echo(f"{len(pairs)} {verb}", err=as_json)


def _same_address(api: Api, *, now: datetime) -> Iterator[tuple[str, str]]:
    """Give each article that is the same as a more read one that is visible, and that one.

    They are the same if they have one address, and one title or one time of publication: several
    episodes of a podcast may have one address.
    """
    at_addresses: dict[str, list[Json]] = defaultdict(list)
    for article in api.articles("/export", limit=100):
        if "url" in article:
            names = ("id", "title", "published", "views")
            at_address = at_addresses[address_key(article["url"])]
            at_address.append({name: article[name] for name in names})
    for articles in at_addresses.values():
        most_read, *others = sorted(
            articles,
            key=lambda article: (
                parse_time(article["published"]) > now,
                -article["views"],
                article["id"],
            ),
        )
        for other in others:
            if any(other[name] == most_read[name] for name in ("title", "published")):
                yield other["id"], most_read["id"]
