from hypothesis import given
from hypothesis import strategies as st

from circulation.counting.breakdown import (
    MAX_CAMPAIGNS,
    MAX_COUNTRIES,
    MAX_HOST_BYTES,
    MAX_HOSTS,
    NO_NAMES,
    OTHER,
    Gains,
    Room,
    fit,
    fit_names,
    gains_of,
    keep_largest,
)
from circulation.counting.traits import Traits

NAMES = st.integers(0, 300).map(lambda number: f"h{number}.example")
HOSTS = Room(MAX_HOSTS, MAX_HOST_BYTES)
SUMS = st.dictionaries(NAMES, st.integers(1, 50))


def test_a_view_without_a_trait_is_in_no_sum_of_it() -> None:
    gains = gains_of([Traits("a", "AZ"), Traits(), Traits("b"), Traits("a", None, "phone")])
    assert gains == Gains({"a": 2, "b": 1}, {"AZ": 1}, {"phone": 1}, {}, {})
    arrivals = [Traits(source="mail", campaign="spring"), Traits(source="mail")]
    assert gains_of(arrivals).sources == {"mail": 2}
    assert gains_of(arrivals).campaigns == {"spring": 1}


def test_each_trait_has_room_of_its_own() -> None:
    limits = (MAX_HOSTS, MAX_COUNTRIES, -1, -1, MAX_CAMPAIGNS)
    everything = Gains(*({f"n{number}": 1 for number in range(limit + 1)} for limit in limits))
    fitted, new = fit(everything, NO_NAMES)
    assert [len(sums) for sums in fitted] == [MAX_HOSTS + 1, MAX_COUNTRIES + 1, 0, 0, 21]
    assert fitted.referrers[OTHER] == fitted.countries[OTHER] == fitted.campaigns[OTHER] == 1
    assert [len(names) for names in new.values()] == [MAX_HOSTS, MAX_CAMPAIGNS]
    again, newer = fit(everything, new)
    assert again == fitted
    assert not any(newer.values())


def test_the_largest_are_kept_apart_and_the_rest_is_other() -> None:
    assert keep_largest({"a": 1, "b": 5, "c": 1, "d": 3}, 2) == {"b": 5, "d": 3, OTHER: 2}
    assert keep_largest({"a": 1}, 2) == {"a": 1}
    assert keep_largest({"a": 1, OTHER: 9, "b": 5, "c": 2}, 2) == {"b": 5, "c": 2, OTHER: 10}


def test_a_pages_own_hosts_come_first_then_the_largest_new_ones() -> None:
    known = frozenset(f"k{number}" for number in range(MAX_HOSTS - 1))
    sums = {"k0": 1, "small": 2, "large": 3}
    assert fit_names(sums, known, HOSTS) == (
        {"k0": 1, "large": 3, OTHER: 2},
        frozenset({"large"}),
    )


def test_a_full_page_takes_no_new_host() -> None:
    known = frozenset(f"k{number}" for number in range(MAX_HOSTS))
    assert fit_names({"k0": 1, "new": 3}, known, HOSTS) == ({"k0": 1, OTHER: 3}, frozenset())


def test_a_host_of_unusual_length_takes_no_place() -> None:
    longest = "x" * MAX_HOST_BYTES
    assert fit_names({longest: 1, f"{longest}x": 1}, frozenset(), HOSTS) == (
        {longest: 1, OTHER: 1},
        frozenset({longest}),
    )


def test_a_host_that_is_called_other_takes_no_place() -> None:
    assert fit_names({OTHER: 3}, frozenset(), HOSTS) == ({OTHER: 3}, frozenset())


@given(sums=SUMS, known=st.frozensets(NAMES, max_size=MAX_HOSTS))
def test_no_view_is_lost_and_no_page_overfull(sums: dict[str, int], known: frozenset[str]) -> None:
    fitted, new = fit_names(sums, known, HOSTS)
    assert sum(fitted.values()) == sum(sums.values())
    assert fitted.keys() <= known | new | {OTHER}
    assert len(known | new) <= MAX_HOSTS
    assert not known & new
