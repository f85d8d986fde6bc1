"""SealArticles: jobs of the seal queue."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circulation.counting.recounting import QueuedRecount
from circulation.counting.seal_queue import read_job
from circulation.counting.sealing_jobs import do_job
from circulation.logs import SQS, Context, logged
from circulation.metrics import measured
from circulation.runtime import container, warm_up
from circulation.statistics.article_months import note_sealed

RESERVE_MS = 60_000
"""More than a container takes to read eight partitions at once, and to end."""


def recounter(context: Context) -> QueuedRecount:
    """Give what recounts as long as the invocation has time."""
    runtime = container()
    return QueuedRecount(
        runtime.ledger,
        runtime.recounts,
        runtime.seal_queue,
        is_late=lambda: context.get_remaining_time_in_millis() < RESERVE_MS,
    )


@logged(SQS)
@measured("SealArticles")
def handler(event: Mapping[str, Any], context: Context, metrics: Counter[str]) -> None:
    """Do the job of each message; an error makes the queue deliver it again."""
    runtime, recount = container(), recounter(context)
    for record in event["Records"]:
        job = read_job(record["body"])
        # A message may have waited long, so its own time would not do.
        results = do_job(job, runtime.books, recount, clock=lambda: datetime.now(UTC))
        for sealed in note_sealed(results, job.day, runtime.books.day_book, runtime.rollups):
            metrics["ArticlesSealed"] += not sealed.again
            metrics["TallyDrift"] += sealed.drift.views
            metrics["SealedAfterExpiry"] += not sealed.complete


warm_up()
