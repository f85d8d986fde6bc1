"""Open a source (a file, a folder, standard input or an https address) and find its format."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from circulation.importing.blogger import is_blogger, read_blogger
from circulation.importing.documents import json_of
from circulation.importing.feed import read_feed
from circulation.importing.fetch import fetch
from circulation.importing.folder import PAGE_SUFFIXES, read_folder, read_page
from circulation.importing.ghost import read_ghost
from circulation.importing.items import SourceDefaults, SourceError, SourceItem
from circulation.importing.lines import MAX_LINE, read_lines
from circulation.importing.wordpress import is_wordpress, read_wordpress

MAX_FEED_BYTES = 64 * 1024 * 1024

MAX_STREAM_BYTES = 4 * 1024 * 1024 * 1024
"""Bytes read from standard input, which is copied to a file and might never end."""
_HEAD = 65_536


@contextmanager
def open_source(source: str) -> Iterator[Path]:
    """Give the path of a source: a file or folder, "-" for standard input, or an https address.

    Standard input and the content of an address are copied to a temporary file, which is deleted
    at the end of the block. Raises SourceError.
    """
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


def read_source(path: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read a source in any format, recognised by its name and its beginning. Raises SourceError."""
    if path.is_dir():
        yield from read_folder(path, defaults)
        return
    if path.suffix.lower() in PAGE_SUFFIXES:
        yield read_page(path, Path(path.name), defaults)
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0)
        line = file.readline(MAX_LINE)
    if head.startswith(b"PK\x03\x04"):
        raise SourceError("it is a ZIP archive: unpack it, and import the folder")
    if is_wordpress(head):
        yield from read_wordpress(path, defaults)
    elif is_blogger(head):
        yield from read_blogger(path, defaults)
    elif _is_line(line):
        yield from read_lines(path)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and _is_ghost(path):
        yield from read_ghost(path, defaults)
    elif path.stat().st_size > MAX_FEED_BYTES:
        raise SourceError(f"a feed may have at most {MAX_FEED_BYTES // 2**20} MB")
    else:
        yield from read_feed(path.read_bytes(), defaults)


def _copy(stream: BinaryIO, file: IO[bytes]) -> None:
    size = 0
    while block := stream.read(_HEAD):
        size += len(block)
        if size > MAX_STREAM_BYTES:
            raise SourceError(f"it is longer than {MAX_STREAM_BYTES // 2**30} GB")
        file.write(block)


def _is_line(line: bytes) -> bool:
    """Tell whether a file's first line is an article of Circulation's own export."""
    if not line.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    try:
        article = json_of(line)
    except SourceError:
        return False
    return (
        isinstance(article, dict)
        and "id" in article
        and ("title" in article or "unpublished" in article)
        and "items" not in article
    )


def _is_ghost(path: Path) -> bool:
    """Tell whether a JSON file has Ghost's table of posts, anywhere in it."""
    with path.open("rb") as file:
        before = b""
        while block := file.read(_HEAD):
            if b'"posts"' in before + block:
                return True
            before = block[-8:]
    return False
