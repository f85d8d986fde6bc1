"""circulation stats report: what editors would be sent now, without sending it."""

from datetime import UTC, datetime

import click

from circulation.mail.notice import MAX_ARTICLES, Notice, explanation_of, headline_of, notice_json
from circulation.mail.reporting import FiguresReading, alerts_of, report_of
from circulation.text import displayed
from circulation.words.texts import words_in
from circulation_cli.deployment import Deployment, deployment_options
from circulation_cli.printing import as_json_option, json_line, strip_controls

FUNCTION = "ReadStatistics"
"""Whose tables and publication the figures are of: it is there where nothing is sent, too."""


@click.command()
@as_json_option
@deployment_options
def report(deployment: Deployment, *, as_json: bool) -> None:
    """Show the report of the last seven days, and what editors would be alerted of now.

    Nothing is sent, and nothing changes what will be. With --json each is a line, as a webhook has
    it.
    """
    stack, now = deployment.container(FUNCTION), datetime.now(UTC)
    publication, url = stack.settings.publication, deployment.api_url()
    reading, zone = FiguresReading(stack.figure_stores, publication, now), publication.zone
    day, words = now.astimezone(zone).date(), words_in(publication.language)
    for notice in [report_of(day, reading), *alerts_of(day, reading, zone, now)]:
        if as_json:
            click.echo(json_line({"name": notice.name, **notice_json(notice, words, url)}))
            continue
        said = (headline_of(notice, words), explanation_of(notice, words))
        lines = [f"{notice.name}: {said[0]}", *(f"  {line}" for line in said[1:] if line)]
        text = "\n".join([*lines, *_rows(notice)]).replace("\u202f", "\xa0")  # is no control
        click.echo(strip_controls(text))


def _rows(notice: Notice) -> list[str]:
    if notice.figures is None:
        return []
    rows = notice.figures.rows[:MAX_ARTICLES]
    return [f"  {row.views}\t{displayed(row.title or row.article)}" for row in rows]
