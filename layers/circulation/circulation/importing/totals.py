"""Totals of articles, by id or address, from an older counter or from `circulation export`.

CSV with a header, or JSON. A row with views_counted is from an export: its lifetime views are
views_before plus views_counted, and the very stack that it is imported into may have counted the
latter.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from circulation.articles.canonical_path import canonical_path
from circulation.ids import is_id
from circulation.importing.documents import json_of
from circulation.importing.items import SourceError

_KEYS = ("id", "article", "post_id", "url", "address", "path", "page", "link")
MAX_BYTES = 64 * 1024 * 1024
_MAX_DIGITS = 15
COUNTED = "views_counted"
_VIEWS = ("views", "views_before", "count", "total", "hits", "pageviews", "visits")


@dataclass(frozen=True, slots=True)
class Total:
    """The views of an article that were counted elsewhere, by the fields of a submission."""

    views_before: int
    views_counted: int | None = None
    """None if the total is an older counter's."""

    def __add__(self, other: "Total") -> "Total":
        """Sum the views under two addresses of one article."""
        pair = (self.views_counted, other.views_counted)
        counted = [views for views in pair if views is not None]
        return Total(self.views_before + other.views_before, sum(counted) if counted else None)

    def fields(self) -> dict[str, int]:
        """Give the fields of a submission."""
        counted = {} if self.views_counted is None else {"views_counted": self.views_counted}
        return {"views_before": self.views_before} | counted


class Totals:
    """The totals by id, and by canonical path."""

    def __init__(self, rows: Iterable[tuple[str, Total]]) -> None:
        self._totals: dict[str, Total] = {}
        for key, total in rows:
            name = key if is_id(key) else canonical_path(key)
            known = self._totals.get(name)
            self._totals[name] = known + total if known else total

    def __len__(self) -> int:
        """Give the number of totals."""
        return len(self._totals)

    def of(self, article: Mapping[str, Any]) -> Total | None:
        """Give the total of a submission's article, by its id or else by its address."""
        name, url = (article.get(key) for key in ("id", "url"))
        if isinstance(name, str) and name in self._totals:
            return self._totals[name]
        return self._totals.get(canonical_path(url)) if isinstance(url, str) else None


def read_totals(path: Path) -> Totals:
    """Read totals from a CSV or JSON file. Raises SourceError with the line that is wrong."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from error
    if len(content) > MAX_BYTES:
        raise SourceError(f"{path} is longer than {MAX_BYTES // 2**20} MB")
    try:
        rows = list(
            _read_json(json_of(text)) if text.lstrip()[:1] in ("[", "{") else _read_csv(text)
        )
        return Totals(rows)
    except (ValueError, csv.Error, SourceError) as error:
        raise SourceError(f"{path}: {error}") from error


def _read_json(content: Any) -> Iterator[tuple[str, Total]]:  # noqa: ANN401  whatever JSON holds
    """Read {"264384": 346, …}, or a list of objects with views and an id or an address."""
    if isinstance(content, dict):
        for key, views in content.items():
            yield key, Total(_read_number(views, key))
        return
    for place, row in enumerate(content, 1):
        if not isinstance(row, dict):
            raise ValueError(f"entry {place} is no object")  # noqa: TRY004  a fault of the input
        yield _read_row(row, f"entry {place}")


def _read_csv(text: str) -> Iterator[tuple[str, Total]]:
    lines = text.splitlines()
    delimiter = max(",;\t", key="".join(lines[:1]).count)
    for number, row in enumerate(csv.DictReader(lines, delimiter=delimiter), 2):
        yield _read_row(
            {(name or "").strip(): value for name, value in row.items()}, f"line {number}"
        )


def _read_row(row: Mapping[str, Any], where: str) -> tuple[str, Total]:
    fields = {name.lower(): value for name, value in row.items()}
    key = next((str(fields[name]) for name in _KEYS if fields.get(name)), "")
    names = ("views_before",) if COUNTED in fields else _VIEWS
    views = next((fields[name] for name in names if fields.get(name) not in (None, "")), None)
    if not key or views is None:
        raise ValueError(f"{where} lacks one of {', '.join(_KEYS)}, or of {', '.join(names)}")
    counted = _read_number(fields[COUNTED], where) if COUNTED in fields else None
    return key, Total(_read_number(views, where), counted)


def _read_number(value: Any, where: str) -> int:  # noqa: ANN401
    text = str(value).strip().replace(",", "").replace(" ", "")
    if not (text.isascii() and text.isdigit()) or len(text) > _MAX_DIGITS:
        raise ValueError(f"{where}: {value} is no number of views")
    return int(text)
