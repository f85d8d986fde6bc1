"""Circulation's own export: one article as JSON on each line."""

from collections.abc import Iterator
from pathlib import Path

from circulation.sources.documents import json_of
from circulation.sources.found import Found, SourceError

MAX_LINE = 2 * 1024 * 1024
"""Bytes; an article with its body has at most half of it."""


def read_lines(path: Path) -> Iterator[Found]:
    """Read each line by itself; the total that it tells is where counting goes on."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE):
            number += 1
            where = f"line {number}"
            if line.strip():
                yield _found(line, where)
            while len(line) == MAX_LINE and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)


def _found(line: bytes, where: str) -> Found:
    if len(line) == MAX_LINE:
        return Found(where, None, f"is longer than {MAX_LINE // 2**20} MB")
    try:
        article = json_of(line)
    except SourceError as error:
        return Found(where, None, str(error))
    if not isinstance(article, dict):
        return Found(where, None, "is no object")
    views = article.pop("views", None)
    if isinstance(views, int) and views:
        article.setdefault("views_before", views)
    names = (article.get(name) for name in ("title", "id"))
    return Found(next((name for name in names if name and isinstance(name, str)), where), article)
