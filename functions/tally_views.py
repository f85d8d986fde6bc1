"""TallyViews: batches of the ledger's stream."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circulation.counting.stream import batch_of_event
from circulation.logs import DYNAMODB_STREAM, logged
from circulation.metrics import measured
from circulation.runtime import container, warm_up
from circulation.statistics.tallying_live import tally_live


@logged(DYNAMODB_STREAM)
@measured("TallyViews")
def handler(event: Mapping[str, Any], _context: object, metrics: Counter[str]) -> dict[str, Any]:
    """Fold one batch into the pages; an error of that makes the mapping deliver it again.

    The answer is what a mapping with a tumbling window and partial failures asks for, always the
    same: nothing is carried from batch to batch, and a batch never fails in part.
    """
    batch, runtime = batch_of_event(event), container()
    tallied = tally_live(batch, runtime.books, runtime.live_views, now=datetime.now(UTC))
    metrics["ViewsTallied"] += tallied.folded
    metrics["LinesDropped"] += tallied.dropped
    metrics["LinesMalformed"] += tallied.malformed
    return {"state": {}, "batchItemFailures": []}


warm_up()
