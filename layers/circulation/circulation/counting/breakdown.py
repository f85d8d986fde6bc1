"""A breakdown: an article's views by trait, of bounded size."""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from circulation.counting.traits import Traits

OTHER = "other"
"""The name under which the views of names without room of their own are summed."""

MAX_HOSTS = 100
"""Referrer hosts of an article and day with a sum of their own; anybody can invent hosts."""

MAX_HOST_BYTES = 50
"""Longer hosts are summed under OTHER: real ones are shorter, and a write is billed by size."""

MAX_COUNTRIES = 140
"""Countries with a sum of their own in one write. With the hosts, hours and other sums it has fewer
than 300, DynamoDB's limit for one update (Developer Guide: Service, account, and table quotas)."""


class Breakdown(NamedTuple):
    """Views by the value of each trait, in the order of Traits; unknown traits are not summed."""

    referrers: Counter[str]
    countries: Counter[str]
    form_factors: Counter[str]


def breakdown_of(traits: Iterable[Traits]) -> Breakdown:
    """Sum the traits of one or more views."""
    return Breakdown(
        *(
            Counter(name for name in names if name is not None)
            for names in zip(*traits, strict=True)
        )
    )


@dataclass(slots=True)
class Readership:
    """An article's views and visitors over several days, and their breakdown."""

    views: int = 0
    visitors: int = 0
    breakdown: Breakdown = field(default_factory=lambda: Breakdown(Counter(), Counter(), Counter()))


def keep_largest(sums: Mapping[str, int], most: int) -> dict[str, int]:
    """Keep the largest sums, at most as many as most says, and add up the others as OTHER."""
    return _fold(sums, set(_sort_by_size(sums)[:most]))


def fit_hosts(
    sums: Mapping[str, int], known: AbstractSet[str]
) -> tuple[dict[str, int], frozenset[str]]:
    """Fit sums by referrer host to a page that already has sums of the known hosts.

    The known hosts keep their sums, then the largest new ones get sums up to MAX_HOSTS, and the
    others are added up as OTHER. Gives the sums, and the new hosts among them.
    """
    candidates = [
        host
        for host in _sort_by_size(sums)
        if host not in known and host != OTHER and len(host) <= MAX_HOST_BYTES
    ]
    new = frozenset(candidates[: MAX_HOSTS - len(known)])
    return _fold(sums, known | new), new


def _sort_by_size(sums: Mapping[str, int]) -> list[str]:
    """Sort the names from the largest sum to the smallest, and by name where sums are equal."""
    return sorted(sums, key=lambda name: (-sums[name], name))


def _fold(sums: Mapping[str, int], names: AbstractSet[str]) -> dict[str, int]:
    folded: Counter[str] = Counter()
    for name, amount in sums.items():
        folded[name if name in names else OTHER] += amount
    return dict(folded)
