"""Run the benches named on the command line, or all of them, and keep what they find."""

import signal
import sys
from pathlib import Path

from bench import (
    cold_start,
    cost,
    feeds,
    hot_article,
    listing,
    logs,
    mailing,
    main_thread,
    sealing,
    tally,
    warm,
    widget,
    write_units,
)
from bench.load import measure as load
from bench.results import keep

BENCHES = {
    "cold_start": cold_start.measure,
    "warm": warm.measure,
    "tally": tally.measure,
    "write_units": write_units.measure,
    "sealing": sealing.measure,
    "logs": logs.measure,
    "feeds": feeds.measure,
    "listing": listing.measure,
    "hot_article": hot_article.measure,
    "cost": cost.measure,
    "mailing": mailing.measure,
    "widget": widget.measure,
    "main_thread": main_thread.measure,
    "load": load.measure,
}
"""The benches by name, in the order of results.md."""

RESULTS = Path(__file__).with_name("results.md")


def main(names: list[str]) -> None:
    """Run the benches and show each one's section as it is kept."""
    unknown = set(names) - set(BENCHES)
    if unknown:
        raise SystemExit(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    for name in names or BENCHES:
        sys.stdout.write(keep(RESULTS, name, BENCHES[name](), order=list(BENCHES)))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by way of what stops the stacks
    main(sys.argv[1:])
