"""Untrusted JSON and XML: checks before a parser reads them, and fields of the type expected."""

import json
import re
from collections.abc import Mapping
from typing import Any, BinaryIO

from circulation.importing.items import SourceError

MAX_PROLOG = 65_536
"""Bytes before the first element, at most."""

_BLOCK = 1024 * 1024
_MAX_DIGITS = 40
_UTF_8 = "utf-8"
# XML 1.0, appendix F.1: the encoding by the first bytes, a byte order mark or "<".
_FIRST_BYTES = {
    b"\xff\xfe\0\0": "utf-32-le",
    b"<\0\0\0": "utf-32-le",
    b"\0\0\xfe\xff": "utf-32-be",
    b"\0\0\0<": "utf-32-be",
    b"\xff\xfe": "utf-16-le",
    b"<\0": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"\0<": "utf-16-be",
}
# Comments, processing instructions, and everything else before an element's tag. The possessive
# quantifiers read each character once.
_PROLOG = re.compile(
    r"(?:<!--(?:[^-]|-(?!->))*+(?:-->)?|<\?(?:[^?]|\?(?!>))*+(?:\?>)?|<(?![^\W\d]|:)|[^<])*+"
)
_ENTITY = "<!ENTITY"


def json_of(content: bytes | str) -> Any:  # noqa: ANN401  whatever JSON holds
    """Decode JSON. An integer of more than 40 digits stays text, so that only its field is invalid.

    Raises SourceError for invalid JSON and for JSON that nests too deep.
    """
    try:
        return json.loads(content, parse_int=_read_integer)
    except RecursionError as error:
        raise SourceError("it is not JSON that can be read: it nests too deep") from error
    except ValueError as error:
        raise SourceError(f"it is not JSON: {error}") from error


def text_at(fields: Mapping[str, Any], name: str) -> str:
    """Give a field that is text; empty for one of another type, and for none."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def list_at(fields: Mapping[str, Any], name: str) -> list[Any]:
    """Give a field that is a list; empty for one of another type, and for none."""
    value = fields.get(name)
    return value if isinstance(value, list) else []


def check_xml(file: BinaryIO) -> None:
    """Check an XML file, read from its current position, before it is parsed.

    Raises SourceError if it declares entities: no feed and no export needs them, and they can
    expand without bounds (CWE-776) or name files (CWE-611). Also raises it if no element begins
    within MAX_PROLOG bytes, because a declaration after those would be missed.
    """
    head = file.read(MAX_PROLOG)
    encoding = next(
        (name for first, name in _FIRST_BYTES.items() if head.startswith(first)), _UTF_8
    )
    text = head.decode(encoding, errors="replace")
    prolog = _PROLOG.match(text)
    assert prolog  # noqa: S101  the pattern matches any text
    if prolog.end() == len(text):
        raise SourceError("it is no feed and no export: no element begins in it")
    if "<!DOCTYPE" in prolog[0] and _contains(file, head, _ENTITY.encode(encoding)):
        raise SourceError("it declares XML entities of its own, which are not read")


def _contains(file: BinaryIO, head: bytes, declaration: bytes) -> bool:
    """Tell whether bytes stand in head, which was read already, or in the rest of a file."""
    while head:
        if declaration in head:
            return True
        block = file.read(_BLOCK)
        head = head[1 - len(declaration) :] + block if block else b""
    return False


def _read_integer(text: str) -> int | str:
    return int(text) if len(text) <= _MAX_DIGITS else text
