"""How long to wait before calling an overloaded table again."""

import time
from collections.abc import Callable
from typing import NamedTuple

FIRST = 0.05
LONGEST = 1.6
"""Seconds; DynamoDB counts capacity by the second, so a throttled table soon has some again."""


def _fraction() -> float:
    """Give a number from 0 to 1 by chance."""
    from random import random  # noqa: PLC0415  see decision 4

    return random()  # noqa: S311  no secret


class Backoff(NamedTuple):
    """Waits with full jitter, so that callers refused together do not retry together.

    AWS Architecture Blog, "Exponential Backoff And Jitter"; Amazon DynamoDB Developer Guide, "Error
    retries and exponential backoff".
    """

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = _fraction
    """A number from 0 to 1."""

    def wait(self, attempt: int) -> None:
        """Wait before retry number attempt (from 0); the longest wait doubles with each."""
        self.sleep(self.random() * min(LONGEST, FIRST * 2**attempt))
