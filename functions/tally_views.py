"""TallyViews: batches of the ledger's stream."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from circulation.container import container, warm_up
from circulation.store.stream import batch_of_event
from circulation.tallying import tally


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Fold one batch into the counters; an error makes the mapping deliver it again.

    The answer is what a mapping with a tumbling window and partial failures asks for, always the
    same: nothing is carried from batch to batch, and a batch never fails in part.
    """
    tallied = tally(batch_of_event(event), container().store)
    metrics = EphemeralMetrics(namespace="Circulation", service="TallyViews")
    metrics.add_metric("ViewsTallied", MetricUnit.Count, tallied.folded)
    metrics.add_metric("LinesDropped", MetricUnit.Count, tallied.dropped)
    metrics.add_metric("LinesMalformed", MetricUnit.Count, tallied.malformed)
    metrics.flush_metrics()
    return {"state": {}, "batchItemFailures": []}


warm_up()
