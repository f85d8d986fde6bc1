"""A breakdown: an article's views by their traits, bounded whatever those are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from circulation.counting.traits import Traits

OTHER = "other"
"""Where views go whose own name has no room."""

MAX_HOSTS = 100
"""Referrer hosts that an article keeps apart on one day; anybody can make hosts up."""

MAX_HOST_BYTES = 50
"""Longer hosts are no reader's in practice, and each write to a page is paid by its size."""

MAX_COUNTRIES = 140
"""Countries that one write keeps apart. With the hosts, hours and the rest it stays below 300 sums,
DynamoDB's limit for one update (Developer Guide: Service, account, and table quotas)."""


class Breakdown(NamedTuple):
    """Views by each of their traits, in the order of Traits; a view without one is in no sum."""

    referrers: Counter[str]
    countries: Counter[str]
    form_factors: Counter[str]


def broken_down(traits: Iterable[Traits]) -> Breakdown:
    """Sum the traits of some views, at least one."""
    return Breakdown(
        *(
            Counter(name for name in names if name is not None)
            for names in zip(*traits, strict=True)
        )
    )


@dataclass(slots=True)
class Readership:
    """The views of one article over some days, and their breakdown."""

    views: int = 0
    visitors: int = 0
    breakdown: Breakdown = field(default_factory=lambda: Breakdown(Counter(), Counter(), Counter()))


def kept_apart(sums: Mapping[str, int], most: int) -> dict[str, int]:
    """Keep the largest sums, as many as most says, and add up the rest as other."""
    return _folded(sums, set(_by_size(sums)[:most]))


def with_room(
    sums: Mapping[str, int], known: AbstractSet[str]
) -> tuple[dict[str, int], frozenset[str]]:
    """Fit hosts to a page that knows some already: its own, then the largest new ones, then other.

    Answers with the sums and the new hosts among them.
    """
    strangers = [
        host
        for host in _by_size(sums)
        if host not in known and host != OTHER and len(host) <= MAX_HOST_BYTES
    ]
    new = frozenset(strangers[: MAX_HOSTS - len(known)])
    return _folded(sums, known | new), new


def _by_size(sums: Mapping[str, int]) -> list[str]:
    """Give the names from the largest sum to the smallest, by name where they are equal."""
    return sorted(sums, key=lambda name: (-sums[name], name))


def _folded(sums: Mapping[str, int], kept: AbstractSet[str]) -> dict[str, int]:
    folded: Counter[str] = Counter()
    for name, amount in sums.items():
        folded[name if name in kept else OTHER] += amount
    return dict(folded)
