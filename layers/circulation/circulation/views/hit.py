"""A hit: one request that claims an article was opened. It may be dismissed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from circulation.counting.traits import NO_TRAITS, Traits
from circulation.times import day_of
from circulation.views.bots import is_bot

MAX_NONCE = 64
"""Characters of a nonce."""
MAX_AGE = timedelta(days=7)
"""An older age is ignored, as no page retries for so long: the hit counts as a new one."""
AGE_MARGIN = timedelta(minutes=1)
"""The longest time between sending a request, when its age is set, and its arrival."""


class Reason(StrEnum):
    """Why a hit was not counted."""

    REPEAT = "repeat"
    BOT = "bot"
    PREFETCH = "prefetch"
    PRIVACY = "privacy"
    LATE = "late"
    """It began on a day whose salt is deleted, so it may have been counted then."""
    OWN = "own"
    """It came from one of the publication's own networks."""


FILTERED = (Reason.BOT, Reason.PREFETCH, Reason.PRIVACY, Reason.LATE, Reason.OWN)
"""Reasons for which hits are filtered: all but a repeated view. Statistics show their numbers."""


class OptOuts(StrEnum):
    """How to handle a hit whose browser sends Global Privacy Control or Do Not Track."""

    UNCOUNTED = "uncounted"
    ANONYMOUS = "anonymous"
    """Counted as a view without a visitor: nothing is hashed of address and browser."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that claims an article was opened.

    Address (IPv4 or IPv6, as text) and user agent are hashed, never stored.
    """

    article: str
    address: str
    user_agent: str
    nonce: str
    """A random text, the same for every retry of a hit, so that a retry never counts twice."""
    prefetched: bool = False
    """The browser loaded the page ahead of time; nobody has seen it yet."""
    automated: bool = False
    """The page reports that a program drives the browser (navigator.webdriver)."""
    own: bool = False
    """The address is in one of the publication's own networks."""
    opted_out: bool = False
    """Not to be counted: the browser asks not to be tracked (OptOuts.UNCOUNTED)."""
    anonymous: bool = False
    """To be counted without a visitor's hash, for the same reason (OptOuts.ANONYMOUS)."""
    traits: Traits = NO_TRAITS
    age: timedelta = timedelta(0)
    """How long before this attempt the hit began, by the browser's clock; 0 if it is unknown."""

    def first_day(self, now: datetime) -> str:
        """Give the earliest UTC day on which an attempt to send the hit may have arrived."""
        return day_of(now - self.age - AGE_MARGIN)


def dismissal(hit: Hit) -> Reason | None:
    """Give the reason why a hit is no reader's view; None if it is one."""
    if hit.prefetched:
        return Reason.PREFETCH
    if hit.automated or is_bot(hit.user_agent):
        return Reason.BOT
    if hit.own:
        return Reason.OWN
    if hit.opted_out:
        return Reason.PRIVACY
    return None
