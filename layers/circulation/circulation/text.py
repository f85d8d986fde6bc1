"""Text that every reader can take: no character that XML forbids, and HTML as plain words."""

import re

# XML 1.0, section 2.2: Char. What it leaves out breaks a whole feed in real readers: the control
# characters but tab, line feed and carriage return; half surrogate pairs; U+FFFE and U+FFFF.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
# A comment, or a tag as far as it goes. Sanitised HTML escapes no ">" inside attribute values, so
# quotes must be stepped over. What never ends is matched too, without its group: it is looked at
# once then, however often a text begins a tag.
_TAG = re.compile(
    r"""(?P<comment><!--(?:-?>|(?:[^-]|-(?!->))*+(?:-->)?))"""
    r"""|<[A-Za-z/!?](?:[^<>"']|"[^"]*"|'[^']*')*+(?P<closed>>)?"""
)
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|blockquote|figcaption)>|<[bh]r\s*/?>")
# A code point has at most seven digits; Python reads thousands of them slowly, or not at all.
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9A-Fa-f]{8,});?")
_MAX_DISPLAYED = 500


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


def displayed(text: str) -> str:
    """Give a text from outside as a terminal or a log can show it: one line, and not a long one.

    Left out is what is not seen but does something: control characters, which move a cursor or
    forge a line, and format characters, which turn the direction of all that follows.
    """
    seen = (each for each in text[: 2 * _MAX_DISPLAYED] if each.isprintable() or each.isspace())
    return shortened(one_line("".join(seen)), _MAX_DISPLAYED)


def plain(markup: str) -> str:
    """Give the words of HTML on one line, sanitised or not; what only looks like a tag stays."""
    # Its table of 2,231 names is not for those who only count.
    from html import unescape  # noqa: PLC0415

    text = _TAG.sub(_left_of, _BLOCK_END.sub(" ", markup))
    return one_line(unescape(_LONG_REFERENCE.sub("\ufffd", text)))


def paragraphs(markup: str) -> str:
    """Give the words of sanitised HTML, a line for each of its blocks."""
    parts = _BLOCK_END.split(markup)
    return "\n".join(words for words in map(plain, parts) if words)


def beginning(markup: str, limit: int) -> str:
    """Give the first words of sanitised HTML, at most limit characters, with an ellipsis."""
    length = end = 0
    wanted = limit + limit // 4
    for tag in _TAG.finditer(markup):
        if _left_of(tag):
            continue
        length += tag.start() - end
        end = tag.end()
        if length > wanted:
            words = plain(markup[:end])
            if len(words) > limit:
                return shortened(words, limit)
            wanted = 2 * length  # entities, or much white space
    return shortened(plain(markup), limit)


def _left_of(tag: re.Match[str]) -> str:
    return "" if tag["comment"] or tag["closed"] else tag[0]


def shortened(text: str, limit: int) -> str:
    """Cut to at most limit characters, at a word's end, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:-") + "…"
