"""Do the jobs of the seal queue: seal a portion of a day, or recount a part of one article's."""

from collections.abc import Callable, Iterator
from datetime import datetime

from circulation.counting.books import Books
from circulation.counting.recounting import QueuedRecount
from circulation.counting.seal_queue import PartitionJob, PortionJob
from circulation.counting.sealing import Sealed, is_over, seal_portion


def do_job(
    job: PortionJob | PartitionJob,
    books: Books,
    recounter: QueuedRecount,
    *,
    clock: Callable[[], datetime],
) -> Iterator[Sealed]:
    """Do a job, or queue what is left of it when time is short; yield what was sealed.

    Whoever finishes a partition looks whether all 16 are done, and then seals, so that a job may
    come twice, run beside a twin, or be broken off anywhere. Once the page is sealed, nothing is
    recounted any more. Raises ValueError for a day that is not over, whose lines still change, and
    StoreUnavailable.
    """
    now = clock()
    if not is_over(job.day, now=now):
        raise ValueError(f"{job.day} is not over")
    if isinstance(job, PortionJob):
        yield from seal_portion(job.day, job.articles, books, recounter, now=now)
    elif books.day_book.page(job.article, job.day).sealed or recounter.work_off(job):
        yield from seal_portion(job.day, [job.article], books, recounter.finished(), now=clock())
