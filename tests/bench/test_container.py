"""What is known of a process that a bench measures."""

import subprocess
import sys

PROGRAM = "from bench.container import most_resident; print(most_resident())"
LARGE = 400 * 2**20
"""Bytes; a process that imports the bench has a quarter of it."""


def test_a_process_has_not_had_the_memory_of_the_one_that_started_it() -> None:
    child = [sys.executable, "-c", PROGRAM]
    starter = f"import subprocess; b'x' * {LARGE}; subprocess.run({child!r}, check=True)"
    command = [sys.executable, "-c", starter]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert 2**20 < int(printed) < LARGE / 2
