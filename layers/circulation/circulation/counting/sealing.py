"""Seal a day: set its final numbers from a recount of the ledger, after which none changes.

A day has a page for every article viewed, so it is sealed in portions: one function queues them,
another processes them. Each step is idempotent: an interrupted portion is repeated from its start.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.counting.books import Books
from circulation.counting.counts import Page, final_count
from circulation.counting.drift import Drift
from circulation.counting.recounting import Recounter
from circulation.counting.seal_queue import SealQueue
from circulation.errors import StoreUnavailable
from circulation.times import day_of, end_of

PORTION = 50
"""Articles in one message: a few seconds of work, and at most 4 KB."""
SEAL_AFTER = timedelta(minutes=10)
"""How long after its end a day is sealed: longer than a request that may write a line of it."""
CLOSE_AFTER = timedelta(hours=1)
"""How long after its end a day is closed: longer than a request that may open a page of it."""
FIRST_LOOK = 14
"""Days before today that are searched if none was closed yet."""
THREADS = 8
"""Articles sealed at the same time."""


class NotSettled(StoreUnavailable):
    """A page was sealed, but settling it in the counter failed or its response was lost."""

    def __init__(self, sealed: "Sealed") -> None:
        super().__init__(f"{sealed.drift.article} is sealed and may not be settled")
        self.sealed = sealed


@dataclass(frozen=True, slots=True)
class Sealed:
    """The result of sealing an article's day."""

    drift: Drift
    complete: bool
    """Whether the ledger had every line of the day; if not, no number was lowered."""
    again: bool = False
    """The page had been sealed before, and was not compared with the ledger now."""


def is_over(day: str, *, now: datetime) -> bool:
    """Tell whether a UTC day can be sealed: no request can write a line of it any more."""
    return now >= end_of(day) + SEAL_AFTER


def queue_days(books: Books, seal_queue: SealQueue, *, now: datetime) -> int:
    """Queue every article that has to be sealed or settled, and give their number.

    Every day that is over is searched again until all of it is settled, however long that takes;
    then it is closed and not searched any more.
    """
    queued, closed = 0, books.day_book.closed_until()
    if closed is None:
        closed = day_of(now - timedelta(days=FIRST_LOOK + 1))
        books.day_book.close(closed)
    is_closed = True
    while is_over(day := day_of(end_of(closed)), now=now):
        waiting = _find_waiting(day, books)
        for start in range(0, len(waiting), PORTION):
            seal_queue.send(day, waiting[start : start + PORTION])
        queued += len(waiting)
        is_closed = is_closed and not waiting and now >= end_of(day) + CLOSE_AFTER
        if is_closed:
            books.day_book.close(day)
        closed = day
    return queued


def _find_waiting(day: str, books: Books) -> list[str]:
    """Find the articles whose page of a day is not sealed yet, or not settled in the counter."""
    unsealed: list[str] = []
    sealed: dict[str, int] = {}
    for article, views in books.day_book.sealed_views(day):
        if views is None:
            unsealed.append(article)
        else:
            sealed[article] = views
    return unsealed + sorted(books.counters.unsettled(day, sealed))


def seal_portion(
    day: str, articles: Sequence[str], books: Books, ledger: Recounter, *, now: datetime
) -> Iterator[Sealed]:
    """Seal a day for articles, several at the same time; yield each result once it is there.

    There is none for an article whose recount is left to others. A failure does not stop the
    others: after all of them the first error is raised, which is StoreUnavailable unless the code
    is at fault.
    """
    closed = books.day_book.closed_until() or ""
    errors = []
    with ThreadPoolExecutor(THREADS) as threads:
        futures = [
            threads.submit(seal, article, day, books, ledger, now=now, closed=closed)
            for article in articles
        ]
        for future in as_completed(futures):
            error = future.exception()
            if error is None:
                yield from filter(None, [future.result()])
            else:
                errors.append(error)
            if isinstance(error, NotSettled):
                yield error.sealed
    if errors:
        raise errors[0]


def seal(  # noqa: PLR0913  what is kept and time are arguments
    article: str, day: str, books: Books, ledger: Recounter, *, now: datetime, closed: str
) -> Sealed | None:
    """Set an article's final numbers of a day that is over, from its ledger lines.

    None if their recount is left to others, of whom the last one seals. The page is written first
    and is the record of the final numbers: if it is sealed and the counter not settled yet, the
    page's numbers are settled. Closed is the day up to which every article is settled, empty for
    none. Raises ValueError for a day that is not over, and StoreUnavailable: as NotSettled once the
    page is sealed, so that its drift is reported even if the counter's write was done.
    """
    if not is_over(day, now=now):
        raise ValueError(f"{day} is not over")
    page, complete = books.day_book.page(article, day), True
    again = page.sealed
    if page.opened and not again:
        outcome = _seal_page(page, books, ledger, now)
        if outcome is None:
            return None
        page, complete = outcome
    final, tallied = page.count.views, page.count.views - page.drift
    try:
        settled = books.counters.settle(article, day, page.count, closed=closed)
    except StoreUnavailable as error:
        raise NotSettled(Sealed(Drift(article, tallied, final), complete, again=again)) from error
    if again and not settled:  # its drift was reported before
        tallied = final
    return Sealed(Drift(article, tallied, final), complete, again=again)


def _seal_page(
    page: Page, books: Books, ledger: Recounter, now: datetime
) -> tuple[Page, bool] | None:
    """Seal a page with the ledger's numbers; give it, and whether the ledger had all its lines.

    The day's views belong to the section in which the article stands now, or stood last, and to
    the authors and tags that it has or had.
    Lines may expire during the recount, so that is checked after it. None if it is not done.
    """
    recounted = ledger.recount(page.article, page.day)
    if recounted is None:
        return None
    complete = ledger.is_complete(page.day, now=now)
    labels = books.counters.labels_of(page.article)
    while not page.sealed:
        final = final_count(page.count, recounted, complete=complete)
        page = books.day_book.seal(page, final, complete=complete, labels=labels)
    return page, complete
