"""Circulation's own export: one article as JSON on each line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from circulation.sources.found import Found


def read_lines(path: Path) -> Iterator[Found]:
    """Read each line by itself.

    The lifetime views in it may have been counted by the stack that it is sent to: they go on as
    views_counted, which a count is not below but which add nothing to it.
    """
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
            if views is not None and "views_counted" not in told:
                told["views_counted"] = _counted(views, told.get("views_before"))
            yield Found(str(told.get("title") or told.get("id") or where), told)


def _counted(views: Any, before: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Give what lifetime views have beside an older total; what is no number is for the API."""
    numbers = isinstance(views, int) and isinstance(before, int)
    return max(0, views - before) if numbers else views
