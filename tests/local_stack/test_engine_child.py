import sys
from pathlib import Path

import pytest

from circulation_cli.local_stack import child
from circulation_cli.local_stack.child import EngineError, run_child

IGNORES_SIGTERM = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""


def test_an_engine_that_does_not_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "STOP_SECONDS", 0.1)
    ready = tmp_path / "ready"
    with (
        (tmp_path / "lock").open("w") as lock,
        run_child(
            "the engine",
            [sys.executable, "-c", IGNORES_SIGTERM, str(ready)],
            log=tmp_path / "log",
            environment={},
            lock=lock.fileno(),
            is_ready=ready.exists,
        ),
    ):
        assert ready.exists()


def test_an_engine_that_ends_at_once_is_told_with_its_log(tmp_path: Path) -> None:
    with (
        (tmp_path / "lock").open("w") as lock,
        pytest.raises(EngineError, match=r"see .*log"),
        run_child(
            "the engine",
            [sys.executable, "-c", "raise SystemExit(1)"],
            log=tmp_path / "log",
            environment={},
            lock=lock.fileno(),
            is_ready=lambda: False,
        ),
    ):
        pass
