"""A stack that is stopped at an odd moment."""

import subprocess
import sys
from pathlib import Path

STOPPED_BEFORE_THE_FIRST_STEP_OF_ITS_EVENT_LOOP = """
import os, signal
from asyncio import BaseEventLoop
from circulation_cli.main import circulation

call_soon = BaseEventLoop.call_soon

def call_stopped(loop, step, *args, **context):
    BaseEventLoop.call_soon = call_soon

    def stop(*args):
        os.kill(os.getpid(), signal.SIGTERM)  # what the handler raises leaves the step undone
        step(*args)

    return call_soon(loop, stop, *args, **context)

BaseEventLoop.call_soon = call_stopped
circulation()
"""


def test_a_signal_that_comes_as_the_stack_begins_to_answer_ends_it_in_order(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", STOPPED_BEFORE_THE_FIRST_STEP_OF_ITS_EVENT_LOOP]
    run = subprocess.run(
        [*command, "serve", "--port=0", f"--state={tmp_path / 'state'}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "Circulation is running" in run.stdout
