"""circulation publish, unpublish, list, show and export: articles of a running stack."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from circulation.ids import is_id
from circulation.text import displayed, formula_proof
from circulation_cli.api import ApiOf, Busy, api_options
from circulation_cli.printing import as_json_option, json_line, strip_controls
from circulation_cli.refused import Refused

COLUMNS = (
    "id", "section", "title", "published", "url", "author", "tags",
    "views", "views_before", "views_counted", "views_corrected", "corrections", "unpublished",
)  # fmt: skip


EXPORT_LIMIT = 100
"""Articles in one request; no more are in memory at once, however many there are."""


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@as_json_option
@api_options
def publish(files: tuple[Path, ...], *, api_of: ApiOf, as_json: bool) -> None:
    """Create or replace the article in each FILE: JSON as the API takes it, and its id.

    A refused file does not stop the others.
    """
    api = api_of()
    refused = False
    for file in files:
        outcome: dict[str, str]
        try:
            article = _read_article(file)
            outcome = {"id": article["id"], "status": api.put(article)}
        except Busy:
            raise  # the next file would wait as long
        except Refused as error:
            error.show()
            refused = True
            outcome = {"file": str(file), "status": "refused", "reason": error.message}
        if as_json:
            click.echo(json.dumps(outcome, ensure_ascii=False))
        elif "id" in outcome:
            click.echo(f"{outcome['status']} {outcome['id']}")
    if refused:
        sys.exit(Refused.exit_code)


@click.command()
@click.argument("article", metavar="ID")
@as_json_option
@api_options
def unpublish(article: str, *, api_of: ApiOf, as_json: bool) -> None:
    """Remove the article ID from all lists and feeds; its count is kept."""
    api_of().delete(_check_id(article))
    outcome = {"id": article, "status": "unpublished"}
    click.echo(json.dumps(outcome) if as_json else f"unpublished {article}")


@click.command("list")
@click.option("--section", help="Of this section alone.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.option(
    "--order", type=click.Choice(["published", "views"]), help="Newest or most read first."
)
@as_json_option
@api_options
def list_(
    section: str | None,
    limit: int,
    order: str | None,
    *,
    api_of: ApiOf,
    as_json: bool,
) -> None:
    """List articles with their views."""
    answer = api_of().get(
        "/articles",
        "articles",
        section=section,
        limit=limit,
        order=order,
        fields="title,section,published,views",
    )
    if as_json:
        click.echo(json_line(answer))
        return
    table = Table("id", "published", "section", "title", box=None, pad_edge=False)
    table.add_column("views", justify="right")
    for article in answer["articles"]:
        words = (displayed(article[name]) for name in ("id", "published", "section", "title"))
        table.add_row(*words, f"{article['views']:,}")
    Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False).print(table)


@click.command()
@click.argument("article", metavar="ID")
@as_json_option
@api_options
def show(article: str, *, api_of: ApiOf, as_json: bool) -> None:
    """Show the article ID with its views."""
    path = f"/articles/{_check_id(article)}"
    fields = api_of().get(path, "body", format=None if as_json else "text")
    if as_json:
        click.echo(json_line(fields))
        return
    body = fields.pop("body")
    for name, value in fields.items():
        text = ", ".join(value) if isinstance(value, list) else str(value)
        click.echo(f"{name:>10}  {displayed(text)}")
    click.echo(f"\n{strip_controls(body)}")


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["ndjson", "csv"]), default="ndjson", show_default=True
)
@click.option("--section", help="Of this section alone.")
@api_options
def export(form: str, section: str | None, *, api_of: ApiOf) -> None:
    """Write every article with its views, newest first, to standard output.

    Scheduled articles are among them, and what remains of unpublished ones, so the token needs the
    scope publish. The output is a line of JSON for each article, which `circulation import` reads,
    or CSV without the bodies, which its option --views reads. Views are the sum of views_before, an
    older counter's total, views_counted, and views_corrected, the sum of the corrections.
    """
    articles = api_of().articles("/export", limit=EXPORT_LIMIT, section=section)
    if form == "ndjson":
        for article in articles:
            click.echo(json_line(article))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for article in articles:
        writer.writerow([format_cell(article.get(name, "")) for name in COLUMNS])


def format_cell(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
    """Write a cell that no spreadsheet reads as a formula (OWASP: CSV Injection)."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return json.dumps(value, ensure_ascii=False)
    return formula_proof(
        strip_controls("; ".join(value) if isinstance(value, list) else str(value))
    )


def _read_article(file: Path) -> dict[str, Any]:
    try:
        article = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refused(f"{file} cannot be read: {error}") from error
    if not isinstance(article, dict) or not is_id(str(article.get("id"))):
        raise Refused(f"{file} must hold a JSON object with the article's id")
    return article


def _check_id(text: str) -> str:
    if not is_id(text):
        raise Refused(f"{text} is no id of an article")
    return text
