"""A breakdown: an article's views by trait, of bounded size."""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from circulation.counting.traits import MAX_CAMPAIGN, Traits

OTHER = "other"
"""The name under which the views of names without room of their own are summed."""

MAX_COUNTRIES = 100
"""Countries with a sum of their own in one write. With the names that have room, the hours and the
other sums it has fewer than 300, DynamoDB's limit for one update (Developer Guide: Service,
account, and table quotas)."""


class Room(NamedTuple):
    """The room on a page for the names of a trait whose names anybody can invent."""

    names: int
    """Names of an article and day with a sum of their own."""
    length: int
    """Characters of such a name. Longer ones are summed under OTHER: real ones are shorter, and a
    write is billed by size."""


MAX_HOSTS = 100
"""Referrer hosts of an article and day with a sum of their own."""
MAX_HOST_BYTES = 50
"""Bytes of a referrer host with a sum of its own, which are its characters, as it is in ASCII."""
MAX_CAMPAIGNS = 20
"""Campaigns of an article and day with a sum of their own."""


class Breakdown(NamedTuple):
    """Views by the value of each trait, in the order of Traits; unknown traits are not summed."""

    referrers: Counter[str]
    countries: Counter[str]
    form_factors: Counter[str]
    sources: Counter[str]
    campaigns: Counter[str]


class Gains(NamedTuple):
    """What lines add to a breakdown, in its order.

    Plain dicts, as they are read and never added to: a batch of the stream makes some for each of
    thousands of pages, and a Counter takes ten times as long to be made.
    """

    referrers: dict[str, int]
    countries: dict[str, int]
    form_factors: dict[str, int]
    sources: dict[str, int]
    campaigns: dict[str, int]


ROOMS = {
    "referrers": Room(MAX_HOSTS, MAX_HOST_BYTES),
    "campaigns": Room(MAX_CAMPAIGNS, MAX_CAMPAIGN),
}
"""The room of each trait of a breakdown that needs some; the others are of closed lists."""

Names = Mapping[str, frozenset[str]]
"""The names that have a sum of their own on a page, by the trait of a breakdown that has room."""

_NONE: frozenset[str] = frozenset()
NO_NAMES: Names = dict.fromkeys(ROOMS, _NONE)
"""The names of a page that has none."""


def gains_of(traits: Iterable[Traits]) -> Gains:
    """Sum the traits of views."""
    gains = Gains({}, {}, {}, {}, {})
    for of_view in traits:
        for sums, name in zip(gains, of_view, strict=True):
            if name is not None:
                sums[name] = sums.get(name, 0) + 1
    return gains


def empty_breakdown() -> Breakdown:
    """Give the breakdown of no views."""
    return Breakdown(*(Counter() for _ in Breakdown._fields))


@dataclass(slots=True)
class Readership:
    """An article's views and visitors over several days, and their breakdown."""

    views: int = 0
    visitors: int = 0
    breakdown: Breakdown = field(default_factory=empty_breakdown)


def keep_largest(sums: Mapping[str, int], most: int) -> dict[str, int]:
    """Keep the largest sums, at most as many as most says, and add up the others as OTHER.

    What was under OTHER before stays there, and takes the place of no name.
    """
    if len(sums) <= most:
        return dict(sums)
    names = [name for name in _sort_by_size(sums) if name != OTHER]
    return _fold(sums, set(names[:most]))


def fit(gains: Gains, known: Names) -> tuple[Gains, Names]:
    """Fit what lines add to one update of a page that already has sums of the known names.

    Gives the sums, and the new names among them.
    """
    changed: dict[str, dict[str, int]] = {}
    if len(gains.countries) > MAX_COUNTRIES:
        changed["countries"] = keep_largest(gains.countries, MAX_COUNTRIES)
    new: dict[str, frozenset[str]] = {}
    for trait, room in ROOMS.items():
        sums = getattr(gains, trait)
        if sums.keys() <= known[trait]:  # nearly always, so that nothing has to be fitted
            new[trait] = _NONE
        else:
            changed[trait], new[trait] = fit_names(sums, known[trait], room)
    return (gains._replace(**changed) if changed else gains), new


def fit_names(
    sums: Mapping[str, int], known: AbstractSet[str], room: Room
) -> tuple[dict[str, int], frozenset[str]]:
    """Fit the sums of a trait to a page that already has sums of the known names.

    The known names keep their sums, then the largest new ones get sums as far as there is room, and
    the others are added up as OTHER. Gives the sums, and the new names among them.
    """
    candidates = [
        name
        for name in _sort_by_size(sums)
        if name not in known and name != OTHER and len(name) <= room.length
    ]
    new = frozenset(candidates[: room.names - len(known)])
    return _fold(sums, known | new), new


def _sort_by_size(sums: Mapping[str, int]) -> list[str]:
    """Sort the names from the largest sum to the smallest, and by name where sums are equal."""
    return sorted(sums, key=lambda name: (-sums[name], name))


def _fold(sums: Mapping[str, int], names: AbstractSet[str]) -> dict[str, int]:
    folded: Counter[str] = Counter()
    for name, amount in sums.items():
        folded[name if name in names else OTHER] += amount
    return dict(folded)
