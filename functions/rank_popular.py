"""RankPopular: scheduled every five minutes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circulation.logs import EVENT_BRIDGE, logged
from circulation.popularity.ranking import rank_popular
from circulation.runtime import container, warm_up
from circulation.statistics.rolling_up import roll_up
from circulation.times import parse_time


@logged(EVENT_BRIDGE)
def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """Bring rankings, site totals and roll-ups up to now; answer with how many rankings changed."""
    runtime, now, clock = container(), parse_time(event["time"]), datetime.now(UTC)
    found = rank_popular(
        runtime.charts,
        runtime.catalogue,
        runtime.books,
        runtime.memory,
        now=now,
        clock=clock,
    )
    if found is None:
        return {"written": 0}
    roll_up(found, runtime.rollup_sources, runtime.rollup_memory, now=now, clock=clock)
    return {"written": found.written}


warm_up()
