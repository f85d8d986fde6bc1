"""Text that every reader can take: no character that XML forbids, and HTML as plain words."""

import html
import re

# XML 1.0, section 2.2: Char. Everything else breaks a whole feed in real readers.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Sanitised HTML escapes no ">" inside attribute values, so quotes must be stepped over.
_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|blockquote|figcaption)>|<[bh]r\s*/?>")


def legal(text: str) -> str:
    """Drop every character that XML 1.0 forbids, lone surrogates included."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """Drop the illegal characters and fold every run of white space into one space."""
    return " ".join(legal(text).split())


def plain(markup: str) -> str:
    """Give the words of sanitised HTML on one line."""
    return one_line(html.unescape(_TAG.sub("", _BLOCK_END.sub(" ", markup))))


def shortened(text: str, limit: int) -> str:
    """Cut to at most limit characters, at a word's end, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:-") + "…"
