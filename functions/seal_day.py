"""SealDay: scheduled after midnight UTC, when the last views of the day are long in the ledger."""

from collections.abc import Mapping
from typing import Any

from circulation.container import container, warm_up
from circulation.sealing import queue_days
from circulation.times import parse_time


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Queue what of past days is not sealed or not settled; answer with how many those are."""
    return {"queued": queue_days(container().store, now=parse_time(event["time"]))}


warm_up()
