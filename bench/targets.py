"""The design's targets beside what the benches measured: the first table of results.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import ge, le
from pathlib import Path

from bench.results import RESULTS, figure, table

ROADS = ("", "; where the SDK makes every call")
BY_SDK = ("", " by the SDK")
"""What rows of the sections are called where DirectCalls is off."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that a section has, and its limit."""

    what: str
    limit: float
    section: str
    row: str
    column: str
    at_least: bool = False
    """The limit is the least, not the most."""

    @property
    def bound(self) -> str:
        """The limit as it is written."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:,.10g}"

    def row_of_table(self, path: Path) -> Sequence[str]:
        """Give the target, its limit, the figure, and whether it is reached."""
        try:
            measured = figure(self.section, self.row, self.column, path)
        except LookupError:
            return (self.what, self.bound, "", "not measured")
        reached = (ge if self.at_least else le)(measured, self.limit)
        verdict = "reached" if reached else "**not reached**"
        return (self.what, self.bound, f"[{measured:,.10g}](#{self.section})", verdict)


TARGETS = (
    *(
        Target(
            f"$ per million views, exact, with rankings; Zipf(1.0), 60 s; {traffic}{by}",
            limit, "cost", traffic, column,
        )
        for column, by, limits in (
            ("together", "", (4.0, 2.95, 2.85)),
            ("by the URL", "; by the function URL", (3.0, 2.0, 1.9)),
        )
        for traffic, limit in zip(
            ("10,000 views a day", "1,000,000 views a day", "100,000,000 views a day"), limits,
            strict=True,
        )
    ),
    Target("of these, rankings and roll-ups; 10,000 views a day", 0.50, "cost",
           "10,000 views a day", "rankings"),
    Target("an idle stack, $ a month, beyond free tiers", 2.5, "cost", "an idle stack",
           "$ a month"),
    Target("write units per view, evenly spread, any rate", 2.6, "write_units", "dearest cell",
           "units"),
    Target("write units per view, 100/s × 50 articles × 60 s, four shards", 1.10, "write_units",
           "four shards, the day", "units"),
    *(
        Target(f"{what}{road}", limit, section, f"{row}{at}", column)
        for what, section, row, column, limits in (
            ("cold start of POST view, of typical, TLS on both sides", "cold_start",
             "circulation", "of typical, by TLS", (0.14, 0.21)),
            ("warm CPU per view, of typical", "warm", "circulation", "of typical", (0.30, 0.60)),
            ("feed, a repeat, of feedgen + gzip, at the wire", "feeds", "the wire", "of it",
             (0.03, 0.12)),
            ("feed, a 304, of feedgen + gzip, at the wire", "feeds", "the wire", "304, of it",
             (0.025, 0.107)),
        )
        for limit, road, at in zip(limits, ROADS, BY_SDK, strict=True)
    ),
    *(
        Target(
            f"tally of 10,000 records over 5,000 articles, of BatchProcessor, at the wire{road}",
            limit, "tally", f"the wire{at}, 5,000 articles", "of BatchProcessor",
        )
        for limit, road, at in zip((0.12, 0.38), ROADS, BY_SDK, strict=True)
    ),
    Target("sustained views/s over 100,000 articles, four shards (model over measured times)",
           8_000, "tally", "sustained", "views/s", at_least=True),
    Target("a day of 100,000 viewed articles: minutes until it is sealed", 360, "sealing", "100",
           "100,000 articles, minutes"),
    Target("a day of 100,000 viewed articles: seconds until SealDay has queued it", 900, "sealing",
           "SealDay", "100,000 articles, s"),
    *(
        Target(f"a library of 1,000,000 articles, 100,000 viewed a day (computed): {what}", limit,
               "scale", function, column)
        for what, limit, function, column in (
            ("seconds of RankPopular's longest run", 900, "RankPopular", "seconds"),
            ("per cent of RankPopular's memory", 70, "RankPopular", "% of its memory"),
            ("seconds until SealDay has queued a day", 900, "SealDay", "seconds"),
        )
    ),
    Target("read units of the dearest view of the statistics, of 100 to 100,000 articles", 120,
           "statistics", "most", "units"),
    Target("calls of the one with most, likewise", 8, "statistics", "most", "calls"),
    Target("largest library that every route for readers can bear, in a second with 512 MB",
           1_000_000, "catalogue", "every route", "articles", at_least=True),
    Target("seconds of the slowest of them, of 1,000,000 articles (model over measured times)", 1,
           "catalogue", "slowest", "seconds at most"),
    Target("log bytes per successful view", 0, "logs", "together, with the API", "circulation"),
    Target("widget, count + show, bytes gzipped", 1_100, "widget", "circulation widget.js", "gzip"),
)  # fmt: skip

ABOUT = """\
The targets of the design, and what the sections below measured last. What a library of a million
articles takes is computed from smaller ones.
"""


def overview(path: Path = RESULTS) -> str:
    """Write the table."""
    head = ("target", "limit", "measured", "")
    return f"{ABOUT}\n{table(head, [target.row_of_table(path) for target in TARGETS])}"
