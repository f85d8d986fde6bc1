"""circulation demo fills a directory on which a stack then runs, and nobody's articles with it."""

import subprocess
import sys
from pathlib import Path

from tests.builders import submitted
from tests.end_to_end.conftest import running

SMALL = ("--articles", "6", "--days", "3", "--story")


def fill(state: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "circulation_cli", "demo", "--state", str(state), *SMALL],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_year_is_there_when_the_stack_runs_and_is_made_once(tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = fill(state)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("7 articles with ")
    again = fill(state)
    assert (again.returncode, again.stdout.startswith(f"{state} was filled at ")) == (0, True)
    for stack in running(state):
        views = stack.views("year-story")
        assert views > 500
        stack.view("year-story", "127.0.0.9")
        assert stack.statistics("year-story").json()["sources"]["social"] > 0


def test_what_somebody_has_published_stays_as_it_is(tmp_path: Path) -> None:
    state = tmp_path / "state"
    for stack in running(state):
        assert stack.publish("mine", submitted()).status_code == 201
        assert "another stack is running" in fill(state).stderr
    refused = fill(state)
    assert refused.returncode == 2
    assert "there are articles already" in refused.stderr
    for stack in running(state):
        assert stack.views("mine") == 0
