"""What DynamoDB bills for (Developer Guide: DynamoDB item sizes and formats)."""

import base64
from collections.abc import Mapping
from typing import Any

UNIT_BYTES = 1_024
READ_BYTES = 4_096
NESTING_BYTES = 3


def item_size(item: Mapping[str, Any]) -> int:
    """Give an item's size in bytes; the item is written as the API has it."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def write_units(size: int) -> int:
    """Give the units of a plain write: one for each begun KB of the larger of old and new item."""
    return max(1, -(-size // UNIT_BYTES))


def read_units(size: int, *, consistent: bool) -> float:
    """Give the units of reading one item: one for each begun 4 KB, or half if it may lag."""
    return max(1, -(-size // READ_BYTES)) * (1.0 if consistent else 0.5)


def _value_size(value: Mapping[str, Any]) -> int:  # noqa: PLR0911  one line per kind
    ((kind, content),) = value.items()
    if kind == "S":
        return len(str(content).encode())
    if kind == "N":
        digits = str(content).lstrip("-").replace(".", "").strip("0")
        return (len(digits) + 1) // 2 + 1 + int(content.startswith("-"))
    if kind == "B":
        return len(content if isinstance(content, bytes) else base64.b64decode(content))
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "SS":
        return sum(len(member.encode()) for member in content)
    if kind == "BS":
        return sum(_value_size({"B": member}) for member in content)
    if kind == "L":
        return NESTING_BYTES + sum(1 + _value_size(member) for member in content)
    if kind == "M":
        return NESTING_BYTES + len(content) + item_size(content)
    raise ValueError(f"{kind} is no attribute of these tables")
