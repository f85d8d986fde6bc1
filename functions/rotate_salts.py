"""RotateSalts: scheduled every ten minutes."""

import os
from collections.abc import Mapping
from typing import Any

from circulation.logs import EVENT_BRIDGE, logged
from circulation.runtime import container, warm_up
from circulation.times import parse_time
from circulation.views.salt_rotation import rotate_salts


@logged(EVENT_BRIDGE)
def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Make the salts that are due and delete those of past days; answer with the deleted days."""
    runtime = container()
    deleted = rotate_salts(
        runtime.salts,
        now=parse_time(event["time"]),
        repeat_window=runtime.settings.repeat_window,
        random_bytes=os.urandom,
    )
    return {"deleted": deleted}


warm_up()
