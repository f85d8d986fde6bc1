"""Seal a day: its counters are set from a recount of the ledger and never change again.

A day has a page for every article that was viewed, so it is sealed in portions: one function queues
them, another works them off. Every step is idempotent: a portion that was cut off anywhere is done
again from its start.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.count import final_count
from circulation.drift import Drift, drift
from circulation.store import Store
from circulation.times import day_of

PORTION = 50
"""Articles in one message: seconds of work, and a message of at most 4 KB."""
LOOK_BACK = 7
"""Days before today whose pages are looked through for any that an outage left open."""
THREADS = 8


@dataclass(frozen=True, slots=True)
class Sealed:
    """An article's sealed day."""

    drift: Drift
    complete: bool
    """Whether the ledger kept every line of the day until now; where not, nothing was lowered."""


def queue_days(store: Store, *, now: datetime) -> int:
    """Queue every open page of the days that are over; answer with how many those are."""
    queued = 0
    for age in range(1, LOOK_BACK + 1):
        day = day_of(now - timedelta(days=age))
        unsealed = [page.article for page in store.day_book.pages(day) if not page.sealed]
        for start in range(0, len(unsealed), PORTION):
            store.seal_queue.send(day, unsealed[start : start + PORTION])
        queued += len(unsealed)
    return queued


def seal_portion(day: str, articles: Sequence[str], store: Store, *, now: datetime) -> list[Sealed]:
    """Seal a day for some articles, several at a time. Raises StoreUnavailable."""
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(lambda article: seal(article, day, store, now=now), articles))


def seal(article: str, day: str, store: Store, *, now: datetime) -> Sealed:
    """Set an article's final numbers of a day that is over, from its ledger lines.

    The page comes first and is the record of the numbers: whoever finds it sealed and the counter
    not yet settled settles the page's numbers. Raises StoreUnavailable.
    """
    if day >= day_of(now):
        raise ValueError(f"{day} is not over")
    page = store.day_book.page(article, day)
    complete = store.ledger.is_complete(day, now=now)
    final = page.count
    if not page.sealed:
        recounted = store.ledger.recount(article, day)
        final = final_count(page.count, recounted, complete=complete)
        final = store.day_book.seal(page, final)
    settled = store.counters.settle(article, day, final)
    return Sealed(drift(article, page.count.views, settled, recounted=final.views), complete)
