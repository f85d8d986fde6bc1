"""Engines of the tables as child processes of the stack."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

START_SECONDS = 30
"""How long an engine may take to be ready."""
STOP_SECONDS = 30
"""How long an engine may take to end before it is killed; MiniStack saves its tables then."""

# Browsers refuse to connect to these ports (Fetch standard, section 2.9 "Port blocking"), so no
# page can reach an engine, which authenticates nobody. Ports below 1024 need root; 4190 and 6679
# are in the standard, too, but Chromium connects to them (net/base/port_util.cc).
PORTS_CLOSED_TO_BROWSERS = (
    10080, 6697, 6669, 6668, 6667, 6666, 6665, 6566, 5061, 5060, 4045, 3659, 2049,
    1723, 1720, 1719, 6000,
)  # fmt: skip
PORT_LOCKS = Path(tempfile.gettempdir())
"""The folder with a lock file for each reserved port, shared by all stacks of this machine."""

_PR_SET_PDEATHSIG = 1


class EngineError(Exception):
    """An engine cannot start, or has ended by itself; the message is one line."""


@contextmanager
def port_closed_to_browsers(folder: Path = PORT_LOCKS) -> Iterator[int]:
    """Reserve a free port that no browser connects to, until the end of the block.

    A lock file keeps other stacks from the port until the engine listens: otherwise two stacks
    could choose one port, and one of them would use the other's engine. Raises EngineError.
    """
    for port in PORTS_CLOSED_TO_BROWSERS:
        with ExitStack() as stack:
            try:
                stack.enter_context(reserve_port(port, folder))
                _bind(port)
            except OSError:
                continue
            yield port
            return
    raise EngineError(
        f"{len(PORTS_CLOSED_TO_BROWSERS)} stacks run on this machine already; stop one first"
    )


@contextmanager
def reserve_port(port: int, folder: Path = PORT_LOCKS) -> Iterator[None]:
    """Lock a port for this stack until the end of the block. Raises OSError if another has it."""
    with (folder / f"circulation-port-{port}").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _bind(port: int) -> None:
    """Check that no process listens on a port. Raises OSError."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


@contextmanager
def run_child(  # noqa: PLR0913  what a process is started with
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    lock: int,
    is_ready: Callable[[], bool],
) -> Iterator[None]:
    """Run an engine; the block begins when it is ready and ends with it.

    The child has a session of its own, so that Ctrl-C stops the gateway first, which still writes
    to it. It ends with this process, however that ends, and inherits the lock, an open file
    descriptor, until then. If it ends by itself, this process gets SIGTERM. Its output is appended
    to log. Raises EngineError.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603  our own engines
            command,
            env=dict(environment),
            stdin=subprocess.PIPE,  # closed when this process ends, which MiniStack watches
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=[lock],
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no thread runs yet
        )
    stopping = threading.Event()
    try:
        _wait_until(is_ready, child, f"{name} did not start; see {log}")
        threading.Thread(target=_stop_with, args=(child, stopping), daemon=True).start()
        yield
    finally:
        ended = child.poll() is not None
        stopping.set()
        _end(child)
        assert child.stdin  # noqa: S101  a pipe was asked for
        child.stdin.close()
        if ended:
            raise EngineError(f"{name} has ended; see {log}")


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_with_parent() -> None:
    """Let the kernel end this child when its parent ends (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until(is_ready: Callable[[], bool], child: subprocess.Popen[bytes], reason: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if child.poll() is not None or time.monotonic() > deadline:
            raise EngineError(reason)
        time.sleep(0.02)


def _stop_with(child: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    """Stop this process if the child ends while it should run."""
    child.wait()
    if not stopping.is_set():
        os.kill(os.getpid(), signal.SIGTERM)
