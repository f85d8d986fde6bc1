"""BeginDigest: scheduled at the digests' local hour, and every hour for what was missed."""

from collections.abc import Mapping
from typing import Any

from circulation.logs import EVENT_BRIDGE, logged
from circulation.mail.delivering import begin_digests
from circulation.runtime import container, warm_up
from circulation.times import parse_time


@logged(EVENT_BRIDGE)
def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Freeze the digests that are due and queue their portions; answer with their names."""
    runtime = container()
    begun = begin_digests(
        runtime.settings.digest_plan,
        runtime.digest_stores,
        runtime.catalogue,
        runtime.rankings,
        now=parse_time(event["time"]),
    )
    return {"begun": begun}


warm_up()
