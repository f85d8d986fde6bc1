"""circulation stats: what editors see on the page of statistics, in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce, wraps
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from circulation.ids import is_id
from circulation.statistics.figures import Against, Unit
from circulation.statistics.rows import Sort
from circulation.text import displayed
from circulation_cli.api import ApiOf, Json, api_options
from circulation_cli.printing import as_json_option, json_line, strip_controls
from circulation_cli.refused import Refused
from circulation_cli.stats_report import report

BLOCKS = "▁▂▃▄▅▆▇█"

Print = Callable[[Json], None]


def period_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for a period; the command gets them as the API's parameters, in query."""

    @wraps(command)
    def calling(
        *args: Any,  # noqa: ANN401  the command's own
        period: str | None,
        date: str | None,
        first: str | None,
        last: str | None,
        **options: Any,  # noqa: ANN401  likewise
    ) -> None:
        query = {"period": period, "date": date, "from": first, "to": last}
        command(*args, query=query, **options)

    return _decorate(
        calling,
        click.option(
            "--period", type=click.Choice([*map(str, Unit)]), help="How long the period is."
        ),
        click.option("--date", metavar="DATE", help="A date in it.  [default: today]"),
        click.option("--from", "first", metavar="DATE", help="The first date of a range."),
        click.option("--to", "last", metavar="DATE", help="The last date of a range."),
    )


compare_option = click.option(
    "--compare", type=click.Choice([*map(str, Against)]), help="What it is compared with."
)
limit_option = click.option(
    "--limit", type=click.IntRange(1, 100), help="Rows of a table.  [default: 10]"
)
as_csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")


def subject_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for a section, an author or a tag."""
    return _decorate(
        command,
        click.option("--section", metavar="NAME", help="Of a section alone."),
        click.option("--author", metavar="NAME", help="Of an author alone."),
        click.option("--tag", metavar="NAME", help="Of a tag alone."),
    )


def _decorate(
    command: Callable[..., None], *options: Callable[[Callable[..., None]], Callable[..., None]]
) -> Callable[..., None]:
    return reduce(lambda decorated, option: option(decorated), reversed(options), command)


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for the output and for the API."""
    return as_json_option(as_csv_option(api_options(command)))


@click.group(invoke_without_command=True)
@click.pass_context
def stats(context: click.Context) -> None:
    """Show what the page of statistics shows; without a subcommand, the site today."""
    if context.invoked_subcommand is None:
        context.invoke(site)


stats.add_command(report)


@stats.command()
@period_options
@compare_option
@subject_options
@limit_option
@output_options
def site(*, query: Json, api_of: ApiOf, as_json: bool, as_csv: bool, **options: Any) -> None:  # noqa: ANN401  the API's parameters
    """Show the views of the site, a section, an author or a tag, beside what is usual."""
    _show("site", query | options, _print_site, api_of, as_json=as_json, as_csv=as_csv)


@stats.command()
@period_options
@subject_options
@click.option("--sort", type=click.Choice([*map(str, Sort)]), help="By what articles are sorted.")
@output_options
def top(*, query: Json, api_of: ApiOf, as_json: bool, as_csv: bool, **options: Any) -> None:  # noqa: ANN401  likewise
    """Show the most read articles."""
    _show("top", query | options, _print_top, api_of, as_json=as_json, as_csv=as_csv)


@stats.command()
@period_options
@compare_option
@limit_option
@output_options
def sections(*, query: Json, api_of: ApiOf, as_json: bool, as_csv: bool, **options: Any) -> None:  # noqa: ANN401  likewise
    """Show the views of the sections."""
    _show_table("sections", query | options, api_of, as_json=as_json, as_csv=as_csv)


@stats.command()
@period_options
@compare_option
@limit_option
@output_options
def authors(*, query: Json, api_of: ApiOf, as_json: bool, as_csv: bool, **options: Any) -> None:  # noqa: ANN401  likewise
    """Show the views of the authors."""
    _show_table("authors", query | options, api_of, as_json=as_json, as_csv=as_csv)


@stats.command()
@period_options
@compare_option
@limit_option
@output_options
def tags(*, query: Json, api_of: ApiOf, as_json: bool, as_csv: bool, **options: Any) -> None:  # noqa: ANN401  likewise
    """Show the views of the tags."""
    _show_table("tags", query | options, api_of, as_json=as_json, as_csv=as_csv)


@stats.command()
@output_options
def live(*, api_of: ApiOf, as_json: bool, as_csv: bool) -> None:
    """Show the last half hour, and which articles gain or lose readers."""
    _show("live", {}, _print_live, api_of, as_json=as_json, as_csv=as_csv)


@stats.command()
@click.argument("article", metavar="ID")
@period_options
@limit_option
@output_options
def article(  # noqa: PLR0913  its options
    article: str, *, query: Json, limit: int | None, api_of: ApiOf, as_json: bool, as_csv: bool
) -> None:
    """Show the article ID: its views, its first hours, and how many were of which version."""
    if not is_id(article):
        raise Refused(f"{article} is no id of an article")
    path, query = f"articles/{article}", query | {"limit": limit}
    _show(path, query, _print_article, api_of, as_json=as_json, as_csv=as_csv)


def sparkline(numbers: Sequence[int | None]) -> str:
    """Draw numbers as blocks, the largest as high as a line; what is not known yet is left out."""
    known = [number for number in numbers if number is not None]
    most = max(known, default=0)
    if not most:
        return BLOCKS[0] * len(known)
    return "".join(BLOCKS[number * (len(BLOCKS) - 1) // most] for number in known)


def _show_table(name: str, query: Json, api_of: ApiOf, *, as_json: bool, as_csv: bool) -> None:
    def write(answer: Json) -> None:
        _print_rows(name, answer[name])

    _show(name, query, write, api_of, as_json=as_json, as_csv=as_csv)


def _show(  # noqa: PLR0913  what is shown, and how
    path: str, query: Json, write: Print, api_of: ApiOf, *, as_json: bool, as_csv: bool
) -> None:
    """Ask the API, and print its answer: JSON and CSV as it is. Raises Refused and Busy."""
    if as_json and as_csv:
        raise Refused("--json and --csv exclude each other")
    asked = {name: value for name, value in query.items() if value is not None}
    if as_csv:
        click.echo(strip_controls(api_of().statistics_csv(path, asked)), nl=False)
        return
    answer = api_of().statistics(path, asked)
    if as_json:
        click.echo(json_line(answer))
    else:
        write(answer)


def _print_site(answer: Json) -> None:
    for sentence in answer["sentences"]:
        click.echo(displayed(sentence))
    click.echo(sparkline([point["views"] for point in answer["points"]]))
    for name in ("sections", "sources"):
        _print_rows(name, answer[name])
    _print_top(answer)
    if answer["open_days"]:
        click.echo(f"not settled yet: {', '.join(answer['open_days'])}")


def _print_rows(name: str, rows: Sequence[Json]) -> None:
    table = _table(name, views="right", share="right", change="right")
    for row in rows:
        table.add_row(
            displayed(row["name"]),
            f"{row['views']:,}",
            f"{row['share']:.0%}",
            _change(row["views"], row["before"]),
        )
    _print(table)


def _print_top(answer: Json) -> None:
    table = _table("article", section="left", views="right", hour="right", hours="left")
    for row in answer["top"]:
        table.add_row(
            displayed(row["title"]),
            displayed(row["section"]),
            f"{row['views']:,}",
            f"{row['last_hour']['views']:,}",
            sparkline(row["sparkline"]),
        )
    _print(table)
    if answer["unlisted"]:
        click.echo(f"any other article has at most {answer['unlisted']:,} views")


def _print_live(answer: Json) -> None:
    line = sparkline([minute["views"] for minute in answer["minutes"]])
    click.echo(f"{answer['views']:,} views in the last five minutes  {line}")
    table = _table("article", section="left", views="right", change="right", source="left")
    for row in answer["movers"]:
        table.add_row(
            displayed(row["title"]),
            displayed(row["section"]),
            f"{row['views']:,}",
            _change(row["views"], row["before"]),
            row["source"] or "",
        )
    _print(table)


def _print_article(answer: Json) -> None:
    click.echo(displayed(answer["title"]))
    click.echo(f"{answer['views']:,} views, {answer['today']:,} today, {answer['now']:,} now")
    click.echo(sparkline([age["views"] for age in answer["ages"]]))
    table = _table("version", since="left", changed="left", views="right", share="right")
    for row in answer["versions"]:
        kinds = ", ".join(row["kinds"])
        numbers = f"{row['views']:,}", f"{row['share']:.0%}"
        table.add_row(str(row["number"]), row["since"], kinds, *numbers)
    _print(table)
    _print_rows("sources", answer["sources"])


def _change(views: int, before: float | None) -> str:
    """Write a change in per cent with its sign; empty where nothing is known."""
    if not before:
        return ""
    return f"{round(100 * (views - before) / before):+,}%"


def _table(first: str, **columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, overflow="ellipsis")
    for name, side in columns.items():
        table.add_column(name, justify="right" if side == "right" else "left", no_wrap=True)
    return table


def _print(table: Table) -> None:
    if table.row_count:
        click.echo()
        Console(markup=False, highlight=False).print(table)
