"""A source by whatever names it: a file, a folder, standard input or an https address."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from circulation.importing.documents import json_of
from circulation.importing.feed import read_feed
from circulation.importing.fetch import fetch
from circulation.importing.folder import read_folder, read_page
from circulation.importing.found import Found, Ground, SourceError
from circulation.importing.ghost import read_ghost
from circulation.importing.lines import MAX_LINE, read_lines
from circulation.importing.wordpress import read_wordpress

MAX_FEED_BYTES = 64 * 1024 * 1024
_PAGES = {".md", ".markdown", ".mdown", ".html", ".htm"}
MAX_STREAM_BYTES = 4 * 1024 * 1024 * 1024
"""Of standard input, which becomes a file; it might never end."""
_HEAD = 65_536


@contextmanager
def opened(source: str) -> Iterator[Path]:
    """Give the path of a source; what is no file yet becomes one for as long as it is read."""
    if source != "-" and not source.startswith(("https://", "http://")):
        path = Path(source)
        if not path.exists():
            raise SourceError(f"{source} does not exist")
        if not path.is_file() and not path.is_dir():
            # A device or a pipe cannot be read twice, and might never end.
            raise SourceError(f"{source} is no file and no folder; - reads standard input")
        yield path
        return
    with tempfile.NamedTemporaryFile() as file:
        if source == "-":
            _copy(sys.stdin.buffer, file)
        else:
            file.write(fetch(source).content or b"")
        file.flush()
        yield Path(file.name)


def read_source(path: Path, ground: Ground) -> Iterator[Found]:
    """Read a source of any kind, known by its beginning. Raises SourceError."""
    if path.is_dir():
        yield from read_folder(path, ground)
        return
    if path.suffix.lower() in _PAGES:
        yield read_page(path, Path(path.name), ground)
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0)
        line = file.readline(MAX_LINE)
    if b"wordpress.org/export/" in head:
        yield from read_wordpress(path, ground)
    elif _is_line(line):
        yield from read_lines(path)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and _is_ghost(path):
        yield from read_ghost(path, ground)
    elif path.stat().st_size > MAX_FEED_BYTES:
        raise SourceError(f"a feed may have at most {MAX_FEED_BYTES // 2**20} MB")
    else:
        yield from read_feed(path.read_bytes(), ground)


def _copy(stream: BinaryIO, file: IO[bytes]) -> None:
    size = 0
    while block := stream.read(_HEAD):
        size += len(block)
        if size > MAX_STREAM_BYTES:
            raise SourceError(f"it is longer than {MAX_STREAM_BYTES // 2**30} GB")
        file.write(block)


def _is_line(line: bytes) -> bool:
    """Tell whether the first line is an article."""
    if not line.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    try:
        told = json_of(line)
    except SourceError:
        return False
    return isinstance(told, dict) and "id" in told and "title" in told and "items" not in told


def _is_ghost(path: Path) -> bool:
    """Tell whether a JSON file has Ghost's tables, wherever they stand in it."""
    with path.open("rb") as file:
        before = b""
        while block := file.read(_HEAD):
            if b'"posts"' in before + block:
                return True
            before = block[-8:]
    return False
