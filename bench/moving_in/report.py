"""The report of a check, as Markdown."""

from collections import Counter
from dataclasses import dataclass, field

from bench.moving_in.comparison import TARGETS, Comparison, percent

_LISTED = 60
_STATUSES = ("created", "updated", "unchanged", "refused", "private", "skipped", "warning")


@dataclass(slots=True)
class Checked:
    """A source that was checked: what the import said, and what every surface shows."""

    name: str
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    surfaces: dict[str, Comparison] = field(default_factory=dict)
    fault: str = ""
    """Why it could not be compared at all."""
    public: int = 0
    """How many articles it publishes by the parsers of the check."""

    def misses(self) -> list[str]:
        """Give what misses its target, with the surfaces on which it does."""
        surfaces: dict[str, list[str]] = {}
        for surface, comparison in self.surfaces.items():
            for miss in comparison.misses():
                surfaces.setdefault(miss, []).append(surface)
        missed = [f"{miss} ({', '.join(names)})" for miss, names in surfaces.items()]
        return [self.fault, *missed] if self.fault else missed


def write_report(checked: list[Checked]) -> str:
    """Write what was found: two tables, then what differs, source by source."""
    names = list(TARGETS)
    lines = [
        "# Checking a move",
        "",
        "## What the import said",
        "",
        f"| source | published by the source | found | {' | '.join(_STATUSES)} |",
        f"| --- | --: | --: |{' --: |' * len(_STATUSES)}",
    ]
    for source in checked:
        counts = (str(source.statuses[status]) for status in _STATUSES)
        found = source.statuses.total() - source.statuses["warning"]
        lines.append(f"| {source.name} | {source.public} | {found} | {' | '.join(counts)} |")
    targets = (percent(TARGETS[name]) for name in names)
    lines += [
        "",
        "## What is shown of what the source publishes",
        "",
        "The smallest share of all surfaces: the API's articles, three feeds and the sitemap.",
        "",
        f"| source | {' | '.join(names)} | not the source's | verdict |",
        f"| --- |{' --: |' * len(names)} --: | --- |",
        f"| target | {' | '.join(targets)} | 0 | |",
    ]
    for source in checked:
        shares = (
            percent(min((c.shares[name].value for c in source.surfaces.values()), default=0.0))
            for name in names
        )
        leaked = max((len(c.leaked) for c in source.surfaces.values()), default=0)
        verdict = "not reached" if source.misses() else "reached"
        lines.append(f"| {source.name} | {' | '.join(shares)} | {leaked} | {verdict} |")
    for source in checked:
        lines += _details(source)
    return "\n".join(lines) + "\n"


def _details(source: Checked) -> list[str]:
    lines = ["", f"## {source.name}", ""]
    lines += [f"- **not reached** {miss}" for miss in source.misses()]
    seen: set[str] = set()
    found: list[str] = []
    for surface, comparison in source.surfaces.items():
        for difference in [*comparison.leaked, *comparison.losses]:
            if difference not in seen:
                seen.add(difference)
                found.append(f"- {surface}: {difference}")
    found += [f"- import: {reason}" for reason in source.reasons if reason[:8] != "skipped:"]
    more = [f"- and {len(found) - _LISTED} more"] if len(found) > _LISTED else []
    return lines + (found[:_LISTED] + more or ["Nothing differs."])
