import subprocess
import sys
from pathlib import Path

from tests.builders import submitted
from tests.end_to_end.stack import Stack, wait_for


def recount(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "circulation_cli", "recount", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def today(stack: Stack) -> str:
    as_of = stack.count("recounted")["as_of"]
    return str(as_of).partition("T")[0]


def test_a_recount_finds_no_drift_once_everything_is_tallied(stack: Stack) -> None:
    stack.publish("recounted", submitted(id="recounted"))
    stack.view("recounted", "127.0.0.21")
    wait_for(lambda: stack.views("recounted"), 1)
    run = recount(today(stack), "--check", "--state", str(stack.state))
    assert (run.returncode, run.stdout) == (0, "")
    assert "0 with drift" in run.stderr


def test_an_open_day_is_not_sealed_by_hand(stack: Stack) -> None:
    stack.publish("recounted", submitted(id="recounted"))
    stack.view("recounted", "127.0.0.22")
    wait_for(lambda: stack.views("recounted") > 0, expected=True)
    run = recount(today(stack), "--write", "--state", str(stack.state))
    assert run.returncode == 2
    assert "not over" in run.stderr


def test_what_cannot_be_recounted_is_one_line_and_exit_code_2(stack: Stack, tmp_path: Path) -> None:
    for arguments in (
        ["2026-01-01", "--state", str(stack.state)],
        ["2026-01-01", "--check", "--write", "--state", str(stack.state)],
        ["2026-01-01", "--state", str(tmp_path)],
    ):
        run = recount(*arguments)
        assert (run.returncode, run.stdout) == (2, ""), run.stderr
        assert run.stderr.count("\n") == 1
    assert recount("yesterday").returncode == 2
