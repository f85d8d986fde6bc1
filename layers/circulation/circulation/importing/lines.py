"""Circulation's own export (`circulation export`): one article as JSON on each line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from circulation.importing.documents import json_of
from circulation.importing.items import SourceError, SourceItem

MAX_LINE = 2 * 1024 * 1024
"""Bytes of a line; the largest article takes half of that."""


def read_lines(path: Path) -> Iterator[SourceItem]:
    """Read a file line by line; a line that cannot be read does not affect the others.

    Its lifetime views may have been counted by the very stack that it is imported into. So they are
    submitted as views_counted, a lower bound of the count, which is not added to it. Corrections,
    and what remains of unpublished articles, are submitted as they are.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE):
            number += 1
            where = f"line {number}"
            if line.strip():
                yield _read_line(line, where)
            while len(line) == MAX_LINE and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)


def _read_line(line: bytes, where: str) -> SourceItem:
    if len(line) == MAX_LINE:
        return SourceItem(where, None, f"is longer than {MAX_LINE // 2**20} MB")
    try:
        article = json_of(line)
    except SourceError as error:
        return SourceItem(where, None, str(error))
    if not isinstance(article, dict):
        return SourceItem(where, None, "is no object")
    views = article.pop("views", None)
    if views is not None and "views_counted" not in article:
        article["views_counted"] = _counted_views(views, article.get("views_before"))
    names = (article.get(name) for name in ("title", "id"))
    return SourceItem(
        next((name for name in names if name and isinstance(name, str)), where), article
    )


def _counted_views(views: Any, before: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Subtract an older counter's total from lifetime views; other types are left to the API."""
    numbers = isinstance(views, int) and isinstance(before, int)
    return max(0, views - before) if numbers else views
