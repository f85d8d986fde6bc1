"""Backoff: how long to wait before an overloaded table is asked again."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

FIRST = 0.05
LONGEST = 1.6
"""Seconds; a table that was throttled has room again in the next second."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits with full jitter, so that callers refused together do not come back together.

    AWS Architecture Blog, "Exponential Backoff And Jitter"; Amazon DynamoDB Developer Guide, "Error
    retries and exponential backoff".
    """

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    """A number from 0 to 1."""

    def wait(self, attempt: int) -> None:
        """Wait before the attempt of a number, from 0: up to twice as long each time."""
        self.sleep(self.random() * min(LONGEST, FIRST * 2**attempt))
