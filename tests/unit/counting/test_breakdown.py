from hypothesis import given
from hypothesis import strategies as st

from circulation.counting.breakdown import (
    MAX_HOST_BYTES,
    MAX_HOSTS,
    OTHER,
    breakdown_of,
    fit_hosts,
    keep_largest,
)
from circulation.counting.traits import Traits

NAMES = st.integers(0, 300).map(lambda number: f"h{number}.example")
SUMS = st.dictionaries(NAMES, st.integers(1, 50))


def test_a_view_without_a_trait_is_in_no_sum_of_it() -> None:
    breakdown = breakdown_of([Traits("a", "AZ"), Traits(), Traits("b"), Traits("a", None, "phone")])
    assert breakdown == ({"a": 2, "b": 1}, {"AZ": 1}, {"phone": 1})


def test_the_largest_are_kept_apart_and_the_rest_is_other() -> None:
    assert keep_largest({"a": 1, "b": 5, "c": 1, "d": 3}, 2) == {"b": 5, "d": 3, OTHER: 2}
    assert keep_largest({"a": 1}, 2) == {"a": 1}


def test_a_pages_own_hosts_come_first_then_the_largest_new_ones() -> None:
    known = frozenset(f"k{number}" for number in range(MAX_HOSTS - 1))
    sums = {"k0": 1, "small": 2, "large": 3}
    assert fit_hosts(sums, known) == (
        {"k0": 1, "large": 3, OTHER: 2},
        frozenset({"large"}),
    )


def test_a_full_page_takes_no_new_host() -> None:
    known = frozenset(f"k{number}" for number in range(MAX_HOSTS))
    assert fit_hosts({"k0": 1, "new": 3}, known) == ({"k0": 1, OTHER: 3}, frozenset())


def test_a_host_of_unusual_length_takes_no_place() -> None:
    longest = "x" * MAX_HOST_BYTES
    assert fit_hosts({longest: 1, f"{longest}x": 1}, frozenset()) == (
        {longest: 1, OTHER: 1},
        frozenset({longest}),
    )


def test_a_host_that_is_called_other_takes_no_place() -> None:
    assert fit_hosts({OTHER: 3}, frozenset()) == ({OTHER: 3}, frozenset())


@given(sums=SUMS, known=st.frozensets(NAMES, max_size=MAX_HOSTS))
def test_no_view_is_lost_and_no_page_overfull(sums: dict[str, int], known: frozenset[str]) -> None:
    fitted, new = fit_hosts(sums, known)
    assert sum(fitted.values()) == sum(sums.values())
    assert fitted.keys() <= known | new | {OTHER}
    assert len(known | new) <= MAX_HOSTS
    assert not known & new
