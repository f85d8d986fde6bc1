"""HTTP servers on this machine's loopback that a measure talks to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests import servers


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing: who leaves, a browser or a container that is stopped, breaks off."""


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve on a free port; give it."""
    server = _Server(("127.0.0.1", 0), handler)
    with servers.serving(server):
        yield server.server_port
