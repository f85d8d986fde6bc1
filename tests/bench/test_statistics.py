"""A view of the statistics reads so much and no more, at the smallest size that the bench has."""

import pytest

from bench.statistics import MAX_CALLS, MAX_UNITS, PAGES, Reading, readings


@pytest.fixture(scope="module")
def read() -> dict[str, Reading]:
    return readings(100)


@pytest.mark.parametrize("name", list(PAGES))
def test_a_view_stays_within_its_bounds(read: dict[str, Reading], name: str) -> None:
    assert 0 < read[name].units <= MAX_UNITS
    assert 0 < read[name].calls <= MAX_CALLS
