"""A hit: a request that says an article was opened. It becomes a view unless it is dismissed."""

from dataclasses import dataclass
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


def dismissal(hit: Hit) -> Reason | None:
    """Say why a hit is no reader's view, or None when it is one."""
    if hit.prefetched:
        return Reason.PREFETCH
    if is_bot(hit.user_agent):
        return Reason.BOT
    if hit.opted_out:
        return Reason.PRIVACY
    return None
