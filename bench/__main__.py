"""Run the benches named on the command line, or all of them, and keep what they find."""

import signal
import sys

from bench import (
    catalogue,
    cold_start,
    cost,
    feeds,
    hot_article,
    listing,
    logs,
    mailing,
    main_thread,
    memory,
    ranking,
    scale,
    sealing,
    statistics,
    tally,
    warm,
    widget,
    write_units,
)
from bench.load import measure as load
from bench.results import RESULTS, keep, put
from bench.targets import overview

BENCHES = {
    "cold_start": cold_start.measure,
    "warm": warm.measure,
    "tally": tally.measure,
    "write_units": write_units.measure,
    "sealing": sealing.measure,
    "ranking": ranking.measure,
    "scale": scale.measure,
    "statistics": statistics.measure,
    "logs": logs.measure,
    "feeds": feeds.measure,
    "listing": listing.measure,
    "catalogue": catalogue.measure,
    "hot_article": hot_article.measure,
    "memory": memory.measure,
    "cost": cost.measure,
    "mailing": mailing.measure,
    "widget": widget.measure,
    "main_thread": main_thread.measure,
    "load": load.measure,
}
"""The benches by name, in the order of results.md."""

ORDER = ["targets", *BENCHES]


def main(names: list[str]) -> None:
    """Run the benches and show each one's section as it is kept."""
    unknown = set(names) - set(BENCHES)
    if unknown:
        raise SystemExit(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    for name in names or BENCHES:
        sys.stdout.write(keep(RESULTS, name, BENCHES[name](), order=ORDER))
        put(RESULTS, "targets", overview(RESULTS), order=ORDER)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by way of what stops the stacks
    main(sys.argv[1:])
