"""The bench of large libraries does every step with the real code, and computes along a line."""

import pytest

from bench.scale import COMPUTED, SIZES, STEPS, Taken, Work


@pytest.mark.parametrize("step", STEPS)
def test_a_step_over_a_small_library_reads_what_it_has(step: str) -> None:
    taken = getattr(Work(40, 10), step)()
    assert taken.calls >= 1
    assert taken.units >= 1
    assert taken.cpu >= 0


def test_a_larger_library_is_computed_along_a_line() -> None:
    small, large = (Taken(calls=5 + 2 * articles) for articles, _ in SIZES)
    assert large.computed(small).calls == pytest.approx(5 + 2 * COMPUTED[0])
