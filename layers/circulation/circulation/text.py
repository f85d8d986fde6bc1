"""Text that every reader can take: no character that XML forbids, and HTML as plain words."""

import re

# XML 1.0, section 2.2: Char. What it leaves out breaks a whole feed in real readers: the control
# characters but tab, line feed and carriage return; half surrogate pairs; U+FFFE and U+FFFF.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
# Sanitised HTML escapes no ">" inside attribute values, so quotes must be stepped over.
_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|blockquote|figcaption)>|<[bh]r\s*/?>")


def legal(text: str) -> str:
    """Drop every character that XML 1.0 forbids, lone surrogates included."""
    return legal_bytes(text).decode()


def legal_bytes(text: str) -> bytes:
    """Give the text in UTF-8 without the characters that XML 1.0 forbids."""
    for each in "\ufffe\uffff":
        if each in text:
            text = text.replace(each, "")
    return text.encode(errors="ignore").translate(None, _CONTROLS)


def one_line(text: str) -> str:
    """Drop the illegal characters and fold every run of white space into one space."""
    return " ".join(legal(text).split())


def plain(markup: str) -> str:
    """Give the words of sanitised HTML on one line."""
    # Its table of 2,231 names is not for those who only count.
    from html import unescape  # noqa: PLC0415

    return one_line(unescape(_TAG.sub("", _BLOCK_END.sub(" ", markup))))


def paragraphs(markup: str) -> str:
    """Give the words of sanitised HTML, a line for each of its blocks."""
    parts = _BLOCK_END.split(markup)
    return "\n".join(words for words in map(plain, parts) if words)


def beginning(markup: str, limit: int) -> str:
    """Give the first words of sanitised HTML, at most limit characters, with an ellipsis."""
    length = end = 0
    wanted = limit + limit // 4
    for tag in _TAG.finditer(markup):
        length += tag.start() - end
        end = tag.end()
        if length > wanted:
            words = plain(markup[:end])
            if len(words) > limit:
                return shortened(words, limit)
            wanted = 2 * length  # entities, or much white space
    return shortened(plain(markup), limit)


def shortened(text: str, limit: int) -> str:
    """Cut to at most limit characters, at a word's end, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:-") + "…"
