"""A hit: one claim that an article was opened, which may be dismissed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from circulation.counting.traits import UNTOLD, Traits
from circulation.times import day_of
from circulation.views.bots import is_bot

MAX_NONCE = 64
MAX_AGE = timedelta(days=7)
"""A hit that says it is older is taken for a new one: no page sends for so long."""
AGE_MARGIN = timedelta(minutes=1)
"""An age is told when the request is made, and is as much too small as the request takes."""


class Reason(StrEnum):
    """Why a hit was not counted."""

    REPEAT = "repeat"
    BOT = "bot"
    PREFETCH = "prefetch"
    PRIVACY = "privacy"
    LATE = "late"
    """It began on a day whose salt is gone, so nobody can know whether it was counted then."""


FILTERED = (Reason.BOT, Reason.PREFETCH, Reason.PRIVACY, Reason.LATE)
"""Why a hit is left out although it repeats no view; their number is told beside the views."""


class OptOuts(StrEnum):
    """What becomes of a hit whose browser sends Global Privacy Control or Do Not Track."""

    UNCOUNTED = "uncounted"
    ANONYMOUS = "anonymous"
    """Counted as a view of nobody: without a hash of who it was, so never as a visitor."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One claim that an article was opened. Address and user agent are hashed, never stored."""

    article: str
    address: str
    user_agent: str
    nonce: str
    """The same for every retry of one hit, so that a retry never counts twice."""
    prefetched: bool = False
    """Loaded ahead of time by the browser, before anybody has seen it."""
    automated: bool = False
    """Sent by a page that says itself that a program drives the browser."""
    opted_out: bool = False
    """Not to be counted: the browser asks not to be followed."""
    anonymous: bool = False
    """To be counted without a hash of who it was, for the same reason."""
    traits: Traits = UNTOLD
    age: timedelta = timedelta(0)
    """How long before this attempt the hit began, by its own clock; 0 where it does not say."""

    def first_day(self, now: datetime) -> str:
        """Name the earliest day on which an attempt to send the hit may have arrived."""
        return day_of(now - self.age - AGE_MARGIN)


def dismissal(hit: Hit) -> Reason | None:
    """Say why a hit is no reader's view, or None when it is one."""
    if hit.prefetched:
        return Reason.PREFETCH
    if hit.automated or is_bot(hit.user_agent):
        return Reason.BOT
    if hit.opted_out:
        return Reason.PRIVACY
    return None
