"""A machine whose clocks a test moves."""

from datetime import UTC, datetime, timedelta

from circulation_cli.local_stack.clock import Clock
from circulation_cli.local_stack.state import State

START = datetime(2026, 3, 14, 23, 50, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A machine with a wall clock that can be set, and one since its start that cannot."""

    def __init__(self) -> None:
        self.boot = "first"
        self.wall = START
        self.seconds = 1_000.0

    def pass_time(self, time: timedelta) -> None:
        """Let time pass, awake or asleep."""
        self.wall += time
        self.seconds += time.total_seconds()

    def restart(self) -> None:
        self.boot, self.seconds = f"{self.boot}+", 5.0

    def clock(self, state: State) -> Clock:
        return Clock(
            state,
            wall=lambda: self.wall,
            since_boot=lambda: self.seconds,
            boot=lambda: self.boot,
        )


class Time:
    """The module time of a pump, which goes on only as a test says."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds
