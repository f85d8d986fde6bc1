"""Record a hit: filter it out, or enter it in the ledger as one view."""

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
    """The result of a hit; the count includes the visitor's own view."""

    count: Count
    counted: bool
    """Whether the hit is a view; if not, reason says why."""
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
    """Enter a reader's view in the ledger and give the article's count.

    Now is when the request arrived; the view's day is taken from it alone. The clock is read again
    just before the write, as a day that is over takes no views of requests that took too long;
    without a clock, no time passes. random_bytes makes the day's salt if it has none. Raises
    ArticleNotFound or ArticleGone if no article is published under the id, and StoreUnavailable if
    the view could not be written.
    """
    intake.salts.forget(before=day_of(now - salt_life(repeat_window)))
    day = day_of(now)
    count = intake.books.count(hit.article, today=day)
    count.check_public(now)
    reason = dismissal(hit)
    if reason:
        return _filter_out(count, day, reason, intake, now)
    entry = _find_yesterdays_entry(hit, intake, now, repeat_window)
    if entry is None:
        view = _view_of(hit, day, intake.salts.of(day, random_bytes), now)
        if _is_from_a_forgotten_day(hit, intake, now, repeat_window):
            entry = intake.ledger.find(view)
            if entry is None or not entry.counted:
                return _filter_out(count, day, Reason.LATE, intake, now)
            return Recorded(count.including(entry), counted=True)
        # The page is opened before the line is written, so that the day book lists every article
        # in the ledger.
        if day not in count.pages:
            intake.books.day_book.open(hit.article, day)
        if clock and clock() >= end_of(day) + LONGEST_REQUEST:
            raise StoreUnavailable(f"{day} was over before its view was written")
        entry = intake.ledger.enter(view, repeat_window=repeat_window)
    return Recorded(
        count.including(entry),
        counted=entry.counted,
        reason=None if entry.counted else Reason.REPEAT,
    )


def _filter_out(count: Count, day: str, reason: Reason, intake: Intake, now: datetime) -> Recorded:
    intake.filtered.count(count.article, day, reason, now=now)
    return Recorded(count, counted=False, reason=reason)


def _find_yesterdays_entry(
    hit: Hit, intake: Intake, now: datetime, repeat_window: timedelta
) -> Entry | None:
    """Find the hit's own entry, or that of the view that it repeats, in yesterday's ledger.

    Each day has its own salt and ledger lines. As long as yesterday's salt is kept, retries and
    repeats are recognised across midnight.
    """
    yesterday = day_before(day_of(now))
    if day_of(now - salt_life(repeat_window)) > yesterday:
        return None
    salt = intake.salts.find(yesterday)
    entry = intake.ledger.find(_view_of(hit, yesterday, salt, now)) if salt else None
    is_same = entry and (entry.counted or entry.at > now - repeat_window)
    return entry if is_same else None


def _is_from_a_forgotten_day(
    hit: Hit, intake: Intake, now: datetime, repeat_window: timedelta
) -> bool:
    """Tell whether the hit may have been counted on a day whose salt is deleted.

    The lines of such a day cannot be found any more. A day without any record of a salt had no
    views. A salt may have been deleted earlier than the repeat window says, if that was shorter.
    """
    first, today = hit.first_day(now), day_of(now)
    oldest = day_of(now - salt_life(repeat_window))
    if first < today and oldest < today and intake.salts.find(oldest) is None:
        oldest = today
    return first < oldest and intake.salts.was_made(day_before(oldest))


def _view_of(hit: Hit, day: str, salt: bytes, now: datetime) -> View:
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
