"""JSON and XML from elsewhere, looked at before a parser takes them."""

import json
import re
from typing import Any, BinaryIO

from circulation.importing.found import SourceError

MAX_PROLOG = 65_536
"""Bytes that may stand before the first element."""

_BLOCK = 1024 * 1024
_MAX_DIGITS = 40
_UTF_8 = "utf-8"
# XML 1.0, appendix F.1: what its first bytes tell of its encoding, with a byte order mark or "<".
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
# Comments, processing instructions, and what is no element's tag. Each is looked at once.
_PROLOG = re.compile(
    r"(?:<!--(?:[^-]|-(?!->))*+(?:-->)?|<\?(?:[^?]|\?(?!>))*+(?:\?>)?|<(?![^\W\d]|:)|[^<])*+"
)
_ENTITY = "<!ENTITY"


def json_of(content: bytes | str) -> Any:  # noqa: ANN401  whatever JSON holds
    """Decode JSON; a number of very many digits stays text, so that it spoils no more than itself.

    Raises SourceError for what is no JSON, and for what nests too deep.
    """
    try:
        return json.loads(content, parse_int=_whole)
    except RecursionError as error:
        raise SourceError("it is not JSON that can be read: it nests too deep") from error
    except ValueError as error:
        raise SourceError(f"it is not JSON: {error}") from error


def check_xml(file: BinaryIO) -> None:
    """Look through XML from its beginning, before it is parsed.

    Raises SourceError where it declares entities of its own: no feed and no export needs them, and
    they can grow without bounds (CWE-776) or name files (CWE-611). Likewise where no element begins
    within MAX_PROLOG bytes, so that nobody can put a declaration where it is not looked for.
    """
    head = file.read(MAX_PROLOG)
    encoding = next(
        (name for first, name in _FIRST_BYTES.items() if head.startswith(first)), _UTF_8
    )
    text = head.decode(encoding, errors="replace")
    prolog = _PROLOG.match(text)
    assert prolog  # noqa: S101  it matches any text
    if prolog.end() == len(text):
        raise SourceError("it is no feed and no export: no element begins in it")
    if "<!DOCTYPE" in prolog[0] and _holds(file, head, _ENTITY.encode(encoding)):
        raise SourceError("it declares XML entities of its own, which are not read")


def _holds(file: BinaryIO, head: bytes, wanted: bytes) -> bool:
    while head:
        if wanted in head:
            return True
        block = file.read(_BLOCK)
        head = head[1 - len(wanted) :] + block if block else b""
    return False


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _MAX_DIGITS else text
