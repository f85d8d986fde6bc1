"""The way between a browser and the local stack, which takes its time; a site has its pages there.

Every call goes on to one stack, whoever's it is, and a script that stands in for another's is
answered after the stack has answered with ours: only the protocols differ.
"""

import json
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import SimpleQueue
from socket import socket
from typing import Any

ROUND_TRIP_MS = 50


@dataclass
class Network:
    """The way from the browser to the servers, and what came along it."""

    stack: str
    """Its URL."""
    pages: dict[str, str] = field(default_factory=dict)
    """The site's, by path."""
    scripts: dict[str, bytes] = field(default_factory=dict)
    """What is answered at some paths of the API in place of our script."""
    connecting: int = 0
    """Round trips before a new connection takes its first request."""
    connections: int = 0
    """New ones to the API."""
    asked: list[str] = field(default_factory=list)
    """The methods of the requests to the API."""
    reports: SimpleQueue[dict[str, Any]] = field(default_factory=SimpleQueue)
    """What pages told of their loads."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one packet

    def __init__(
        self, network: Network, request: socket, client: tuple[str, int], server: HTTPServer
    ) -> None:
        self.network = network
        super().__init__(request, client, server)

    def setup(self) -> None:
        """Take a new connection, as long as that takes."""
        super().setup()
        time.sleep(self.network.connecting * ROUND_TRIP_MS / 1000)

    def body(self) -> bytes:
        """Read the request's body."""
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def answer(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Answer, a round trip after it was asked."""
        time.sleep(ROUND_TRIP_MS / 1000)
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:  # noqa: PLR2004  it has no body (RFC 9110, section 8.6)
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Site(_Handler):
    """The site's pages, and where they tell what they took."""

    def do_GET(self) -> None:
        """Give a page."""
        page = self.network.pages[self.path].encode()
        self.answer(200, {"content-type": "text/html; charset=utf-8"}, page)

    def do_POST(self) -> None:
        """Take what a page tells."""
        report = json.loads(self.body())
        self.answer(204, {})
        self.network.reports.put(report)


class Relay(_Handler):
    """The way to the API."""

    def setup(self) -> None:
        """Remember the connection."""
        self.network.connections += 1
        super().setup()

    def do_GET(self) -> None:
        """Hand a request on to the stack."""
        self.network.asked.append(self.command)
        script = self.network.scripts.get(self.path)
        dropped = {"host", "connection", "content-length"}
        dropped |= {"accept-encoding"} if script else set()
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in dropped
        }
        path = "/widget.js" if script else self.path
        with closing(HTTPConnection(self.network.stack.removeprefix("http://"))) as connection:
            connection.request(self.command, path, self.body() or None, headers)
            answer = connection.getresponse()
            answer_headers = {
                name: value
                for name, value in answer.getheaders()
                if name.lower() != "content-length"
            }
            body = answer.read()
        self.answer(answer.status, answer_headers, script or body)

    do_POST = do_OPTIONS = do_GET  # noqa: N815  as http.server calls them
