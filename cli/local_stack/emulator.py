"""MiniStack as a child process: DynamoDB with its streams and SQS, on a loopback port."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from runpy import run_module

START_SECONDS = 30
STOP_SECONDS = 60


class EmulatorError(Exception):
    """MiniStack cannot start, or has ended by itself."""


@contextmanager
def emulator(state: Path, environ: Mapping[str, str], lock: int) -> Iterator[str]:
    """Run MiniStack on a state directory; give its URL. It saves its state when it is stopped.

    The child is in a session of its own, so that Ctrl-C stops the gateway and not what the gateway
    still writes to; it stops by itself, and saves, when this process is gone. It holds the lock, an
    open descriptor, until it has saved.
    """
    _check(state / "tables")
    port = free_port()
    with (state / "ministack.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", __name__],
            env=_environment(state, port, environ),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[lock],
        )
    url = f"http://127.0.0.1:{port}"
    stopping = threading.Event()
    try:
        wait_until_healthy(url, child, state)
        threading.Thread(target=_stop_with, args=(child, stopping), daemon=True).start()
        yield url
    finally:
        ended = child.poll() is not None
        stopping.set()
        child.terminate()
        child.wait(STOP_SECONDS)
        assert child.stdin  # noqa: S101  a pipe was asked for
        child.stdin.close()
        if ended:
            raise EmulatorError(f"MiniStack has ended; see {state / 'ministack.log'}")


def _stop_with(child: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    """Stop this process when the child ends and nobody has asked it to."""
    child.wait()
    if not stopping.is_set():
        os.kill(os.getpid(), signal.SIGTERM)


def _check(tables: Path) -> None:
    """Refuse a damaged state, which MiniStack would take for an empty one and write over."""
    for file in sorted(tables.glob("*.json")):
        try:
            json.loads(file.read_bytes())
        except ValueError as error:
            raise EmulatorError(
                f"{file} is damaged ({error}); restore it or move it away"
            ) from error


def _environment(state: Path, port: int, environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: environ[name] for name in ("PATH", "HOME", "LANG") if name in environ}
    scratch = state / "scratch"
    scratch.mkdir(exist_ok=True)
    return kept | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SERVICES": "dynamodb,dynamodbstreams,sqs",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state / "tables"),
        "TMPDIR": str(scratch),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }


def free_port() -> int:
    """Find a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(url: str, child: subprocess.Popen[bytes], state: Path) -> None:
    """Wait for a MiniStack that was started, and logs into a folder. Raises EmulatorError."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        try:
            direct.open(f"{url}/_ministack/health", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise EmulatorError(f"MiniStack did not start; see {state / 'ministack.log'}")


def _run_until_orphaned() -> None:
    """Be MiniStack until stopped, or until the parent's end of standard input closes."""

    def watch() -> None:
        os.read(sys.stdin.fileno(), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    run_module("ministack", run_name="__main__")


if __name__ == "__main__":
    _run_until_orphaned()
