"""Names within texts of the pages, which may be of another direction than the words around them.

In a text a name stands between the marks of an isolate (Unicode Standard Annex 9), in HTML in bdi.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST, _LAST = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_MARKED = re.compile(f"{_FIRST}([^{_FIRST}{_LAST}]*){_LAST}")


def marked(name: str) -> str:
    """Mark a name for a text that is not yet HTML."""
    return f"{_FIRST}{without_marks(name)}{_LAST}"


def without_marks(text: str) -> str:
    """Take the marks off, for a text that is only read out."""
    return text.replace(_FIRST, "").replace(_LAST, "")


def write_name(name: str) -> str:
    """Write a name in HTML."""
    return f"<bdi>{escape(name)}</bdi>"


def write_marked(text: str, write: Callable[[str], str] = write_name) -> str:
    """Write a text in HTML, and what is marked in it as `write` does."""
    parts = _MARKED.split(text)  # every other one is a name
    return "".join(write(part) if number % 2 else escape(part) for number, part in enumerate(parts))
