"""Circulation's own export: one article as JSON on each line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from circulation.importing.documents import json_of
from circulation.importing.found import Found, SourceError

MAX_LINE = 2 * 1024 * 1024
"""Bytes; an article with its body has at most half of it."""


def read_lines(path: Path) -> Iterator[Found]:
    """Read each line by itself.

    The lifetime views in it may have been counted by the stack that it is sent to: they go on as
    views_counted, which a count is not below but which add nothing to it.
    """
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
    if views is not None and "views_counted" not in article:
        article["views_counted"] = _counted(views, article.get("views_before"))
    names = (article.get(name) for name in ("title", "id"))
    return Found(next((name for name in names if name and isinstance(name, str)), where), article)


def _counted(views: Any, before: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Give what lifetime views have beside an older total; what is no number is for the API."""
    numbers = isinstance(views, int) and isinstance(before, int)
    return max(0, views - before) if numbers else views
