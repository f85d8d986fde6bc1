"""Lambda's runtime API on a loopback port, for one container (Developer Guide: Runtime API)."""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from queue import Queue
from threading import Event
from typing import Any

from bench.loopback import serving

ANSWER_SECONDS = 180
SAMPLED_EVERY = 20  # X-Ray's default rule samples 5 % of the requests

_ARN = "arn:aws:lambda:us-east-1:123456789012:function:record-view"


class InvocationFailed(Exception):  # noqa: N818
    """The container answered with an error, or died while it was loading."""


class RuntimeApi:
    """Hands events to one container, one at a time, and takes its answers."""

    def __init__(self) -> None:
        self._events: Queue[bytes] = Queue()
        self._answers: Queue[tuple[bool, bytes]] = Queue()
        self._handed_out = 0
        self.ready_at = 0.0
        """When the container first asked for an event, by time.perf_counter: it had loaded."""
        self._ready = Event()

    def invoke(self, event: Mapping[str, Any]) -> Any:  # noqa: ANN401  whatever it answers
        """Hand an event over and wait for the answer. Raises InvocationFailed."""
        self._events.put(json.dumps(event).encode())
        succeeded, body = self._answers.get(timeout=ANSWER_SECONDS)
        if not succeeded:
            raise InvocationFailed(body.decode())
        return json.loads(body)

    def wait_until_ready(self) -> None:
        """Wait until the container asks for its first event. Raises InvocationFailed."""
        if not self._ready.wait(timeout=ANSWER_SECONDS):
            raise InvocationFailed("the container asks for nothing")

    def next_event(self) -> bytes:
        """Give the container its next event, waiting for one."""
        self.ready_at = self.ready_at or time.perf_counter()
        self._ready.set()
        return self._events.get()

    def take_answer(self, body: bytes, *, succeeded: bool) -> None:
        """Take the container's answer."""
        self._answers.put((succeeded, body))

    def headers(self) -> dict[str, str]:
        """Give the headers of the next invocation."""
        self._handed_out += 1
        sampled = int(self._handed_out % SAMPLED_EVERY == 0)
        return {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.UUID(int=self._handed_out)),
            "Lambda-Runtime-Deadline-Ms": str(time.time_ns() // 1_000_000 + 29_000),
            "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            "Lambda-Runtime-Trace-Id": "Root=1-6923a1b2-0123456789abcdef01234567;"
            f"Parent=0123456789abcdef;Sampled={sampled}",
        }


@contextmanager
def runtime_api() -> Iterator[tuple[RuntimeApi, str]]:
    """Serve a runtime API; give it and its host and port."""
    api = RuntimeApi()

    class Handler(_Handler):
        served = api

    with serving(Handler) as port:
        yield api, f"127.0.0.1:{port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one packet
    served: RuntimeApi

    def do_GET(self) -> None:
        """Give the next event."""
        body = self.served.next_event()
        self._answer(200, body, self.served.headers())

    def do_POST(self) -> None:
        """Take an answer or an error."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self._answer(202, b'{"status":"OK"}', {})
        self.served.take_answer(body, succeeded=self.path.endswith("/response"))

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
