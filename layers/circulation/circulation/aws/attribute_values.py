"""Conversion between Python values and DynamoDB attribute values (API_AttributeValue)."""

from binascii import a2b_base64
from collections.abc import Callable, Mapping
from typing import Any


def encoded(item: Mapping[str, Any]) -> dict[str, Any]:
    """Encode an item's attributes; those that are None are left out.

    Text, whole numbers, booleans, bytes, lists, maps and sets of text or of bytes are supported;
    anything else is a bug and raises TypeError.
    """
    return {
        # Most values are of these two types: of a page's sums, hundreds of thousands a batch.
        name: {"S": value}
        if type(value) is str
        else {"N": str(value)}
        if type(value) is int
        else _encode_value(value)
        for name, value in item.items()
        if value is not None
    }


def decoded(item: Mapping[str, Any]) -> dict[str, Any]:
    """Decode an item's attributes; bytes may be in Base64, as DynamoDB sends them."""
    return {name: _decode_value(value) for name, value in item.items()}


def _encode_value(value: object) -> dict[str, Any]:  # noqa: PLR0911  one line per kind
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
            return {"L": [_encode_value(member) for member in value]}
        case dict():
            return {"M": encoded(value)}
        case set() | frozenset():
            kind = "BS" if all(isinstance(member, bytes) for member in value) else "SS"
            return {kind: sorted(value)}
    raise TypeError(f"a {type(value).__name__} has no place in an item")


def _decode_value(value: Mapping[str, Any]) -> Any:  # noqa: ANN401  whatever the attribute holds
    ((kind, content),) = value.items()
    decode = _DECODERS.get(kind)
    return decode(content) if decode else content


def _decode_bytes(content: bytes | str) -> bytes:
    return a2b_base64(content) if isinstance(content, str) else content


# Text and booleans need no decoding.
_DECODERS: dict[str, Callable[[Any], Any]] = {
    "N": int,
    "B": _decode_bytes,
    "L": lambda content: [_decode_value(member) for member in content],
    "M": decoded,
    "SS": set,
    "BS": lambda content: set(map(_decode_bytes, content)),
}
