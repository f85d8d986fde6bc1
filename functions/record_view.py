"""RecordView: POST /articles/{id}/views."""

import os
from collections.abc import Mapping

from circulation.container import container, warm_up
from circulation.recording import record_hit
from circulation.view import FILTERED
from circulation.visitor import network
from circulation.web.counts import recorded_json
from circulation.web.handler import http_handler
from circulation.web.hits import hit_of
from circulation.web.request import Request
from circulation.web.response import Response, json_response
from circulation.web.viewer import check_origin, viewer_of


def record_view(request: Request) -> Response:
    """Count the view, if it is one, and answer with the count that includes it."""
    kept = container()
    check_origin(request, allowed=kept.settings.allowed_origins)
    viewer = viewer_of(request, origin_secret=kept.settings.origin_secret)
    kept.throttle.admit(network(viewer.address), now=request.at)
    hit = hit_of(request, viewer, kept.settings)
    window = kept.settings.repeat_window
    recorded = record_hit(
        hit, kept.store, now=request.at, repeat_window=window, random_bytes=os.urandom
    )
    if recorded.reason in FILTERED:
        _measure(kept.filtered.add("", recorded.reason, now=request.at))
    return json_response(recorded_json(recorded))


def _measure(filtered: Mapping[str, int]) -> None:
    """Put sums of filtered hits out as metrics, when there are any due."""
    if not filtered:
        return
    # Most containers never come here, and for a cold start this import is long: 40 ms and more.
    from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit  # noqa: PLC0415

    metrics = EphemeralMetrics(namespace="Circulation", service="RecordView")
    for reason, hits in filtered.items():
        metrics.add_metric(f"Filtered{reason.capitalize()}", MetricUnit.Count, hits)
    metrics.flush_metrics()


handler = http_handler({"POST /articles/{id}/views": record_view})
warm_up()
