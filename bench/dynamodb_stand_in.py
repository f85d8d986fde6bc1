"""A stand-in for DynamoDB in a process of its own: it gives the same answers at once, always.

What a handler spends on the call is measured, and nothing of what DynamoDB does. As a program it
prints its port and serves until its standard input closes; with a certificate and its key, by TLS.
"""

import base64
import json
import ssl
import subprocess
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.request import urlopen

from bench.authority import Certificate
from bench.events import DAY, HOSTS, NOON
from circulation.counting.marks import encoded_mark, mark_name
from circulation.counting.tally import LedgerLine, increment_of, mark_of
from circulation.times import format_time, milliseconds

Answer = dict[str, Any]


def _marks() -> Iterator[tuple[str, Answer]]:
    """Give the marks that four shards leave on a page, as the tally writes them."""
    for shard in range(4):
        line = LedgerLine("article", DAY, mark_of(str(shard)), new_visitor=True, at=NOON)
        increment = increment_of(f"shardId-0000000176389920{shard:04}-a1b2c3d4", [line])
        yield mark_name(increment.shard), {"B": base64.b64encode(encoded_mark(increment)).decode()}


_AT = str(milliseconds(NOON))
_ITEM = {
    "views": {"N": "1200"},
    "day": {"S": DAY},
    "salt": {"B": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
}
"""A plain counter, and a day's salt."""
_COUNT = {
    "base": {"N": "346"},
    "views": {"N": "1200"},
    "visitors": {"N": "1100"},
    "open": {"SS": [DAY]},
    "section": {"S": "city"},
    "published": {"S": format_time(NOON - timedelta(days=3))},
}
_PAGE = {
    "views": {"N": "420"},
    "visitors": {"N": "400"},
    **{f"h{hour:02}": {"N": "35"} for hour in range(12)},
    **{f"r#{host}": {"N": "60"} for host in HOSTS},
    **dict(_marks()),
}
_LINE = {"n": {"N": "1"}, "at": {"N": _AT}, "x": {"S": "0" * 32}, "ttl": {"N": "1764201600"}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one packet

    calls: ClassVar[Counter[str]] = Counter()
    lock: ClassVar[threading.Lock] = threading.Lock()

    def do_POST(self) -> None:
        """Answer a call by its operation."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        operation = self.headers["x-amz-target"].partition(".")[2]
        with self.lock:
            self.calls[operation] += 1
        self._answer(answer(operation, request))

    def do_GET(self) -> None:
        """Give how many calls there were, by operation."""
        with self.lock:
            self._answer(dict(self.calls))

    def _answer(self, content: Answer) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-amz-crc32", str(zlib.crc32(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answer(operation: str, request: Answer) -> Answer:
    """Give what is asked for, and let every write succeed."""
    if operation == "GetItem":
        return {"Item": _ITEM | request["Key"]}
    if operation == "BatchGetItem":
        responses = {
            name: [(_COUNT if key["sk"]["S"] == "COUNT" else _PAGE) | key for key in asked["Keys"]]
            for name, asked in request["RequestItems"].items()
        }
        return {"Responses": responses, "UnprocessedKeys": {}}
    return {"Attributes": _LINE | {"views": {"N": "1201"}}}


def calls_at(url: str) -> Counter[str]:
    """Ask a stand-in how many calls there were, by operation."""
    with urlopen(url) as answered:  # noqa: S310  a stand-in on this machine
        return Counter(json.load(answered))


@contextmanager
def stand_in(certificate: Certificate | None = None) -> Iterator[str]:
    """Run the stand-in; give its URL."""
    files = [str(certificate.chain), str(certificate.key)] if certificate else []
    with subprocess.Popen(
        [sys.executable, "-m", __name__, *files],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin  # noqa: S101  for mypy alone
        assert child.stdout  # noqa: S101  for mypy alone
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{int(child.stdout.readline())}"
        child.stdin.close()


def _serve(files: list[str]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if files:
        secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secured.load_cert_chain(*files)
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1:])
