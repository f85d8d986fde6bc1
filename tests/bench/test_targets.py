"""The first table of results.md says of every target whether it is reached."""

from pathlib import Path

import pytest

from bench.results import RESULTS, put, table
from bench.targets import TARGETS, Target, overview

COLD = Target("a start", 0.21, "cold_start", "circulation", "of typical")
RATE = Target("views", 8_000, "tally", "sustained", "views/s", at_least=True)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "results.md"
    for name, head, row in (
        ("cold_start", ("deployment", "of typical"), ("circulation", "0.25")),
        ("tally", ("of", "views/s"), ("sustained", "9,120")),
    ):
        put(path, name, table(head, [row]), order=["cold_start", "tally"])
    return path


def test_a_figure_beyond_its_limit_is_not_reached_and_one_within_it_is(results: Path) -> None:
    assert COLD.row_of_table(results)[1:] == (
        "≤ 0.21",
        "[0.25](#cold_start)",
        "**not reached**",
    )
    assert RATE.row_of_table(results)[1:4] == ("≥ 8,000", "[9,120](#tally)", "reached")


def test_a_figure_that_no_bench_has_measured_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "results.md").write_text("")
    assert COLD.row_of_table(tmp_path / "results.md")[2:4] == ("", "not measured")


def test_the_results_begin_with_every_target() -> None:
    rows = overview(RESULTS)
    for target in TARGETS:
        assert f"| {target.what} |" in rows
    text = RESULTS.read_text()
    assert rows.strip() in text
    assert text.index("## targets") < text.index("## cold_start")
