"""The command under a clock that a test moves: its arguments after a folder.

The wall clock follows the file MOVES in the folder, in every thread, and so does CLOCK_BOOTTIME as
far as the machine is said to have slept; CLOCK_MONOTONIC stays as it is, as in sleep on Linux. What
is followed stands in FOLLOWED; of the schedules, which look at the clock more often than for users,
each firing stands in FIRED, and how often they looked in LOOKS. Each run of RankPopular looks and
writes what differs: its pace has tests of its own.
"""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import time_machine
from time_machine import escape_hatch

from circulation.popularity import pace
from circulation.popularity.windows import Window
from circulation_cli.local_stack import schedules
from circulation_cli.local_stack.function import Function
from circulation_cli.main import circulation

MOVES, FOLLOWED, FIRED, LOOKS = "moves", "followed", "fired", "looks"
"""Moves: seconds that the clock was set by, and seconds that the machine slept, together."""


def follow(folder: Path) -> None:
    """Move the clock now, and then whenever it is to be moved."""
    slept = 0.0
    read_clock, fire = time.clock_gettime, schedules.fire
    look = schedules.Schedules.run_round
    last, looks = "", 0
    coordinates = time_machine.travel(time.time(), tick=True).start()

    def move() -> None:
        nonlocal last, slept
        moves = (folder / MOVES).read_text()
        if moves != last:
            step, slept = map(float, moves.split())
            coordinates.move_to(escape_hatch.time.time() + step + slept)
            last = moves
            (folder / FOLLOWED).write_text(moves)

    def move_on() -> None:
        while True:
            move()
            time.sleep(0.02)

    def read(clock: int) -> float:
        return read_clock(clock) + (slept if clock == time.CLOCK_BOOTTIME else 0)

    def noted(function: Function, now: object) -> None:
        fire(function, now)  # type: ignore[arg-type]
        with (folder / FIRED).open("a") as file:
            file.write(f"{function.name}\n")

    def looked(self: schedules.Schedules) -> float:
        nonlocal looks
        seconds = look(self)
        looks += 1
        (folder / LOOKS).write_text(f"{looks}")
        return seconds

    pace.PACES.update(dict.fromkeys(Window, pace.Pace(timedelta(0), 0)))
    pace.ENOUGH_VIEWS = 0
    time.clock_gettime = read
    schedules.fire = noted
    schedules.POLL_SECONDS = 0.1
    schedules.Schedules.run_round = looked  # type: ignore[method-assign]
    # A test may ask for the looks before the first one is over.
    (folder / LOOKS).write_text("0")
    move()
    threading.Thread(target=move_on, daemon=True).start()


if __name__ == "__main__":
    follow(Path(sys.argv.pop(1)))
    circulation(prog_name="circulation")
