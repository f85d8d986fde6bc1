"""The sources in a folder: exports, feeds, and folders of pages."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bench.moving_in.exports import read_ghost, read_wordpress
from bench.moving_in.feeds import read_feed
from bench.moving_in.pages import HTML, MARKDOWN, read_folder
from bench.moving_in.reading import Article

_GENERATORS = (
    "_config.yml",
    "_posts",
    "astro.config.mjs",
    "config.toml",
    "content",
    "eleventy.config.js",
    ".eleventy.js",
    "hugo.toml",
    "hugo.yaml",
)
"""What the folder of a site generator has."""
_HEAD = 65_536


def find_sources(folder: Path) -> Iterator[Path]:
    """Find the sources in a folder, in the order of their names.

    Each feed and each export is one. A folder that a site generator made, or that has pages but no
    feed and no export, is one as a whole.
    """
    if folder.is_file() or any((folder / name).exists() for name in _GENERATORS):
        yield folder
    elif any(kind_of(path) for path in folder.rglob("*") if path.is_file()):
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                yield from find_sources(path)
            elif kind_of(path):
                yield path
    elif any(path.suffix.lower() in MARKDOWN | HTML for path in folder.rglob("*")):
        yield folder


def kind_of(path: Path) -> str:
    """Tell what a file is by its beginning: wordpress, ghost, feed, or nothing of these."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"<" and b"wordpress.org/export/" in head:
        return "wordpress"
    if start[:1] == b"{":
        return "ghost" if b'"posts"' in path.read_bytes() else "feed" if b'"items"' in head else ""
    is_feed = start[:1] == b"<" and any(
        mark in head for mark in (b"<rss", b"<feed", b"<rdf:RDF", b"<RDF")
    )
    return "feed" if is_feed and path.suffix.lower() not in MARKDOWN | HTML else ""


def read_source(path: Path, site: str, now: datetime) -> list[Article]:
    """Read a source with the parsers of the check. Raises parsers.UnreadError."""
    if path.is_dir():
        return read_folder(path, site, now)
    kind = kind_of(path)
    if kind == "wordpress":
        return read_wordpress(path, now)
    if kind == "ghost":
        return read_ghost(path, site, now)
    return read_feed(path, site, now)
