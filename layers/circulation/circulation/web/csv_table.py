"""Lists of JSON objects as CSV (RFC 4180), for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

from circulation.text import formula_proof
from circulation.web.response import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CSV = "text/csv; charset=utf-8; header=present"

Json = dict[str, Any]


def csv_response(
    name: str, objects: Sequence[Mapping[str, Any]], *, max_age: int | None
) -> Response:
    """Write objects as a file of that name; what is in an object has the names of both."""
    written = StringIO()
    flat = [_flat(item) for item in objects]
    columns = list(dict.fromkeys(column for item in flat for column in item))
    writer = csv.writer(written)  # lines end with CRLF
    writer.writerow(columns)
    writer.writerows([_cell(item.get(column)) for column in columns] for item in flat)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(200, written.getvalue().encode(), CSV, max_age, headers)


def _flat(item: Mapping[str, Any]) -> Json:
    flat: Json = {}
    for name, value in item.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{part}": inner for part, inner in _flat(value).items()}
        else:
            flat[name] = value
    return flat


def _cell(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return formula_proof("; ".join(map(str, value)) if isinstance(value, list) else str(value))
