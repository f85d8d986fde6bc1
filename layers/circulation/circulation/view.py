"""A view: one visitor opening one article. It begins as a hit, which may be dismissed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from circulation.bots import is_bot

MAX_NONCE = 64


class Reason(StrEnum):
    """Why a hit was not counted."""

    REPEAT = "repeat"
    BOT = "bot"
    PREFETCH = "prefetch"
    PRIVACY = "privacy"


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
    opted_out: bool = False
    """The browser asks not to be followed: Global Privacy Control or Do Not Track."""


@dataclass(frozen=True, slots=True)
class View:
    """A hit that is a reader's, stamped with its day once, whatever the clock shows later."""

    article: str
    day: str
    visitor: str
    nonce: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A visitor's line in the ledger after an attempt to enter a view."""

    counted: bool
    """The view is in the ledger, by this attempt or by an earlier attempt of the same hit."""
    fresh: bool
    """It was this very attempt that wrote it."""
    at: datetime
    """When the visitor's last counted view was."""
    views: int
    """How many views the visitor has on this article and day."""


def dismissal(hit: Hit) -> Reason | None:
    """Say why a hit is no reader's view, or None when it is one."""
    if hit.prefetched:
        return Reason.PREFETCH
    if is_bot(hit.user_agent):
        return Reason.BOT
    if hit.opted_out:
        return Reason.PRIVACY
    return None
