"""The local stack as a user starts it: the command, in a process of its own."""

import json
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx

from tests.builders import BROWSER

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""What httpx verifies servers by: no stack here speaks TLS, and for each request that does not say
so it reads the machine's certificates, which takes longer than most requests do."""
START_SECONDS = 60
STOP_SECONDS = 60


class Stack:
    """circulation serve on a state directory; it keeps its port from start to start."""

    def __init__(self, state: Path, *options: str, program: Sequence[str] = ()) -> None:
        self.program = program or command()
        self.state = state
        self.options = options
        self.log = state.with_suffix(".log")
        self.port = 0
        self.view_port = 0
        """The port of the address that views have of their own, where they have one."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Return when it says where it is."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *self.program,
                    "--port",
                    str(self.port),
                    "--state",
                    str(self.state),
                    *self.options,
                ],
                stdout=log,
                stderr=log,
            )
        wait_for(self._is_ready, expected=True, seconds=START_SECONDS)

    def _is_ready(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log.read_text()
        told = re.search(r"demo site +http://127\.0\.0\.1:(\d+)/", self.log.read_text())
        self.port = int(told[1]) if told else self.port
        views = re.search(r"views +http://127\.0\.0\.1:(\d+)\n", self.log.read_text())
        self.view_port = int(views[1]) if views else self.view_port
        return bool(told)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit code."""
        assert self._process
        self._process.send_signal(number)
        return self._process.wait(STOP_SECONDS)

    def wait(self) -> int:
        """Return the exit code of a stack that ends by itself."""
        assert self._process
        return self._process.wait(STOP_SECONDS)

    def children(self) -> list[int]:
        """Give the process ids of what the command has started."""
        assert self._process
        task = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(each) for each in task.read_text().split()]

    def publish(self, article_id: str, submission: object) -> httpx.Response:
        return httpx.put(
            f"{self.url}/articles/{article_id}",
            json=submission,
            headers={"authorization": "Bearer t0ken"},
            verify=PLAIN,
        )

    def view(
        self, article_id: str, address: str, nonce: str | None = None, **headers: str
    ) -> httpx.Response:
        """Open an article as a browser at an address of this machine: 127.x.y.z."""
        return self._view(self.port, article_id, address, nonce, headers)

    def view_at_door(self, article_id: str, address: str, nonce: str) -> httpx.Response:
        """Open it likewise, on a page whose tag names the door."""
        return self._view(self.view_port, article_id, address, nonce, {})

    def _view(
        self, port: int, article_id: str, address: str, nonce: str | None, headers: dict[str, str]
    ) -> httpx.Response:
        connection = HTTPConnection("127.0.0.1", port, 30, source_address=(address, 0))
        with closing(connection):
            body = json.dumps({"nonce": nonce} if nonce else {})
            path = f"/articles/{article_id}/views"
            connection.request("POST", path, body, {"user-agent": BROWSER, **headers})
            answer = connection.getresponse()
            return httpx.Response(answer.status, content=answer.read())

    def statistics(self, article_id: str) -> httpx.Response:
        return httpx.get(
            f"{self.url}/articles/{article_id}/statistics",
            headers={"authorization": "Bearer t0ken"},
            verify=PLAIN,
        )

    def views(self, article_id: str) -> int:
        return int(self.count(article_id)["views"])

    def count(self, article_id: str) -> dict[str, Any]:
        url = f"{self.url}/articles/{article_id}/views"
        answer: dict[str, Any] = httpx.get(url, verify=PLAIN).json()
        return answer


def command() -> list[str]:
    return [sys.executable, "-m", "circulation_cli", "serve"]


def wait_for(ask: Callable[[], object], expected: object, seconds: float = 20) -> None:
    """Ask until the answer is as expected."""
    deadline = time.monotonic() + seconds
    while (answer := ask()) != expected:
        assert time.monotonic() < deadline, f"{answer} instead of {expected}"
        time.sleep(0.05)
