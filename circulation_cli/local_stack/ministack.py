"""MiniStack, the engine where dynoxide has no binary: it keeps its tables in memory.

It saves them when it is stopped, and by itself when its parent is gone; what came since the start
is lost when it is killed, or the machine loses power.
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

from circulation_cli.local_stack.child import EngineError, port_closed_to_browsers, running

TABLES = "tables"
"""The folder of a state directory in which it saves."""


@contextmanager
def ministack(state: Path, environ: Mapping[str, str], lock: int) -> Iterator[str]:
    """Run MiniStack on a state directory; give its URL. Raises EngineError."""
    _check(state / TABLES)
    with port_closed_to_browsers() as port:
        url = f"http://127.0.0.1:{port}"
        with running(
            "MiniStack",
            [sys.executable, "-m", __name__],
            log=state / "ministack.log",
            environment=_environment(state, port, environ),
            lock=lock,
            is_ready=lambda: is_healthy(url),
        ):
            yield url


def _check(tables: Path) -> None:
    """Refuse a damaged state, which MiniStack would take for an empty one and write over."""
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
    """Tell whether a MiniStack answers at its URL."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(f"{url}/_ministack/health", timeout=2).close()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


def _run_until_orphaned() -> None:
    """Be MiniStack until stopped, or until the parent's end of standard input closes."""

    def watch() -> None:
        os.read(sys.stdin.fileno(), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    run_module("ministack", run_name="__main__")


if __name__ == "__main__":
    _run_until_orphaned()
