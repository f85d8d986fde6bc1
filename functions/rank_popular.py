"""RankPopular: scheduled every five minutes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circulation.logs import EVENT_BRIDGE, logged
from circulation.popularity.ranking import rank_popular
from circulation.runtime import container, warm_up
from circulation.times import parse_time


@logged(EVENT_BRIDGE)
def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """Bring rankings and site totals up to now; answer with how many rankings changed."""
    runtime = container()
    written = rank_popular(
        runtime.charts,
        runtime.catalogue,
        runtime.books,
        runtime.memory,
        now=parse_time(event["time"]),
        clock=datetime.now(UTC),
    )
    return {"written": written}


warm_up()
