"""A site's pages under a name of its own, and a relay to the API that can fail as networks do."""

import json
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import Enum, auto
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers import serving

HOST = "news.example"
"""Leads to this machine in the tests' browsers, and is none of the names that count nothing."""


class Fault(Enum):
    """What becomes of a request on its way."""

    REFUSED = auto()
    """The API answers 503 and has done nothing."""
    THROTTLED = auto()
    """The API answers 429: too many come from this address."""
    UNREADABLE = auto()
    """A function URL answers 429, without a header that lets a page read it."""
    LOST_ANSWER = auto()
    """The API does it, and the connection breaks before its answer is through."""
    HELD = auto()
    """It is handed on when the test lets it go."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came by."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)

    def handle_error(self, *_: object) -> None:
        """A browser that leaves breaks its connections: that is no fault of the test."""


class Site:
    """Pages by path: their HTML, and headers where a page has any."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.asked: list[str] = []
        """The path of every request, in its order."""
        self.delayed: dict[str, threading.Event] = defaultdict(threading.Event)
        """Paths whose answers wait until their event is set."""
        pages, asked, delayed = self.pages, self.asked, self.delayed

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                asked.append(path)
                if path in delayed:
                    delayed[path].wait(60)
                html, headers = pages.get(path, ("", {}))
                body = html.encode()
                self.send_response(200 if path in pages else 404)
                for name, value in {"content-type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = _Server(Handler)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/", host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, html: str, host: str = HOST, **headers: str) -> str:
        """Publish a page; give its address."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (html, told)
        return self.url(path, host)

    def serving(self) -> Any:
        return serving(self._server)


@dataclass
class Relay:
    """Hands every request on to the API and remembers it; faults befall POSTs, in their order."""

    target: str
    asked: list[Asked] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    held: threading.Event = field(default_factory=threading.Event)
    delayed: dict[str, threading.Event] = field(
        default_factory=lambda: defaultdict(threading.Event)
    )
    """Paths whose answers wait until their event is set, as old as they then are."""

    def __post_init__(self) -> None:
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _relay(self) -> None:
                relay.handle(self)

            do_GET = do_POST = do_HEAD = do_OPTIONS = _relay  # noqa: N815  http.server's names

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = _Server(Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def serving(self) -> Any:
        return serving(self._server)

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.command, handler.path, headers, body)
        path = asked.path.partition("?")[0]
        self.asked.append(asked)
        fault = self.faults.popleft() if self.faults and asked.method == "POST" else None
        if fault is Fault.HELD:
            self.held.wait(60)
        if fault in (Fault.REFUSED, Fault.THROTTLED, Fault.UNREADABLE):
            handler.send_response(503 if fault is Fault.REFUSED else 429)
            if fault is not Fault.UNREADABLE:
                handler.send_header("access-control-allow-origin", "*")
            handler.send_header("content-length", "0")
            handler.end_headers()
            return
        status, answer_headers, answer = self._forward(asked)
        if path in self.delayed:
            self.delayed[path].wait(60)
        if fault is Fault.LOST_ANSWER:
            handler.close_connection = True
            return
        handler.send_response(status)
        for name, value in answer_headers:
            if name.lower() not in ("date", "server", "connection", "transfer-encoding"):
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer)

    def _forward(self, asked: Asked) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.target, timeout=60)
        dropped = ("host", "connection", "content-length")
        headers = {name: value for name, value in asked.headers.items() if name not in dropped}
        connection.request(asked.method, asked.path, asked.body or None, headers)
        answer = connection.getresponse()
        told = answer.status, answer.getheaders(), answer.read()
        connection.close()
        return told

    def views(self) -> list[Asked]:
        """Give the views that were told: every POST, in its order."""
        return [each for each in self.asked if each.method == "POST"]

    def count(self, start: str) -> int:
        """Count the requests of paths that begin so."""
        return sum(each.path.startswith(start) for each in self.asked)
