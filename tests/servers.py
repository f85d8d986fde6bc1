"""Servers of tests, on threads of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from threading import Thread

LOOKS_UP = 0.02
"""Seconds: the end of a server waits until it looks up, which by default is every half second."""


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Have a server answer meanwhile, and close it."""
    thread = Thread(target=server.serve_forever, args=[LOOKS_UP], daemon=True)
    with server:
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
