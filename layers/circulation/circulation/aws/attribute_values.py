"""Python values as DynamoDB writes them, and back (API_AttributeValue)."""

from collections.abc import Callable, Mapping
from typing import Any


def encoded(item: Mapping[str, Any]) -> dict[str, Any]:
    """Write an item's attributes; those that are None are left out.

    Text, whole numbers, booleans, bytes, lists, maps and sets of text or of bytes are known;
    anything else is a bug and raises TypeError.
    """
    return {name: _encoded(value) for name, value in item.items() if value is not None}


def decoded(item: Mapping[str, Any]) -> dict[str, Any]:
    """Read an item's attributes."""
    return {name: _decoded(value) for name, value in item.items()}


def _encoded(value: object) -> dict[str, Any]:  # noqa: PLR0911  one line per kind
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case list() | tuple():
            return {"L": [_encoded(each) for each in value]}
        case dict():
            return {"M": encoded(value)}
        case set() | frozenset():
            kind = "BS" if all(isinstance(member, bytes) for member in value) else "SS"
            return {kind: sorted(value)}
    raise TypeError(f"a {type(value).__name__} has no place in an item")


def _decoded(value: Mapping[str, Any]) -> Any:  # noqa: ANN401  whatever the attribute holds
    ((kind, content),) = value.items()
    read = _READ.get(kind)
    return read(content) if read else content


# Text, bytes and booleans are what they are.
_READ: dict[str, Callable[[Any], Any]] = {
    "N": int,
    "L": lambda content: [_decoded(each) for each in content],
    "M": decoded,
    "SS": set,
    "BS": set,
}
