"""Charts as shapes in SVG with their words in HTML around them, and each as a table below.

Shapes stretch with the page, words do not. Where something stands along a chart is a class of
whole per cent, as the policy of the pages allows no style attribute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from circulation.web.pages.statistics.isolates import write_marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circulation.words.texts import Words

NOTHING = "–"  # noqa: RUF001  the dash of tables
"""What a table has where there is no number; the slider leaves it out."""
_WIDTH, _HEIGHT = 1000, 100
_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 4
_HEADROOM = 4.4
"""Ticks that would fit: a point may stand a little above the top one."""
_TICK_HEIGHT = 22
"""Per cent of the height from tick to tick; the style has a class for each."""
_JOINED = 9
"""Per cent of the width: flags that are nearer are one."""
_FEWEST_BANDED = 2
"""Compared periods from which there is a band: one has no range."""


@dataclass(frozen=True, slots=True)
class PlotPoint:
    """A point of a chart, and the row of its table."""

    name: str
    views: int | None
    """None for one that has not begun."""
    note: str = ""
    """After its number: until when, if it is not over."""
    complete: bool = True
    usual: float | None = None
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A word below the chart."""

    at: int
    """Per cent of the width."""
    text: str
    is_minor: bool = False
    """Whether a narrow window does without it."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that the publication did, and when."""

    at: int
    """Per cent of the width."""
    time: str
    text: str
    """Not yet HTML; its names may be marked (isolates.marked)."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart, whatever it is drawn as."""

    id: str
    title: str
    label: str
    """The finding in a sentence."""
    unit: str
    """Of the numbers beside its grid: views an hour."""
    axis: str
    """What a point is: Hour."""
    columns: tuple[str, ...]
    """The names of the numbers: views, and of what is compared the middle, lowest and highest."""
    points: tuple[PlotPoint, ...]
    ticks: tuple[Tick, ...] = ()
    flags: tuple[Flag, ...] = ()
    csv: str = ""
    """The address of the same numbers in CSV; empty for none."""
    strong: int = 0
    """Bars at the end that are darker; all are if it is 0."""
    legend: str = ""
    """HTML."""
    size: str = field(default="tall")
    room: int = 0
    """Points for which there is room along it: those to come stay away. 0 for as many as it has."""
    lists_flags: bool = True
    """Whether the words of its flags stand below it, not elsewhere on the page."""

    @property
    def places(self) -> int:
        """In how many places of a point's width it is parted."""
        return self.room or len(self.points)


def line_plot(plot: Plot, words: Words) -> str:
    """Draw a line over the band of what it is compared with."""
    step, count = _step(plot), plot.places
    shapes = [
        *_band(plot, step),
        _grid(),
        _line("usual", [point.usual for point in plot.points], step, count),
        _line("now", [one.views if one.complete else None for one in plot.points], step, count),
        _running(plot, step),
        _tip(plot, step),
        _marks(plot),
    ]
    return _frame(plot, step, "".join(shapes), words)


def bar_plot(plot: Plot, words: Words) -> str:
    """Draw bars, each beside the dash of what it is compared with."""
    step = _step(plot)
    first_strong = len(plot.points) - plot.strong if plot.strong else 0
    shapes = [
        _grid() if plot.unit else "",
        _bars("bar", plot, range(first_strong), step),
        _bars("bar strong", plot, range(first_strong, len(plot.points)), step),
        _running(plot, step),
        _dashes(plot, step),
        _marks(plot),
    ]
    return _frame(plot, step, "".join(shapes), words)


def sparkline(numbers: Sequence[int], label: str) -> str:
    """Draw a small line of its own scale."""
    most = max(numbers, default=0) or 1
    places = [
        f"{_x(number, len(numbers)):.0f} {_HEIGHT - 92 * views / most:.0f}"
        for number, views in enumerate(numbers)
    ]
    line = "L".join(places)
    first, last = places[0].split()[0], places[-1].split()[0]
    return (
        f'<svg class="c spark" role="img" aria-label="{escape(label)}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" focusable="false">'
        f'<path class="fill" d="M{first} {_HEIGHT}L{line}L{last} {_HEIGHT}Z"/>'
        f'<path class="now" d="M{line}"/><path class="tip" d="M{places[-1]}h0"/></svg>'
    )


def _x(number: int, count: int) -> float:
    return _WIDTH * (number + 0.5) / count


def _y(views: float, step: float) -> float:
    return _HEIGHT - _TICK_HEIGHT * views / step


def _step(plot: Plot) -> float:
    """Give the round number from tick to tick: four of them nearly hold the largest."""
    most = max(
        (
            number
            for point in plot.points
            for number in (point.views, point.usual, point.highest)
            if number is not None
        ),
        default=0,
    )
    scale = 1.0
    while True:
        for step in _STEPS:
            if most <= step * scale * _HEADROOM and (step * scale).is_integer():
                return step * scale
        scale *= 10


def _line(name: str, numbers: Sequence[float | None], step: float, count: int) -> str:
    """Draw the stretches of a line that are known."""
    text, pen = "", "M"
    for number, views in enumerate(numbers):
        if views is None:
            pen = "M"
            continue
        text += f"{pen}{_x(number, count):.1f} {_y(views, step):.1f}"
        pen = "L"
    return f'<path class="{name}" d="{text}"/>' if text else ""


def _band(plot: Plot, step: float) -> Iterator[str]:
    known = [
        (number, point.lowest, point.highest)
        for number, point in enumerate(plot.points)
        if point.lowest is not None and point.highest is not None
    ]
    if not known or len(plot.columns) < _FEWEST_BANDED + 2:
        return
    count = plot.places
    top = [f"{_x(number, count):.1f} {_y(highest, step):.1f}" for number, _, highest in known]
    bottom = [f"{_x(number, count):.1f} {_y(lowest, step):.1f}" for number, lowest, _ in known]
    yield f'<path class="band" d="M{"L".join([*top, *reversed(bottom)])}Z"/>'
    yield f'<path class="edge" d="M{"L".join(top)}M{"L".join(bottom)}"/>'


def _grid() -> str:
    heights = (_HEIGHT - _TICK_HEIGHT * number for number in range(1, _TICKS + 1))
    return f'<path class="grid" d="{"".join(f"M0 {height}H{_WIDTH}" for height in heights)}"/>'


def _tip(plot: Plot, step: float) -> str:
    """Put a dot at the last complete point."""
    at = _last_complete(plot)
    views = plot.points[at].views if plot.points else None
    if views is None or not plot.points[at].complete:
        return ""
    return f'<path class="tip" d="M{_x(at, plot.places):.1f} {_y(views, step):.1f}h0"/>'


def _running(plot: Plot, step: float) -> str:
    """Draw the point that runs as a column that fills up: a line would fall, and lie."""
    return "".join(
        f'<path class="sofar" d="{_bar(number, plot.places, point.views, step)}"/>'
        for number, point in enumerate(plot.points)
        if not point.complete and point.views is not None
    )


def _bars(name: str, plot: Plot, numbers: range, step: float) -> str:
    text = "".join(
        _bar(number, plot.places, views, step) + "z"
        for number in numbers
        if plot.points[number].complete and (views := plot.points[number].views) is not None
    )
    return f'<path class="{name}" d="{text}"/>' if text else ""


def _bar(number: int, count: int, views: int, step: float) -> str:
    width = 0.7 * _WIDTH / count
    left = _x(number, count) - width / 2
    return f"M{left:.1f} {_HEIGHT}V{_y(views, step):.1f}h{width:.1f}V{_HEIGHT}"


def _marks(plot: Plot) -> str:
    """Draw a line at each flag."""
    return "".join(f'<path class="mark" d="M{10 * flag.at} 0V{_HEIGHT}"/>' for flag in plot.flags)


def _dashes(plot: Plot, step: float) -> str:
    """Draw what is usual over the bars, on a ground of its own: a bar may be as dark as it."""
    width = 0.8 * _WIDTH / max(1, plot.places)
    text = "".join(
        f"M{_x(number, plot.places) - width / 2:.1f} {_y(point.usual, step):.1f}h{width:.1f}"
        for number, point in enumerate(plot.points)
        if point.usual is not None
    )
    return f'<path class="under" d="{text}"/><path class="usual" d="{text}"/>' if text else ""


def _last_complete(plot: Plot) -> int:
    numbers = [number for number, point in enumerate(plot.points) if point.complete]
    known = [number for number in numbers if plot.points[number].views is not None]
    return known[-1] if known else 0


def _frame(plot: Plot, step: float, shapes: str, words: Words) -> str:
    at = _last_complete(plot)
    value = escape(_say(plot, at, words), quote=True)
    slider = (
        f'<input class="walk" type="range" id="{plot.id}-walk" min="0" '
        f'max="{max(0, len(plot.points) - 1)}" step="1" value="{at}" '
        f'aria-label="{escape(plot.axis)}" aria-valuetext="{value}">'
    )
    room = f' data-room="{plot.room}"' if plot.room else ""
    return (
        f'<figure class="chart" id="{plot.id}"{room}>'
        f'<div class="legend">{plot.legend}</div>'
        f'<output class="readout" aria-hidden="true">{_readout(plot, at, words)}</output>'
        f'<div class="plot {plot.size}">'
        f'<svg class="c" role="img" aria-label="{escape(plot.label)}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" focusable="false">'
        f"{shapes}</svg>{_heights(plot, step, words)}{_write_flags(plot)}"
        f'<div class="cursor"></div>{slider}</div>{_feet(plot)}{_list(plot)}'
        f"{_write_numbers(plot, words)}</figure>"
    )


def _heights(plot: Plot, step: float, words: Words) -> str:
    """Write the numbers of the grid, the top one with the unit."""
    if not plot.unit:
        return ""
    texts = [words.write_number(round(step * number)) for number in range(1, _TICKS + 1)]
    texts[-1] = words("statistics.chart.top", number=texts[-1], unit=plot.unit)
    labels = "".join(
        f'<span class="y y{number}">{escape(text)}</span>'
        for number, text in enumerate(texts, start=1)
    )
    return f'<div aria-hidden="true">{labels}</div>'


def _feet(plot: Plot) -> str:
    labels = "".join(
        f'<span class="x at{tick.at}{" minor" if tick.is_minor else ""}'
        f'{" s" if tick.at == 0 else ""}">{escape(tick.text)}</span>'
        for tick in plot.ticks
    )
    return f'<div class="xs" aria-hidden="true">{labels}</div>'


def _write_flags(plot: Plot) -> str:
    """Write the numbers of the flags; those that would lie on each other join."""
    joined: list[tuple[int, int, int]] = []
    for number, flag in enumerate(plot.flags, start=1):
        if joined and flag.at - joined[-1][0] < _JOINED:
            joined[-1] = (joined[-1][0], joined[-1][1], number)
        else:
            joined.append((flag.at, number, number))
    return "".join(
        f'<span class="flag at{at}" aria-hidden="true">'
        f"{first if first == last else f'{first}{NOTHING}{last}'}</span>"
        for at, first, last in joined
    )


def _list(plot: Plot) -> str:
    if not plot.flags or not plot.lists_flags:
        return ""
    items = "".join(
        f'<li><span class="flag">{number}</span><span class="soft">{escape(flag.time)}</span>'
        f"<span>{write_marked(flag.text)}</span></li>"
        for number, flag in enumerate(plot.flags, start=1)
    )
    return f'<ol class="marks">{items}</ol>'


def _cells(plot: Plot, point: PlotPoint, words: Words) -> list[str]:
    numbers = [point.views, point.usual, point.lowest, point.highest][: len(plot.columns)]
    texts = [NOTHING if number is None else words.write_number(round(number)) for number in numbers]
    if point.note:
        texts[0] += f" {point.note}"
    return texts


def _known(plot: Plot, at: int, words: Words) -> list[tuple[str, str]]:
    cells = _cells(plot, plot.points[at], words)
    return [(name, cell) for name, cell in zip(plot.columns, cells, strict=True) if cell != NOTHING]


def _say(plot: Plot, at: int, words: Words) -> str:
    """Write a point as the script does, so that nothing jumps."""
    if not plot.points:
        return ""
    pairs = ", ".join(f"{name} {cell}" for name, cell in _known(plot, at, words))
    return f"{plot.points[at].name}: {pairs}"


def _readout(plot: Plot, at: int, words: Words) -> str:
    if not plot.points:
        return ""
    pairs = " · ".join(
        f"{escape(name)} <b>{escape(cell)}</b>" for name, cell in _known(plot, at, words)
    )
    return f"<b>{escape(plot.points[at].name)}</b> {pairs}"


def _write_numbers(plot: Plot, words: Words) -> str:
    heads = "".join(f'<th scope="col" class="num">{escape(name)}</th>' for name in plot.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(point.name)}</th>'
        + "".join(f'<td class="num">{escape(cell)}</td>' for cell in _cells(plot, point, words))
        + "</tr>"
        for point in plot.points
    )
    name = escape(words("statistics.chart.numbers_of", title=plot.title))
    csv = (
        f'<a class="button quiet" href="{escape(plot.csv)}" data-save="{plot.id}.csv">CSV'
        f'<span class="vh"> {escape(plot.title)}</span></a>'
        if plot.csv
        else ""
    )
    return (
        f'<details class="numbers" id="{plot.id}-numbers">'
        f"<summary>{escape(words('statistics.chart.numbers'))}</summary>"
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">'
        f'<table class="data"><caption class="vh">{escape(plot.title)}</caption>'
        f'<thead><tr><th scope="col">{escape(plot.axis)}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{csv}</details>"
    )
