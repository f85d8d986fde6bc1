"""The seed that a failing simulation prints makes the same world again, in another process."""

import os
import subprocess
import sys

LIVE = """
from tests.simulation.conftest import settings_of_world
from tests.simulation.test_weeks import BUSY
from tests.simulation.weeks import Weeks
from tests.simulation.world import Plan, World

weeks = Weeks(7, settings_of_world(), BUSY).run()
print(weeks.faults, weeks._now, weeks._views, weeks._dice.random())
world = World(7, Plan(500), settings_of_world())
print(world.run(), world._dice.random())
"""


def live(sets: int) -> str:
    """Give what becomes of two worlds where sets have one of their orders."""
    environment = os.environ | {"PYTHONHASHSEED": str(sets)}
    command = [sys.executable, "-c", LIVE]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    ).stdout


def test_a_seed_makes_the_same_world_in_every_process_whose_sets_have_one_order() -> None:
    assert live(0) == live(0) != ""
