"""Record a hit: dismiss it, or enter it in the ledger as one view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.counting.counts import Count
from circulation.counting.view import LONGEST_REQUEST, Entry, View
from circulation.errors import StoreUnavailable
from circulation.times import day_before, day_of, end_of
from circulation.views.hit import Hit, Reason, dismissal
from circulation.views.intake import Intake
from circulation.views.visitor import nonce_hash, salt_life, visitor_hash

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a hit; the count has the visitor's own view in it."""

    count: Count
    counted: bool
    reason: Reason | None = None


def record_hit(  # noqa: PLR0913  time and chance are arguments
    hit: Hit,
    intake: Intake,
    *,
    now: datetime,
    repeat_window: timedelta,
    random_bytes: Callable[[int], bytes],
    clock: Clock | None = None,
) -> Recorded:
    """Enter a reader's view in the ledger and answer with the article's count.

    The day is taken from now, once: when the request arrived. The clock is read again just before
    the write, for a day that is over takes no views of requests that lived too long; without one no
    time passes meanwhile. Raises ArticleNotFound or ArticleGone when nothing is published under the
    id, and StoreUnavailable when the ledger did not take the view.
    """
    intake.salts.forget(before=day_of(now - salt_life(repeat_window)))
    count = intake.books.counters.get(hit.article)
    count.check_public(now)
    day = day_of(now)
    reason = dismissal(hit)
    if reason:
        return _left_out(count, day, reason, intake, now)
    entry = _entered_yesterday(hit, intake, now, repeat_window)
    if entry is None:
        view = _view(hit, day, intake.salts.of(day, random_bytes), now)
        if _is_from_a_forgotten_day(hit, intake, now, repeat_window):
            entry = intake.ledger.find(view)
            if entry is None or not entry.counted:
                return _left_out(count, day, Reason.LATE, intake, now)
            return Recorded(count.including(entry), counted=True)
        # The page comes before the line: the day book lists every article the ledger knows. The
        # tally grows a page before the count: a count with views of the day has its page.
        if day not in count.open_days:
            intake.books.day_book.open(hit.article, day)
        if clock and clock() >= end_of(day) + LONGEST_REQUEST:
            raise StoreUnavailable(f"{day} was over before its view was written")
        entry = intake.ledger.enter(view, repeat_window=repeat_window)
    return Recorded(
        count.including(entry),
        counted=entry.counted,
        reason=None if entry.counted else Reason.REPEAT,
    )


def _left_out(count: Count, day: str, reason: Reason, intake: Intake, now: datetime) -> Recorded:
    intake.filtered.count(count.article, day, reason, now=now)
    return Recorded(count, counted=False, reason=reason)


def _entered_yesterday(
    hit: Hit, intake: Intake, now: datetime, repeat_window: timedelta
) -> Entry | None:
    """Find the hit, or the view that it repeats, on the other side of a midnight just past.

    Every day has a salt and lines of its own. For as long as yesterday's salt is kept, a retry and
    a repeat are told from a new view all the same.
    """
    yesterday = day_before(day_of(now))
    if day_of(now - salt_life(repeat_window)) > yesterday:
        return None
    salt = intake.salts.find(yesterday)
    entry = intake.ledger.find(_view(hit, yesterday, salt, now)) if salt else None
    is_same = entry and (entry.counted or entry.at > now - repeat_window)
    return entry if is_same else None


def _is_from_a_forgotten_day(
    hit: Hit, intake: Intake, now: datetime, repeat_window: timedelta
) -> bool:
    """Tell whether the hit may have been counted on a day whose lines nobody can find any more.

    A day whose salt is not even on record was before the first one that had views. A salt may be
    gone before its time: the repeat window was shorter then.
    """
    first, today = hit.first_day(now), day_of(now)
    oldest = day_of(now - salt_life(repeat_window))
    if first < today and oldest < today and intake.salts.find(oldest) is None:
        oldest = today
    return first < oldest and intake.salts.was_made(day_before(oldest))


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
        traits=hit.traits,
    )
