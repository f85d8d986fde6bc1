"""The script of the pages of statistics, and the policy that allows it and their style alone."""

import re
from functools import cache
from pkgutil import get_data

from circulation.web.pages.statistics.style import STYLE
from circulation.web.pages.style_source import style_source

_OPERATORS = ("=>", "===", "!==", "=", "&&", "||")
"""What needs no blank around it; no text of the script has one of them between blanks."""


@cache
def script() -> str:
    """Give the script as it is sent, at most 10 kB: without comments, indents and most blanks.

    A line that ends in an opening bracket, comma or semicolon goes on in the next one, and so does
    a line before a closing bracket. Constants are sent as variables, which is shorter.
    """
    source = (get_data("circulation", "data/statistics.js") or b"").decode()
    lines = (line.strip() for line in source.splitlines())
    text = "\n".join(line for line in lines if line and not line.startswith("//"))
    text = text.replace("const ", "let ")
    for operator in _OPERATORS:
        text = text.replace(f" {operator} ", operator)
    return re.sub(r"(?<=[{(\[,;])\n|\n(?=[})\]])", "", text)


@cache
def policy() -> str:
    """Give the Content-Security-Policy of the pages."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {style_source(STYLE)}",
            f"script-src {style_source(script())}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
