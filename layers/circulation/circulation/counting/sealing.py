"""Seal a day: its counters are set from a recount of the ledger and never change again.

A day has a page for every article that was viewed, so it is sealed in portions: one function queues
them, another works them off. Every step is idempotent: a portion that was cut off anywhere is done
again from its start.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.counting.books import Books
from circulation.counting.counts import final_count
from circulation.counting.day_book import Page
from circulation.counting.drift import Drift, drift
from circulation.counting.ledger import Ledger
from circulation.counting.seal_queue import SealQueue
from circulation.errors import StoreUnavailable
from circulation.times import day_of, end_of

PORTION = 50
"""Articles in one message: seconds of work, and a message of at most 4 KB."""
SEAL_AFTER = timedelta(minutes=10)
"""After the end of a day: longer than any request lives that may still write a line of it."""
CLOSE_AFTER = timedelta(hours=1)
"""After the end of a day: longer than any request lives that may still open a page of it."""
FIRST_LOOK = 14
"""Days before today that are looked through when none was closed yet."""
THREADS = 8


class NotSettled(StoreUnavailable):
    """A page was sealed, and its counter has not taken the numbers, as far as is known."""

    def __init__(self, sealed: "Sealed", cause: StoreUnavailable) -> None:
        super().__init__(str(cause))
        self.sealed = sealed


@dataclass(frozen=True, slots=True)
class Sealed:
    """An article's sealed day."""

    drift: Drift
    complete: bool
    """Whether the ledger kept every line of the day until now; where not, nothing was lowered."""
    again: bool = False
    """The page had been sealed before; it was not compared with the ledger."""


def is_over(day: str, *, now: datetime) -> bool:
    """Tell whether a day can be sealed: no request is left that may write a line of it."""
    return now >= end_of(day) + SEAL_AFTER


def queue_days(books: Books, seal_queue: SealQueue, *, now: datetime) -> int:
    """Queue every article that has to be sealed or settled; answer with how many those are.

    Every day that is over is looked through until all of it is done, however long that takes; then
    it is closed and never looked at again.
    """
    queued, closed = 0, books.day_book.closed_until()
    if closed is None:
        closed = day_of(now - timedelta(days=FIRST_LOOK + 1))
        books.day_book.close(closed)
    is_closed = True
    while is_over(day := day_of(end_of(closed)), now=now):
        waiting = _waiting(day, books)
        for start in range(0, len(waiting), PORTION):
            seal_queue.send(day, waiting[start : start + PORTION])
        queued += len(waiting)
        is_closed = is_closed and not waiting and now >= end_of(day) + CLOSE_AFTER
        if is_closed:
            books.day_book.close(day)
        closed = day
    return queued


def _waiting(day: str, books: Books) -> list[str]:
    """Name the articles whose page of a day is not sealed, or not settled in the counter."""
    unsealed: list[str] = []
    sealed: dict[str, int] = {}
    for page in books.day_book.pages(day):
        if page.sealed:
            sealed[page.article] = page.count.views
        else:
            unsealed.append(page.article)
    return unsealed + sorted(books.counters.unsettled(day, sealed))


def seal_portion(
    day: str, articles: Sequence[str], books: Books, ledger: Ledger, *, now: datetime
) -> Iterator[Sealed]:
    """Seal a day for some articles, several at a time; give each as it is done.

    One that fails keeps none of the others from it: the first error is raised when all are done.
    Raises StoreUnavailable.
    """
    closed = books.day_book.closed_until() or ""
    errors = []
    with ThreadPoolExecutor(THREADS) as threads:
        sealing = [
            threads.submit(seal, article, day, books, ledger, now=now, closed=closed)
            for article in articles
        ]
        for done in as_completed(sealing):
            error = done.exception()
            if error is None:
                yield done.result()
            else:
                errors.append(error)
            if isinstance(error, NotSettled):
                yield error.sealed
    if errors:
        raise errors[0]


def seal(  # noqa: PLR0913  what is kept and time are arguments
    article: str, day: str, books: Books, ledger: Ledger, *, now: datetime, closed: str
) -> Sealed:
    """Set an article's final numbers of a day that is over, from its ledger lines.

    The page comes first and is the record of the numbers: whoever finds it sealed and the counter
    not yet settled settles the page's numbers. Closed is the day up to which every article is
    settled. Raises ValueError for a day that is not over, and StoreUnavailable: NotSettled once the
    page is sealed, so that its drift is told although the counter's write may have been done.
    """
    if not is_over(day, now=now):
        raise ValueError(f"{day} is not over")
    page, complete = books.day_book.page(article, day), True
    again = page.sealed
    if page.opened and not again:
        page, complete = _seal_page(page, books, ledger, now)
    final, tallied = page.count.views, page.count.views - page.drift
    try:
        settled = books.counters.settle(article, day, page.count, closed=closed)
    except StoreUnavailable as error:
        sealed = Sealed(drift(article, tallied, recounted=final), complete, again=again)
        raise NotSettled(sealed, error) from error
    if again and settled is None:  # its drift was told then
        return Sealed(Drift(article, final, final), complete, again=True)
    return Sealed(drift(article, tallied, settled, recounted=final), complete, again=again)


def _seal_page(page: Page, books: Books, ledger: Ledger, now: datetime) -> tuple[Page, bool]:
    """Seal a page with the ledger's numbers; tell whether the ledger had all of its lines.

    Lines may expire while they are counted, so that is asked afterwards.
    """
    recounted = ledger.recount(page.article, page.day)
    complete = ledger.is_complete(page.day, now=now)
    while not page.sealed:
        final = final_count(page.count, recounted, complete=complete)
        page = books.day_book.seal(page, final, complete=complete)
    return page, complete
