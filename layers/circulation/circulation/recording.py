"""Record a hit: dismiss it, or enter it in the ledger as one view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.count import Count
from circulation.errors import ArticleGone
from circulation.store import Store
from circulation.times import day_of
from circulation.view import Hit, Reason, View, dismissal
from circulation.visitor import visitor_hash


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a hit; the count has the visitor's own view in it."""

    count: Count
    counted: bool
    reason: Reason | None = None


def record_hit(
    hit: Hit,
    store: Store,
    *,
    now: datetime,
    repeat_window: timedelta,
    random_bytes: Callable[[int], bytes],
) -> Recorded:
    """Enter a reader's view in the ledger and answer with the article's count.

    The day is taken from now, once. Raises ArticleNotFound or ArticleGone when nothing is published
    under the id, and StoreUnavailable when the ledger did not take the view.
    """
    count = store.counters.get(hit.article)
    if count.unpublished:
        raise ArticleGone(hit.article)
    reason = dismissal(hit)
    if reason:
        return Recorded(count, counted=False, reason=reason)
    day = day_of(now)
    salt = store.salts.of(day, random_bytes)
    visitor = visitor_hash(salt, hit.article, hit.address, hit.user_agent)
    view = View(hit.article, day, visitor, hit.nonce, at=now)
    # The page comes before the line, so that the day book lists every article the ledger knows.
    store.day_book.open(hit.article, day)
    entry = store.ledger.enter(view, cutoff=now - repeat_window)
    return Recorded(
        count.including(entry),
        counted=entry.counted,
        reason=None if entry.counted else Reason.REPEAT,
    )
