"""The engine MiniStack, for platforms without a binary of dynoxide. Its tables are in memory.

It saves them when it is stopped or its parent process ends. If it is killed or the machine loses
power, everything since the start is lost.
"""

import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from runpy import run_module

from circulation_cli.local_stack.child import EngineError, port_closed_to_browsers, run_child

TABLES = "tables"
"""The folder of a state directory with the saved tables."""


@contextmanager
def ministack(state: Path, environ: Mapping[str, str], lock: int) -> Iterator[str]:
    """Run MiniStack on a state directory; give its URL. Raises EngineError."""
    _check(state / TABLES)
    with port_closed_to_browsers() as port:
        url = f"http://127.0.0.1:{port}"
        with run_child(
            "MiniStack",
            [sys.executable, "-m", __name__],
            log=state / "ministack.log",
            environment=_environment(state, port, environ),
            lock=lock,
            is_ready=lambda: is_healthy(url),
        ):
            yield url


def _check(tables: Path) -> None:
    """Check saved tables: MiniStack overwrites damaged ones. Raises EngineError."""
    for file in sorted(tables.glob("*.json")):
        try:
            json.loads(file.read_bytes())
        except ValueError as error:
            raise EngineError(f"{file} is damaged ({error}); restore it or move it away") from error


def _environment(state: Path, port: int, environ: Mapping[str, str]) -> dict[str, str]:
    passed = {name: environ[name] for name in ("PATH", "HOME", "LANG") if name in environ}
    scratch = state / "scratch"
    scratch.mkdir(exist_ok=True)
    return passed | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SERVICES": "dynamodb,dynamodbstreams",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state / TABLES),
        "TMPDIR": str(scratch),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }


def is_healthy(url: str) -> bool:
    """Tell whether MiniStack responds at a URL."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(f"{url}/_ministack/health", timeout=2).close()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


def _run_until_orphaned() -> None:
    """Run MiniStack until it is stopped, or until the parent's end of standard input closes."""

    def watch() -> None:
        os.read(sys.stdin.fileno(), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    run_module("ministack", run_name="__main__")


if __name__ == "__main__":
    _run_until_orphaned()
