"""A stand-in for DynamoDB in a process of its own: it gives the same answers at once, always.

What a handler spends on the call is measured, and nothing of what DynamoDB does. As a program it
prints its port and serves until its standard input closes.
"""

import base64
import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bench.events import DAY, NOON
from circulation.counting.growth import growth_of
from circulation.counting.tally import LedgerLine, increment_of, mark_of
from circulation.times import milliseconds

Answer = dict[str, Any]


def _marks() -> Iterator[tuple[str, Answer]]:
    """Give the marks that four shards leave on a count, as the tally writes them."""
    for shard in range(4):
        line = LedgerLine("article", DAY, mark_of(str(shard)), new_visitor=True, at=NOON)
        grown = increment_of(f"shardId-0000000176389920{shard:04}-a1b2c3d4", [line])
        change = growth_of(grown, {}, unsealed="")
        yield change.names["#mark"], {"B": base64.b64encode(change.values[":mark"]).decode()}


_AT = str(milliseconds(NOON))
_ITEM = {
    "base": {"N": "346"},
    "views": {"N": "1200"},
    "visitors": {"N": "1100"},
    f"views#{DAY}": {"N": "420"},
    f"visitors#{DAY}": {"N": "400"},
    "as_of": {"N": _AT},
    "day": {"S": DAY},
    "salt": {"B": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
    **dict(_marks()),
}
_LINE = {"n": {"N": "1"}, "at": {"N": _AT}, "x": {"S": "0" * 32}, "ttl": {"N": "1764201600"}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one packet

    def do_POST(self) -> None:
        """Answer a call by its operation."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps(answer(self.headers["x-amz-target"].partition(".")[2], request)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-amz-crc32", str(zlib.crc32(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answer(operation: str, request: Answer) -> Answer:
    """Give an item with whatever a count, a salt or a plain counter has; every write succeeds."""
    if operation == "GetItem":
        return {"Item": _ITEM | request["Key"]}
    return {"Attributes": _LINE | {"views": {"N": "1201"}}}


@contextmanager
def stand_in() -> Iterator[str]:
    """Run the stand-in; give its URL."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin  # noqa: S101  for mypy alone
        assert child.stdout  # noqa: S101  for mypy alone
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
        child.stdin.close()


def _serve() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _serve()
