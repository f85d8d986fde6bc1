"""The throttle: how many hits one address may send to one container."""

import math
from collections import OrderedDict
from datetime import datetime, timedelta

from circulation.errors import TooManyViews

PER_SECOND = 4
BURST = 40
MAX_ADDRESSES = 10_000
DISORDER = timedelta(seconds=5)
"""Requests reach a container out of their order by less than this."""


class Throttle:
    """A bucket of tokens for each address: a hit takes one, and they come back with time.

    What is kept is the moment at which an address has its whole burst again: tokens and time in one
    number (the generic cell rate algorithm, ITU-T I.371).
    """

    def __init__(self) -> None:
        self._full_at: OrderedDict[str, datetime] = OrderedDict()
        self._latest: datetime | None = None

    def admit(self, address: str, *, now: datetime) -> None:
        """Take a token. Raises TooManyViews when the address has none left; that costs it nothing.

        Beyond MAX_ADDRESSES the one that was seen longest ago is forgotten. When the clock was set
        back all are: what they took was taken at times that are still to come.
        """
        if self._latest and now < self._latest - DISORDER:
            self._full_at.clear()
            self._latest = now
        self._latest = max(now, self._latest or now)
        token = timedelta(seconds=1) / PER_SECOND
        full_at = max(now, self._full_at.get(address, now)) + token
        wait = full_at - now - BURST * token
        if wait > timedelta(0):
            raise TooManyViews(math.ceil(wait.total_seconds()))
        self._full_at[address] = full_at
        self._full_at.move_to_end(address)
        if len(self._full_at) > MAX_ADDRESSES:
            self._full_at.popitem(last=False)
