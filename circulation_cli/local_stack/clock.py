"""The wall clock of a machine that may sleep, and whose clock may be set.

A step is a change of the wall clock without as much time passing: it was set by hand or by NTP, or
its battery was empty. Sleep is no step. After a step it is unknown which time was right, so work
that cannot be undone (sealing a day, deleting a salt or an expired line) waits until the clock has
run for a day without another step.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from circulation_cli.local_stack.state import State

STEP = timedelta(minutes=1)
"""The smallest change of the clock that is a step; NTP corrects smaller ones gradually."""
STEADY = timedelta(days=1)
"""How long after a step the clock is trusted again."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_FACT = "clock"


def wall() -> datetime:
    """Read the wall clock."""
    return datetime.now(UTC)


def since_boot() -> float:
    """Read a clock in seconds that also runs during sleep and cannot be set."""
    # macOS counts sleep in CLOCK_MONOTONIC; Linux only in CLOCK_BOOTTIME (clock_gettime(2)).
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def boot() -> str:
    """Give an identifier of this boot of the machine; empty if the system has none."""
    return _BOOT.read_text().strip() if _BOOT.exists() else ""


class Clock:
    """Detects steps of the wall clock, including those made while the stack was not running."""

    def __init__(
        self,
        state: State,
        *,
        wall: Callable[[], datetime] = wall,
        since_boot: Callable[[], float] = since_boot,
        boot: Callable[[], str] = boot,
    ) -> None:
        self.now = wall
        self._since_boot = since_boot
        self._boot = boot()
        self._state = state
        self._offset, self._stepped_at = self._recall()
        self._remember()

    def is_steady(self) -> bool:
        """Tell whether the last known step was at least STEADY ago."""
        step = abs(self._read_offset() - self._offset)
        self._offset = self._read_offset()
        if step > STEP.total_seconds():
            self._stepped_at = self._since_boot()
            self._remember()
        return (
            self._stepped_at is None
            or self._since_boot() - self._stepped_at >= STEADY.total_seconds()
        )

    def _read_offset(self) -> float:
        return self.now().timestamp() - self._since_boot()

    def _recall(self) -> tuple[float, float | None]:
        """Read the stored offset and the time of the last step, if they are of this boot."""
        remembered_boot, offset, stepped_at = (self._state.fact(_FACT) or "  ").split(" ")
        if not self._boot or remembered_boot != self._boot:
            return self._read_offset(), None
        return float(offset), float(stepped_at) if stepped_at else None

    def _remember(self) -> None:
        stepped_at = "" if self._stepped_at is None else f"{self._stepped_at}"
        self._state.note(_FACT, f"{self._boot} {self._offset} {stepped_at}")
