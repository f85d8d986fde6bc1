"""Charts and tables: what stands in them, whatever the numbers and the texts are."""

import re
from html.parser import HTMLParser

import pytest

from circulation.statistics.figures import Row
from circulation.web.pages.statistics.plots import (
    Flag,
    Plot,
    PlotPoint,
    Tick,
    bar_plot,
    line_plot,
    sparkline,
)
from circulation.web.pages.statistics.tables import Table, bar_table, write_change, write_share
from circulation.words.texts import words_in

WORDS = words_in("en")
HOSTILE = "<script>alert('x')</script> & \"quoted\""
VOID = {"input", "meta", "br", "path", "rect"}


class Reader(HTMLParser):
    """Reads HTML: its elements with their attributes, and its text; fails if it is not whole."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.rows and {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def plot(*points: PlotPoint, **changes: object) -> Plot:
    made: dict[str, object] = {
        "id": "chart",
        "title": "Views by hour",
        "label": "Most came at noon.",
        "unit": "views an hour",
        "axis": "Hour",
        "columns": ("now", "usual", "lowest", "highest"),
        "points": points,
    }
    return Plot(**(made | changes))  # type: ignore[arg-type]


def hours(*views: int | None) -> list[PlotPoint]:
    return [
        PlotPoint(f"{hour:02}:00", number, usual=100, lowest=80, highest=130)
        for hour, number in enumerate(views)
    ]


def coordinates(html: str) -> list[tuple[float, float]]:
    """Give the places of the line of now and of the bars."""
    paths = re.findall(r'class="(?:now|tip|bar(?: strong)?|band|usual)" d="([^"]*)"', html)
    return [
        (float(x), float(y))
        for path in paths
        for x, y in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path)
    ]


SERIES = {
    "empty": [],
    "one point": hours(7),
    "zeros": hours(*[0] * 24),
    "huge": hours(1, 10**12, 3),
    "23 hours": hours(*range(23)),
    "25 hours": hours(*range(25)),
    "not begun": hours(None, None),
    "with a hole": hours(5, None, 7),
}


@pytest.mark.parametrize("draw", [line_plot, bar_plot])
@pytest.mark.parametrize("points", SERIES.values(), ids=SERIES)
def test_a_chart_stays_in_its_frame_and_its_table_has_every_point(
    draw: object, points: list[PlotPoint]
) -> None:
    html = draw(plot(*points), WORDS)  # type: ignore[operator]
    page = Reader(html)
    assert all(0 <= x <= 1000 and 0 <= y <= 100 for x, y in coordinates(html))
    assert [row[0] for row in page.rows[1:]] == [point.name for point in points]
    assert [row[1] for row in page.rows[1:]] == [
        "\u2013" if point.views is None else WORDS.write_number(point.views) for point in points
    ]


@pytest.mark.parametrize("draw", [line_plot, bar_plot])
def test_a_chart_says_its_finding_and_is_walked_by_a_slider(draw: object) -> None:
    page = Reader(draw(plot(*hours(90, 1545, None)), WORDS))  # type: ignore[operator]
    [image] = page.all("svg")
    assert image["role"] == "img"
    assert image["aria-label"] == "Most came at noon."
    [slider] = page.all("input")
    assert slider["aria-label"] == "Hour"
    assert slider["aria-valuetext"] == "01:00: now 1,545, usual 100, lowest 80, highest 130"
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "2", "1")
    assert "01:00 now 1,545 · usual 100 · lowest 80 · highest 130" in page.text


def test_a_line_stops_before_the_point_that_runs_which_is_a_column() -> None:
    points = [*hours(90, 120), PlotPoint("02:00", 30, "until 02:20", complete=False)]
    html = line_plot(plot(*points), WORDS)
    [line] = re.findall(r'class="now" d="([^"]*)"', html)
    assert len(re.findall(r"[ML]", line)) == 2
    assert 'class="sofar"' in html
    assert Reader(html).rows[-1][1] == "30 until 02:20"


def test_without_a_range_of_the_usual_there_is_no_band() -> None:
    assert 'class="band"' in line_plot(plot(*hours(1, 2)), WORDS)
    bare = plot(PlotPoint("00:00", 3, usual=4), PlotPoint("01:00", 5, usual=4), columns=("a", "b"))
    assert 'class="band"' not in line_plot(bare, WORDS)


def test_a_grid_is_round_begins_at_zero_and_holds_the_largest() -> None:
    html = line_plot(plot(*hours(0, 1805)), WORDS)
    grid = re.findall(r'<span class="y y\d">([^<]*)', html)
    assert grid == ["500", "1,000", "1,500", "2,000 views an hour"]


def test_flags_nearer_than_their_width_are_one_and_their_words_stand_below() -> None:
    flags = (Flag(10, "08:12", "one"), Flag(12, "08:40", HOSTILE), Flag(60, "14:00", "three"))
    html = line_plot(plot(*hours(1, 2), flags=flags), WORDS)
    assert re.findall(r'<span class="flag at\d+" aria-hidden="true">([^<]*)', html) == [
        "1\u20132",
        "3",
    ]
    page = Reader(html)
    assert len(page.all("li")) == 3
    assert HOSTILE in page.text


def test_no_text_of_a_chart_becomes_markup_and_nothing_has_a_style() -> None:
    hostile = plot(
        PlotPoint(HOSTILE, 3, HOSTILE, usual=1, lowest=1, highest=2),
        title=HOSTILE,
        label=HOSTILE,
        unit=HOSTILE,
        axis=HOSTILE,
        columns=(HOSTILE, "b", "c", "d"),
        ticks=(Tick(50, HOSTILE),),
        csv=f"/statistics/site?section={HOSTILE}",
    )
    for html in (line_plot(hostile, WORDS), bar_plot(hostile, WORDS), sparkline([1, 2], HOSTILE)):
        page = Reader(html)
        assert not page.all("script")
        assert not any("style" in attributes for _, attributes in page.elements)


@pytest.mark.parametrize("numbers", [[0] * 24, [5], list(range(24)), [10**12, 0]])
def test_a_sparkline_stays_in_its_frame(numbers: list[int]) -> None:
    html = sparkline(numbers, "rising at the end")
    assert all(0 <= x <= 1000 and 0 <= y <= 100 for x, y in coordinates(html))
    assert Reader(html).all("svg")[0]["aria-label"] == "rising at the end"


def table(*rows: Row, **changes: object) -> Table:
    made: dict[str, object] = {
        "id": "hosts",
        "title": "Sites",
        "rows": rows,
        "name": lambda name: name,
    }
    return Table(**(made | changes))  # type: ignore[arg-type]


def test_a_table_sums_the_rows_that_it_does_not_show() -> None:
    rows = [Row(f"host-{number}", 20 - number, (20 - number) / 210) for number in range(20)]
    page = Reader(bar_table(table(*rows), WORDS))
    assert page.rows[-1][0] == "10 others"
    assert sum(int(row[1]) for row in page.rows[1:]) == sum(row.views for row in rows)
    assert [scope["scope"] for scope in page.all("th")].count("row") == 11


def test_the_bar_of_a_row_is_as_long_as_its_part_of_the_largest() -> None:
    page = Reader(bar_table(table(Row("a", 200, 0.8), Row("b", 50, 0.2), Row("c", 0, 0)), WORDS))
    assert [bar["class"] for bar in page.all("i")] == ["rule w100", "rule w25", "rule w0"]


def test_a_table_of_nothing_says_so() -> None:
    assert "Nothing is known yet." in Reader(bar_table(table(), WORDS)).text


@pytest.mark.parametrize(
    ("views", "before", "text"),
    [
        (118, 100, "▲up  18\u202f%"),
        (82, 100, "▼down  18\u202f%"),
        (103, 100, "≈ as usual"),
        (97, 100, "≈ as usual"),
        (199, 100, "▲up  99\u202f%"),
        (240, 100, "▲up  2.4\u00d7"),
        (0, 100, "▼down  100\u202f%"),
        (5, 0, "new"),
        (0, 0, "\u2013"),
        (5, None, "\u2013"),
    ],
)
def test_a_change_is_said_by_word_sign_and_number(
    views: float, before: float | None, text: str
) -> None:
    assert Reader(write_change(views, before, WORDS)).text == text


def test_a_share_of_less_than_a_per_cent_is_not_nothing() -> None:
    assert write_share(0, WORDS) == "0\u202f%"
    assert write_share(0.002, WORDS) == "< 1\u202f%"
    assert write_share(0.184, WORDS) == "18\u202f%"
