"""Record a hit: dismiss it, or enter it in the ledger as one view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.count import Count
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.store import Store
from circulation.times import day_before, day_of, start_of
from circulation.view import Entry, Hit, Reason, View, dismissal
from circulation.visitor import SALT_GRACE, nonce_hash, visitor_hash


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
    count.check_public(now)
    day = day_of(now)
    reason = dismissal(hit)
    if reason:
        store.filtered.count(hit.article, day, reason, now=now)
        return Recorded(count, counted=False, reason=reason)
    entry = _entered_yesterday(hit, store, now, repeat_window)
    if entry is None:
        view = _view(hit, day, store.salts.of(day, random_bytes), now)
        # The page comes before the line: the day book lists every article the ledger knows. The
        # tally grows a page before the count: a count with views of the day has its page.
        if day not in count.open_days:
            store.day_book.open(hit.article, day)
        entry = store.ledger.enter(view, repeat_window=repeat_window)
    return Recorded(
        count.including(entry),
        counted=entry.counted,
        reason=None if entry.counted else Reason.REPEAT,
    )


def record_if_public(
    hit: Hit,
    store: Store,
    *,
    now: datetime,
    repeat_window: timedelta,
    random_bytes: Callable[[int], bytes],
) -> Recorded | None:
    """Record a hit like record_hit; None where nothing is published under the id, any more or yet.

    Raises StoreUnavailable.
    """
    try:
        return record_hit(
            hit, store, now=now, repeat_window=repeat_window, random_bytes=random_bytes
        )
    except (ArticleGone, ArticleNotFound):
        return None


def _entered_yesterday(
    hit: Hit, store: Store, now: datetime, repeat_window: timedelta
) -> Entry | None:
    """Find the hit, or the view that it repeats, on the other side of a midnight just past.

    Every day has a salt and lines of its own. For as long as yesterday's salt is kept, a retry and
    a repeat are told from a new view all the same.
    """
    if now - start_of(day_of(now)) >= SALT_GRACE:
        return None
    yesterday = day_before(day_of(now))
    salt = store.salts.find(yesterday)
    entry = store.ledger.find(_view(hit, yesterday, salt, now)) if salt else None
    is_same = entry and (entry.counted or entry.at > now - repeat_window)
    return entry if is_same else None


def _view(hit: Hit, day: str, salt: bytes, now: datetime) -> View:
    visitor = (
        nonce_hash(salt, hit.article, hit.nonce)
        if hit.anonymous
        else visitor_hash(salt, hit.article, hit.address, hit.user_agent)
    )
    return View(
        hit.article,
        day,
        visitor,
        hit.nonce,
        at=now,
        anonymous=hit.anonymous,
        referrer=hit.referrer,
        country=hit.country,
        form_factor=hit.form_factor,
    )
