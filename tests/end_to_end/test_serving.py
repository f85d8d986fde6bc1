"""What a user sets with the command, and what ends it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.builders import submitted
from tests.end_to_end import stack as running
from tests.end_to_end.stack import Stack, command
from tests.end_to_end.test_durability import refused

PARAMETERS = {
    "PublicationTitle": "Axşam xəbərləri",
    "PublicationUrl": "https://news.example",
    "PublicationDescription": "What happened by the evening",
    "PublicationLanguage": "az",
    "PublicationZone": "America/St_Johns",
    "FeedItems": "1",
    "OptOuts": "anonymous",
}


@pytest.fixture
def set_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack with a publication of its own."""
    options = [f"--parameter={name}={value}" for name, value in PARAMETERS.items()]
    with_options = [*command(), "--token", "t0ken", *options]
    monkeypatch.setattr(running, "command", lambda: with_options)
    stack = Stack(tmp_path / "state")
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()


def test_the_publication_is_what_the_parameters_say(set_stack: Stack) -> None:
    for article in ("clock", "bus"):
        url = f"https://news.example/{article}"
        article_of_noon = submitted(published="2026-01-15T12:00:00Z", url=url)
        assert set_stack.publish(article, article_of_noon).is_success
    feed = httpx.get(f"{set_stack.url}/feed.json").json()
    assert feed["title"] == PARAMETERS["PublicationTitle"]
    assert feed["description"] == PARAMETERS["PublicationDescription"]
    assert feed["home_page_url"].rstrip("/") == PARAMETERS["PublicationUrl"]
    assert len(feed["items"]) == 1
    rss = httpx.get(f"{set_stack.url}/feed.rss").text
    assert "<language>az</language>" in rss
    shown = httpx.get(f"{set_stack.url}/articles/clock").json()
    assert shown["published"] == "2026-01-15T08:30:00-03:30"  # Newfoundland's own offset
    view = set_stack.view("clock", "127.0.0.5", **{"sec-gpc": "1"}).json()
    assert (view["counted"], view["visitors"]) == (True, 0)


@pytest.mark.parametrize(
    ("parameter", "reason"),
    [
        ("PublicationZones=UTC", "PublicationZones"),
        ("PublicationZone", "NAME=VALUE"),
        ("PublicationZone=Mars/Olympus", "PublicationZone"),
        ("PublicationZone=Asia/Nowhere", "Asia/Baku"),
        ("PublicationUrl=https://[", "PUBLICATION_URL"),
        ("FeedItems=0", "FeedItems must be 1 or more"),
        ("FeedItems=1.5", "FEED_ITEMS"),
        ("FeedContent=none", "full, summary"),
        ("PublicationTitle=", "PublicationTitle"),
        ("ExistingLibrary=library", "LibraryAdoptedOn"),
    ],
)
def test_a_parameter_that_cannot_be_is_one_line_and_exit_code_2(
    tmp_path: Path, parameter: str, reason: str
) -> None:
    told = refused("--port", "0", "--state", str(tmp_path / "state"), "--parameter", parameter)
    assert told.count("\n") == 1
    assert reason in told


@pytest.mark.parametrize(
    ("worker", "broken"),
    [
        ("scheduler", "circulation_cli.local_stack.schedules.Schedules.run_round"),
        ("stream pump", "circulation_cli.local_stack.stream_pump.Positions.of"),
        ("queue pump", "circulation_cli.local_stack.queues.Queues.waiting"),
        ("expiry", "circulation_cli.local_stack.clock.Clock.is_steady"),
    ],
)
def test_a_worker_that_dies_ends_the_stack_with_a_line_and_exit_code_2(
    tmp_path: Path, worker: str, broken: str
) -> None:
    module, name, method = re.fullmatch(r"(.*)\.(\w+)\.(\w+)", broken).groups()  # type: ignore[union-attr]
    program = f"""
from {module} import {name}
from circulation_cli.main import circulation

def fail(*_, **__):
    raise OSError("no disk")

{name}.{method} = fail
circulation(prog_name="circulation")
"""
    run = subprocess.run(
        [sys.executable, "-c", program, "serve", "--port", "0", "--state", str(tmp_path / "state")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    last = run.stderr.splitlines()[-1]
    assert "has ended: OSError: no disk" in last
    assert worker in last or worker == "expiry"  # who asks for the clock first
