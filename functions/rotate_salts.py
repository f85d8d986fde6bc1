"""RotateSalts: scheduled every ten minutes."""

import os
from collections.abc import Mapping
from typing import Any

from circulation.container import container, warm_up
from circulation.rotating import rotate_salts
from circulation.times import parse_time


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Make the salts that are due and delete those of past days; answer with the deleted days."""
    kept = container()
    deleted = rotate_salts(
        kept.store,
        now=parse_time(event["time"]),
        repeat_window=kept.settings.repeat_window,
        random_bytes=os.urandom,
    )
    return {"deleted": deleted}


warm_up()
