"""What a library of a million articles takes is computed, and never less than what was measured."""

import pytest

from bench import catalogue
from bench.catalogue import BEYOND, GOAL, MAX_BYTES, SIZES, Taken, borne


@pytest.fixture(autouse=True)
def no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "seconds_of_attribute", lambda: 0.0)


def test_what_grows_is_on_the_line_through_both_and_what_shrinks_stays() -> None:
    middle, large = Taken(10, 3, 100, 1_000), Taken(100, 2, 1_000, 10_000, cpu=0.01, memory=1e6)
    later = large.of_more(middle, GOAL)
    assert (later.units, later.calls, later.attributes, later.length) == (1_000, 2, 10_000, 100_000)
    assert [later.cpu, later.memory] == pytest.approx([0.1, 1e7])


def test_a_route_bears_as_many_articles_as_its_seconds_and_its_bytes_do() -> None:
    same = Taken(1, 1, 1, 1, cpu=0.001)
    assert borne(same, same) == BEYOND
    half = Taken(1, 1, 1, MAX_BYTES / 2)
    growing = Taken(1, 1, 1, MAX_BYTES / 2 * SIZES[1] / SIZES[2])
    assert borne(growing, half) == pytest.approx(2 * SIZES[2])


def test_the_library_of_the_bench_is_what_its_routes_answer_from() -> None:
    library = catalogue.Library(400)
    sections = library.measure(lambda: catalogue.ask("/sections"))
    assert 0 < sections.units < 10
    titles = library.measure(lambda: catalogue.ask("/articles", limit="100", fields="title"))
    assert titles.attributes >= 200
