"""SealArticles: portions of a day from the seal queue."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from circulation.container import container, warm_up
from circulation.sealing import seal_portion


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Seal the articles of each message; an error makes the queue deliver it again."""
    metrics = EphemeralMetrics(namespace="Circulation", service="SealArticles")
    for record in event["Records"]:
        told = json.loads(record["body"])
        # A message may have waited long, so its own time would not do.
        now = datetime.now(UTC)
        sealed = seal_portion(told["day"], told["articles"], container().store, now=now)
        drift = sum(each.drift.views for each in sealed)
        late = sum(not each.complete for each in sealed)
        metrics.add_metric("ArticlesSealed", MetricUnit.Count, len(sealed))
        metrics.add_metric("TallyDrift", MetricUnit.Count, drift)
        metrics.add_metric("SealedAfterExpiry", MetricUnit.Count, late)
    metrics.flush_metrics()


warm_up()
