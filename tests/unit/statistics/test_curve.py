from hypothesis import given
from hypothesis import strategies as st

from circulation.statistics.curve import HOURS, curve_of

hours = st.lists(st.integers(0, 1_000), min_size=HOURS, max_size=HOURS)


def test_a_curve_has_totals_until_each_hour() -> None:
    one = [4, *[0] * (HOURS - 2), 6]
    curve = curve_of([one])
    assert curve
    assert (curve.of, curve.median[0], curve.median[-2], curve.median[-1]) == (1, 4, 4, 10)
    assert curve.low == curve.median == curve.high


def test_a_quartile_lies_between_two_articles_in_proportion() -> None:
    curve = curve_of([[views, *[0] * (HOURS - 1)] for views in (0, 10, 20, 100)])
    assert curve
    assert (curve.low[0], curve.median[0], curve.high[0]) == (8, 15, 40)


def test_no_articles_have_no_curve() -> None:
    assert curve_of([]) is None


@given(st.lists(hours, min_size=1, max_size=12))
def test_a_curve_never_falls_and_its_quartiles_are_in_order(articles: list[list[int]]) -> None:
    curve = curve_of(articles)
    assert curve
    for totals in (curve.low, curve.median, curve.high):
        assert list(totals) == sorted(totals)
    assert all(
        low <= median <= high
        for low, median, high in zip(curve.low, curve.median, curve.high, strict=True)
    )
