"""Circulation's own export: one article as JSON on each line."""

import json
from collections.abc import Iterator
from pathlib import Path

from circulation.sources.found import Found


def read_lines(path: Path) -> Iterator[Found]:
    """Read each line by itself; the total that it tells is where counting goes on."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            where = f"line {number}"
            try:
                told = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Found(where, None, f"is not JSON: {error}")
                continue
            if not isinstance(told, dict):
                yield Found(where, None, "is no object")
                continue
            views = told.pop("views", None)
            if isinstance(views, int) and views:
                told.setdefault("views_before", views)
            yield Found(str(told.get("title") or told.get("id") or where), told)
