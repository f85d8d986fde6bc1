"""RotateSalts: scheduled in the evening and shortly after the day, both UTC."""

import os
from collections.abc import Mapping
from typing import Any

from circulation.container import container, warm_up
from circulation.rotating import rotate_salts
from circulation.times import parse_time


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Make the salts that are due and delete those of past days; answer with the deleted days."""
    now = parse_time(event["time"])
    deleted = rotate_salts(container().store, now=now, random_bytes=os.urandom)
    return {"deleted": deleted}


warm_up()
