"""Write text as XML. The standard library's modules for it are not used: they import slowly."""

import json
from collections.abc import Iterable

from circulation.text import legal_bytes

MAX_BYTES = 5_000_000
"""Bytes of a document; Lambda answers with at most 6 MB (Lambda quotas: invocation payload)."""

HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def document(lines: Iterable[str]) -> bytes:
    """Join lines to a document in UTF-8, without the characters that XML forbids.

    They are removed after escaping, which is safe: removing them cannot split or create an escape.
    """
    return legal_bytes("\n".join((HEAD, *lines, "")))


def escaped(text: str) -> str:
    """Escape text for an element, also carriage returns, so that a parser restores all of it."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    )


def markup(text: str) -> str:
    """Write HTML as an element's text: if that is safe, in a CDATA section, which is shorter."""
    return escaped(text) if "]" in text or "\r" in text else f"<![CDATA[{text}]]>"


def attribute(text: str) -> str:
    """Escape text for an attribute, in which a parser would turn white space into spaces."""
    return escaped(text).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")


def title_escaped(text: str) -> str:
    """Escape a plain title for RSS, where readers disagree on whether a title is HTML.

    Numeric references are shown correctly by both (RSS Advisory Board: Best Practices, "Titles").
    """
    return (
        text.replace("&", "&#x26;")
        .replace("<", "&#x3C;")
        .replace(">", "&#x3E;")
        .replace("\r", "&#13;")
    )


def element(name: str, text: str) -> str:
    """Write an element with a text."""
    return f"<{name}>{escaped(text)}</{name}>"


def link(name: str, **attributes: str) -> str:
    """Write an empty element; empty attributes are left out."""
    written = "".join(f' {key}="{attribute(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{written}/>"


def answered_length(text: str) -> int:
    """Give the number of bytes of a text in Lambda's answer, where it is part of a JSON string."""
    return len(json.dumps(text, ensure_ascii=False).encode(errors="replace"))
