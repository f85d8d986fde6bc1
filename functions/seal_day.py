"""SealDay: scheduled after midnight UTC, when the last views of the day are long in the ledger."""

from collections.abc import Mapping
from typing import Any

from circulation.counting.sealing import queue_days
from circulation.logs import EVENT_BRIDGE, logged
from circulation.runtime import container, warm_up
from circulation.times import parse_time


@logged(EVENT_BRIDGE)
def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Queue what of past days is not sealed or not settled; answer with how many those are."""
    runtime, now = container(), parse_time(event["time"])
    return {"queued": queue_days(runtime.books, runtime.seal_queue, now=now)}


warm_up()
