"""SealArticles: portions of a day from the seal queue."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from circulation.container import container, warm_up
from circulation.sealing import seal_portion

metrics = EphemeralMetrics(namespace="Circulation", service="SealArticles")


@metrics.log_metrics  # also when an error is raised: what was sealed before it has been sealed
def handler(event: Mapping[str, Any], _context: object) -> None:
    """Seal the articles of each message; an error makes the queue deliver it again."""
    metrics.add_metric("ArticlesSealed", MetricUnit.Count, 0)
    for record in event["Records"]:
        told = json.loads(record["body"])
        # A message may have waited long, so its own time would not do.
        now = datetime.now(UTC)
        for sealed in seal_portion(told["day"], told["articles"], container().store, now=now):
            metrics.add_metric("ArticlesSealed", MetricUnit.Count, 1)
            metrics.add_metric("TallyDrift", MetricUnit.Count, sealed.drift.views)
            metrics.add_metric("SealedAfterExpiry", MetricUnit.Count, not sealed.complete)


warm_up()
