"""SealArticles: portions of a day from the seal queue."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circulation.counting.sealing import seal_portion
from circulation.logs import SQS, logged
from circulation.metrics import measured
from circulation.runtime import container, warm_up


@logged(SQS)
@measured("SealArticles")
def handler(event: Mapping[str, Any], metrics: Counter[str]) -> None:
    """Seal the articles of each message; an error makes the queue deliver it again."""
    runtime = container()
    for record in event["Records"]:
        job = json.loads(record["body"])
        # A message may have waited long, so its own time would not do.
        now = datetime.now(UTC)
        portion = seal_portion(job["day"], job["articles"], runtime.books, runtime.ledger, now=now)
        for sealed in portion:
            metrics["ArticlesSealed"] += 1
            metrics["TallyDrift"] += sealed.drift.views
            metrics["SealedAfterExpiry"] += not sealed.complete


warm_up()
