"""Recount a day from the ledger: to compare its pages, or to seal it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from circulation.counting.books import Books
from circulation.counting.counts import DayCount
from circulation.counting.drift import Drift
from circulation.counting.keys import BUCKETS
from circulation.counting.ledger import Ledger
from circulation.counting.line_sums import LineSum, total_of
from circulation.counting.recounts import Recounts
from circulation.counting.seal_queue import PartitionJob, SealQueue

LARGE_PARTITION = 12_500
"""Lines in one of the 16 ledger partitions from which an article's day is recounted partition by
partition: about 200,000 visitors."""
CHECKPOINT = 50_000
"""Lines of a partition after which its recount is noted: one write after 2,500 reads of 4 KB."""


def check(article: str, day: str, books: Books, ledger: Ledger) -> Drift:
    """Compare an article's page of a day with the ledger; nothing is written."""
    recounted = ledger.recount(article, day)
    page = books.day_book.page(article, day)
    return Drift(article, page.count.views, recounted.views)


class Recounter(Protocol):
    """What a seal recounts an article's day with, such as the ledger itself."""

    def recount(self, article: str, day: str) -> DayCount | None:
        """Count the views from the ledger; None if whoever recounts the rest of them will seal."""

    def is_complete(self, day: str, *, now: datetime) -> bool:
        """Tell, after the recount, whether the ledger had every line of the day."""


@dataclass(frozen=True, slots=True)
class QueuedRecount:
    """Recounts an article's day at once, and a large one by a job for each of its partitions."""

    ledger: Ledger
    recounts: Recounts
    seal_queue: SealQueue
    is_late: Callable[[], bool]
    """Tells whether too little time is left to read on."""
    large: int = LARGE_PARTITION
    checkpoint: int = CHECKPOINT

    def recount(self, article: str, day: str) -> DayCount | None:
        """Count the views, or queue what is left to recount of them. Raises StoreUnavailable."""
        recounted = _recount_small(article, day, self.ledger, self.large, self.is_late)
        if recounted:
            return recounted
        if self.is_late():
            self.seal_queue.send(day, [article])
            return None
        reached = self.recounts.all_reached(article, day)
        for bucket, part in reached.items():
            if not part.done:
                self.seal_queue.send_partition(PartitionJob(day, article, bucket))
        return _total_if_done(reached.values())

    def is_complete(self, day: str, *, now: datetime) -> bool:
        """Ask the ledger."""
        return self.ledger.is_complete(day, now=now)

    def work_off(self, job: PartitionJob) -> bool:
        """Go on with the recount of a partition, and tell whether it is done.

        If it is not, what is left of it is queued. Raises StoreUnavailable.
        """
        reached = recount_partition(
            job, self.ledger, self.recounts, is_late=self.is_late, checkpoint=self.checkpoint
        )
        if not reached.done:
            self.seal_queue.send_partition(job)
        return reached.done

    def finished(self) -> "FinishedRecount":
        """Give what seals an article's day when all of its partitions are done."""
        return FinishedRecount(self.ledger, self.recounts)


@dataclass(frozen=True, slots=True)
class FinishedRecount:
    """Sums up the partitions of an article's day, once all of them are recounted."""

    ledger: Ledger
    recounts: Recounts

    def recount(self, article: str, day: str) -> DayCount | None:
        """Sum up the 16 partitions; None if one of them is not done, whose job will seal."""
        return _total_if_done(self.recounts.all_reached(article, day).values())

    def is_complete(self, day: str, *, now: datetime) -> bool:
        """Ask the ledger."""
        return self.ledger.is_complete(day, now=now)


@dataclass(frozen=True, slots=True)
class ResumableRecount:
    """Recounts an article's day at once, a large one from where it was interrupted."""

    ledger: Ledger
    recounts: Recounts
    clock: Callable[[], datetime]
    large: int = LARGE_PARTITION
    checkpoint: int = CHECKPOINT

    def recount(self, article: str, day: str) -> DayCount:
        """Count the views, however long it takes. Raises StoreUnavailable."""
        return _recount_small(article, day, self.ledger, self.large, _never) or total_of(
            recount_partition(
                PartitionJob(day, article, bucket),
                self.ledger,
                self.recounts,
                is_late=_never,
                checkpoint=self.checkpoint,
            )
            for bucket in BUCKETS
        )

    def is_complete(self, day: str, *, now: datetime) -> bool:
        """Ask the ledger, as of now if that is later than when the recount began."""
        return self.ledger.is_complete(day, now=max(now, self.clock()))


def recount_partition(
    job: PartitionJob,
    ledger: Ledger,
    recounts: Recounts,
    *,
    is_late: Callable[[], bool],
    checkpoint: int,
) -> LineSum:
    """Recount one ledger partition of a day that is over, from its checkpoint, until it is late.

    Each checkpoint is one write, and there is at least one. A twin that is further is followed.
    """
    reached = recounts.reached(job.article, job.day, job.partition)
    while not reached.done:
        further = ledger.sum_lines(
            job.article, job.day, job.partition, since=reached, at_most=checkpoint
        )
        reached = recounts.advance(job.article, job.day, job.partition, further)
        if is_late():
            break
    return reached


def _never() -> bool:
    return False


def _recount_small(
    article: str, day: str, ledger: Ledger, large: int, is_late: Callable[[], bool]
) -> DayCount | None:
    """Count the views of an article's day; None if one of its partitions is large, or it is late.

    What a page says does not decide it: the tally may have been down, and whoever is no visitor has
    lines as well.
    """
    sums: list[LineSum] = []
    for bucket in BUCKETS:
        if is_late():
            return None
        sums.append(ledger.sum_lines(article, day, bucket, at_most=large))
        if not sums[-1].done:
            return None
    return total_of(sums)


def _total_if_done(parts: Iterable[LineSum]) -> DayCount | None:
    sums = list(parts)
    return total_of(sums) if all(part.done for part in sums) else None
