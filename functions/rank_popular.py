"""RankPopular: scheduled every five minutes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circulation.container import container, warm_up
from circulation.ranking import rank_popular
from circulation.times import parse_time


def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """Bring rankings and site totals up to now; answer with how many rankings changed."""
    held, due = container(), parse_time(event["time"])
    return {"written": rank_popular(held.store, held.memory, now=due, clock=datetime.now(UTC))}


warm_up()
