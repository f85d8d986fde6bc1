"""SendReports: every hour, for the report of the week and the alerts that editors are to get."""

from collections.abc import Mapping
from typing import Any

from circulation.logs import EVENT_BRIDGE, logged
from circulation.mail.reporting import FiguresReading, send_due
from circulation.runtime import container, warm_up
from circulation.times import parse_time


@logged(EVENT_BRIDGE)
def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """Send what is due; answer with the number of deliveries by what became of them."""
    runtime, now = container(), parse_time(event["time"])
    settings = runtime.settings
    reading = FiguresReading(runtime.figure_stores, settings.publication, now)
    channels, reports = runtime.report_channels, runtime.reports
    return dict(send_due(settings.digest_plan, reading, channels, reports, now=now))


warm_up()
