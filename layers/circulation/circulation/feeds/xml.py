"""Text as XML: our own escapes, since the standard library's import costs more than they do."""

import json
from collections.abc import Iterable

from circulation.text import legal_bytes

MAX_BYTES = 5_000_000
"""Of a document as Lambda answers it, which is at most 6 MB (Lambda quotas: invocation payload)."""

HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def document(lines: Iterable[str]) -> bytes:
    """Give a whole document in UTF-8, without the characters that XML forbids.

    They go last and all at once: what is left of escaped text is the escape of what is left of it.
    """
    return legal_bytes("\n".join((HEAD, *lines, "")))


def escaped(text: str) -> str:
    """Escape text for an element; a parser gives it back to the last carriage return."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    )


def markup(text: str) -> str:
    """Write HTML as text: a CDATA section where nothing in it could end one, which is shorter."""
    return escaped(text) if "]" in text or "\r" in text else f"<![CDATA[{text}]]>"


def attribute(text: str) -> str:
    """Escape text for an attribute, in which a parser would turn white space into spaces."""
    return escaped(text).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")


def title_escaped(text: str) -> str:
    """Escape a plain title for RSS, where readers disagree on whether a title is HTML.

    The numeric references read right either way (RSS Advisory Board: Best Practices, "Titles").
    """
    return (
        text.replace("&", "&#x26;")
        .replace("<", "&#x3C;")
        .replace(">", "&#x3E;")
        .replace("\r", "&#13;")
    )


def element(name: str, text: str) -> str:
    """Write an element that holds text."""
    return f"<{name}>{escaped(text)}</{name}>"


def link(name: str, **attributes: str) -> str:
    """Write an empty element with attributes, those left out that are empty."""
    told = "".join(f' {key}="{attribute(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{told}/>"


def answered_length(text: str) -> int:
    """Give the bytes that text has in Lambda's answer, where it is a string of JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode(errors="replace"))
