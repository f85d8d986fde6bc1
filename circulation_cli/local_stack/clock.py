"""The clock of a machine that sleeps, and that somebody may set.

A step is a change of the wall clock that no time has passed for: set by hand, by NTP, or by a dead
battery. Sleep is none. After a step nobody knows which of the two times was right, so what cannot
be taken back (a sealed day, a deleted salt, an expired line) waits until the clock has run for a
day.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from circulation_cli.local_stack.state import State

STEP = timedelta(minutes=1)
"""The least change of the clock that is a step; NTP slews what is less over minutes."""
STEADY = timedelta(days=1)
"""A clock that has not been set for so long is believed."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_FACT = "clock"


def wall() -> datetime:
    """Read the wall clock."""
    return datetime.now(UTC)


def since_boot() -> float:
    """Read a clock in seconds that runs on in sleep and that nobody can set."""
    # macOS counts sleep in CLOCK_MONOTONIC; Linux only in CLOCK_BOOTTIME (clock_gettime(2)).
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def boot() -> str:
    """Name this run of the machine; empty where the system does not."""
    return _BOOT.read_text().strip() if _BOOT.exists() else ""


class Clock:
    """Watches the wall clock for steps, also for those made while the stack was off."""

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
        self._offset, self._stepped_at = self._remembered()
        self._remember()

    def is_steady(self) -> bool:
        """Tell whether the clock has not been set for a day, as far as this machine can know."""
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

    def _remembered(self) -> tuple[float, float | None]:
        """Read what was known of the clock in this run of the machine; nothing in a new one."""
        remembered_boot, offset, stepped_at = (self._state.fact(_FACT) or "  ").split(" ")
        if not self._boot or remembered_boot != self._boot:
            return self._read_offset(), None
        return float(offset), float(stepped_at) if stepped_at else None

    def _remember(self) -> None:
        stepped_at = "" if self._stepped_at is None else f"{self._stepped_at}"
        self._state.note(_FACT, f"{self._boot} {self._offset} {stepped_at}")
