"""Tables of dimensions, in which the rule below a row is its bar, and how changes are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from circulation.counting.breakdown import OTHER
from circulation.statistics.sentence import Difference, Direction, difference_of
from circulation.statistics.wording import write_percent
from circulation.web.pages.statistics.plots import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circulation.statistics.figures import Row
    from circulation.words.texts import Words

MAX_ROWS = 10
"""Rows of a table before the sum of the others."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a table of a dimension is about, and how its rows are named."""

    id: str
    title: str
    rows: Sequence[Row]
    name: Callable[[str], str]
    """Writes the name of a row in HTML."""
    is_compared: bool = False
    """Whether its rows have a change."""
    csv: str = ""
    """The address of all its rows in CSV; empty for none."""
    views: str = "statistics.views"
    """The key of the word above the numbers."""


def bar_table(table: Table, words: Words) -> str:
    """Write a table; one without rows says so."""
    title = escape(table.title)
    if not table.rows:
        none = escape(words("statistics.none"))
        return f'<section><h3>{title}</h3><p class="note">{none}</p></section>'
    shown = table.rows if len(table.rows) <= MAX_ROWS + 1 else table.rows[:MAX_ROWS]
    most = max(row.views for row in table.rows) or 1
    body = "".join(_row(table, row, most, words) for row in shown)
    rest = table.rows[len(shown) :]
    if rest:
        body += _others(table, rest, most, words)
    change = (
        f'<th scope="col" class="num">{escape(words("statistics.change"))}</th>'
        if table.is_compared
        else ""
    )
    csv = (
        f'<a class="button quiet" href="{escape(table.csv)}" data-save="{table.id}.csv">CSV'
        f'<span class="vh"> {title}</span></a>'
        if table.csv
        else ""
    )
    return (
        f'<section id="{table.id}"><h3>{title}</h3><table class="barlist">'
        f'<caption class="vh">{title}</caption><thead><tr><th scope="col">'
        f'<span class="vh">{title}</span></th>'
        f'<th scope="col" class="num">{escape(words(table.views))}</th>'
        f'<th scope="col" class="num">{escape(words("statistics.share"))}</th>{change}</tr></thead>'
        f"<tbody>{body}</tbody></table>{csv}</section>"
    )


def renamed(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Keep `other` of a closed list, which has a name of its own, apart from the others' sum."""
    return tuple(replace(row, name="others") if row.name == OTHER else row for row in rows)


def write_share(share: float, words: Words) -> str:
    """Write a part of a whole, from 0 to 1, in per cent; a little more than nothing is < 1 %."""
    percent = round(100 * share)
    if share and not percent:
        return words("statistics.less", percent=write_percent(1, words))
    return write_percent(percent, words)


def write_change(views: float, before: float | None, words: Words, *, known: bool = True) -> str:
    """Write a change in HTML, with a word for whoever does not see the triangle.

    Before is None if nothing is known to compare with, which is a dash unless it is new.
    """
    difference = difference_of(views, before)
    if difference is None:
        is_new = known and bool(views) and before == 0
        return f'<span class="ch">{escape(words("statistics.new")) if is_new else NOTHING}</span>'
    if difference.direction is Direction.AS_USUAL:
        text = escape(words("statistics.same"))
        return f'<span class="ch"><span aria-hidden="true">≈</span> {text}</span>'
    is_up = difference.direction is not Direction.BELOW
    name, sign = ("up", "▲") if is_up else ("down", "▼")
    return (
        f'<span class="ch{" up" if is_up else ""}"><span aria-hidden="true">{sign}</span>'
        f'<span class="vh">{escape(words(f"statistics.{name}"))} </span> '
        f"{escape(_amount(difference, words))}</span>"
    )


def _amount(difference: Difference, words: Words) -> str:
    if difference.direction is Direction.TIMES:
        return words("statistics.times", factor=words.write_decimal(difference.factor))
    return write_percent(difference.percent, words)


def _row(table: Table, row: Row, most: int, words: Words) -> str:
    name = escape(words("statistics.other")) if row.name == OTHER else table.name(row.name)
    return _write_row(name, row.views, row.share, most, _change_of(table, row, words), words)


def _others(table: Table, rest: Sequence[Row], most: int, words: Words) -> str:
    """Sum the rows that are not shown, so that sums are whole."""
    views, share = sum(row.views for row in rest), sum(row.share for row in rest)
    name = escape(words.plural("statistics.others", len(rest)))
    empty = '<td class="num"></td>' if table.is_compared else ""
    return _write_row(name, views, share, most, empty, words)


def _change_of(table: Table, row: Row, words: Words) -> str:
    if not table.is_compared:
        return ""
    return f'<td class="num">{write_change(row.views, row.before, words)}</td>'


def _write_row(  # noqa: PLR0913, PLR0917  what a row is made of
    name: str, views: int, share: float, most: int, change: str, words: Words
) -> str:
    return (
        f'<tr><th scope="row">{name}<i class="rule w{round(100 * views / most)}"></i></th>'
        f'<td class="num">{words.write_number(views)}</td>'
        f'<td class="num soft">{escape(write_share(share, words))}</td>{change}</tr>'
    )
