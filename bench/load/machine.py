"""The stack under load: its processes, to be killed, stopped and started again."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from circulation_cli.local_stack.dynoxide import DATABASE
from circulation_cli.local_stack.state import FILE

START_SECONDS = 120
STOP_SECONDS = 60
PAUSE_SECONDS = 2.0
"""For how long a part that is stopped (SIGSTOP) stands still."""
TOKEN = "load"  # noqa: S105  of a stack that is gone after the run

SERVE = (sys.executable, "-m", "circulation_cli", "serve")
WITH_DOOR = (*SERVE, "--parameter=ViewDoor=url", "--parameter=ViewConcurrency=16")
"""With an address of their own for views, which answers 429 to some of the clients at once."""
BY_SDK = "--parameter=DirectCalls=off"
"""Has the SDK make every call of the tables."""


class Part(StrEnum):
    """What can be killed by itself, and all of it at once."""

    SERVER = "server"
    ENGINE = "engine"
    ALL = "all"


class Machine:
    """circulation serve and its engine on a state directory, started again whenever it is gone."""

    def __init__(self, state: Path, command: Sequence[str] = SERVE) -> None:
        self.state = state
        self._command = command
        self._log = state.parent / f"{state.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.view_port = 0
        """The port to which views are sent: another one where they have an address of their own."""

    def start(self) -> float:
        """Start it; give the seconds until it was ready."""
        began = time.monotonic()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *self._command,
                    f"--port={self.port}",
                    f"--view-port={self.view_port if self.view_port != self.port else 0}",
                    f"--state={self.state}",
                    f"--token={TOKEN}",
                ],
                stdout=log,
                stderr=log,
            )
        while not (ready := re.search(r"demo site +http://127\.0\.0\.1:(\d+)/", self.log())):
            if self._process.poll() is not None or time.monotonic() > began + START_SECONDS:
                raise RuntimeError(f"the stack did not start:\n{self.log()}")
            time.sleep(0.02)
        self.port = int(ready[1])
        views = re.search(r"views +http://127\.0\.0\.1:(\d+)\n", self.log())
        self.view_port = int(views[1]) if views else self.port
        return time.monotonic() - began

    def ports(self) -> tuple[int, int]:
        """Give the port of all requests, and that of views."""
        return self.port, self.view_port

    def log(self) -> str:
        """Give what the stack has printed since its last start."""
        return self._log.read_text(errors="replace")

    def hit(self, part: Part, *, kill: bool) -> None:
        """Kill a part (SIGKILL), or let it stand still for a moment; then have all of it run."""
        processes = self._processes(part)
        for process in processes:
            os.kill(process, signal.SIGKILL if kill else signal.SIGSTOP)
        if kill:
            assert self._process  # noqa: S101  it was started
            self._process.wait(STOP_SECONDS)
            self.start()
            return
        time.sleep(PAUSE_SECONDS)
        for process in processes:
            os.kill(process, signal.SIGCONT)

    def is_drained(self) -> bool:
        """Tell whether the tally was handed all that stands in the stream."""
        last = "SELECT MAX(CAST(sequence_number AS INTEGER)) FROM"
        written = _read(self.state / DATABASE, f"{last} _stream_records")
        return written == _read(self.state / FILE, f"{last} positions")

    def stop(self) -> None:
        """Stop it in order."""
        assert self._process  # noqa: S101  it was started
        self._process.terminate()
        self._process.wait(STOP_SECONDS)

    def memory(self) -> dict[Part, int]:
        """Give the resident bytes of each process."""
        return {part: _resident(*self._processes(part)) for part in (Part.SERVER, Part.ENGINE)}

    def _processes(self, part: Part) -> list[int]:
        assert self._process  # noqa: S101  it was started
        server = self._process.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        engines = [int(child) for child in children]
        return {Part.SERVER: [server], Part.ENGINE: engines, Part.ALL: [server, *engines]}[part]


def _resident(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _read(database: Path, query: str) -> int | None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        number: int | None = connection.execute(query).fetchone()[0]
    return number
