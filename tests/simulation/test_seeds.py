"""The seed that a failing simulation prints makes the same world again, in another process."""

import os
import subprocess
import sys

LIVE = """
from tests.simulation.conftest import settings_of_world
from tests.simulation.test_weeks import BUSY
from tests.simulation.weeks import Weeks
from tests.simulation.world import Plan, World

for seed in range(5):
    print(Weeks(seed, settings_of_world(), BUSY).run().faults)
for direct in (False, True):
    print(World(7, Plan(500, direct=direct), settings_of_world()).run())
"""


def live(sets: int) -> str:
    """Give what becomes of some worlds where sets have one of their orders."""
    environment = os.environ | {"PYTHONHASHSEED": str(sets)}
    command = [sys.executable, "-c", LIVE]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    ).stdout


def test_a_seed_makes_the_same_world_in_every_process_whose_sets_have_one_order() -> None:
    assert live(0) == live(0) != ""
