"""TallyViews: batches of the ledger's stream."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from circulation.counting.stream import batch_of_event
from circulation.counting.tallying import tally
from circulation.logs import DYNAMODB_STREAM, logged
from circulation.metrics import measured
from circulation.runtime import container, warm_up


@logged(DYNAMODB_STREAM)
@measured("TallyViews")
def handler(event: Mapping[str, Any], _context: object, metrics: Counter[str]) -> dict[str, Any]:
    """Fold one batch into the pages; an error makes the mapping deliver it again.

    The answer is what a mapping with a tumbling window and partial failures asks for, always the
    same: nothing is carried from batch to batch, and a batch never fails in part.
    """
    tallied = tally(batch_of_event(event), container().books)
    metrics["ViewsTallied"] += tallied.folded
    metrics["LinesDropped"] += tallied.dropped
    metrics["LinesMalformed"] += tallied.malformed
    return {"state": {}, "batchItemFailures": []}


warm_up()
