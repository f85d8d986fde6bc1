"""circulation doctor on a running local stack: all is well, and nothing is left of the canary."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from circulation.ids import CANARY
from tests.end_to_end.stack import Stack, wait_for


def doctor(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "circulation_cli", "doctor", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def read(stack: Stack, path: str) -> Any:
    return httpx.get(f"{stack.url}{path}", headers={"authorization": "Bearer t0ken"}).text


def test_it_is_well_and_the_canary_is_counted_and_in_no_list(stack: Stack) -> None:
    wait_for(lambda: httpx.get(f"{stack.url}/health").status_code, 200)
    run = doctor("--state", str(stack.state), "--canary", "--json")
    outcome = json.loads(run.stdout)
    assert [f for f in outcome["findings"] if f["level"] != "ok"] == []
    assert run.returncode == 0, run.stderr
    texts = [f["text"] for f in outcome["findings"] if f["subject"] == "canary"]
    assert texts[0] == "one view, sent twice with one nonce, is counted once: 1"
    assert "left: its counter (unpublished)" in texts[3]
    # What the machine's own gateway does answers no assumption about AWS.
    assert not any(f["assumptions"] for f in outcome["findings"])
    assert outcome["assumptions"]["holds"] == []
    for path in ("/articles", "/export", "/feed.json", "/sitemap.xml", "/popular?window=all"):
        assert CANARY not in read(stack, path), path
    assert httpx.get(f"{stack.url}/articles/{CANARY}/views").status_code == 410


def test_a_canary_is_counted_again_on_the_same_day(stack: Stack) -> None:
    first, second = (doctor("--state", str(stack.state), "--canary") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), second.stdout
    lines = second.stdout.splitlines()
    assert any("counted once" in line for line in lines)
    assert lines[-1].endswith(" ok")


def test_no_stack_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    run = doctor("--state", str(tmp_path))
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
