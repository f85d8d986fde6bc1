"""Text without the characters that XML forbids, and HTML as plain text."""

import re

# XML 1.0, section 2.2: Char. It excludes the control characters except tab, line feed and carriage
# return; lone surrogates; U+FFFE and U+FFFF. One of them makes real readers reject the whole feed.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
_C1 = re.compile(r"[\x80-\x9f]")
_WINDOWS_1252 = {
    code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)
}
# A comment or a tag. Sanitised HTML does not escape ">" inside attribute values, so quoted values
# are matched as a whole. A tag that never ends is matched too, without the group "closed": so the
# text is scanned once, however many tags it begins.
_TAG = re.compile(
    r"""(?P<comment><!--(?:-?>|(?:[^-]|-(?!->))*+(?:-->)?))"""
    r"""|<[A-Za-z/!?](?:[^<>"']|"[^"]*"|'[^']*')*+(?P<closed>>)?"""
)
_BLOCK_END = re.compile(
    r"</(?:address|aside|blockquote|caption|dd|details|div|dt|figcaption|figure|h[1-6]|li|p|pre"
    r"|section|summary|td|th|tr)>|<[bh]r\s*/?>"
)
# A code point has at most seven digits; Python is slow to read thousands of digits, or refuses to.
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9A-Fa-f]{8,});?")
_MAX_DISPLAYED = 500


def legal(text: str) -> str:
    """Drop every character that XML 1.0 forbids, lone surrogates included.

    Control characters from U+0080 on become what HTML takes them for (legal_bytes).
    """
    return legal_bytes(text).decode()


def legal_bytes(text: str) -> bytes:
    """Encode text in UTF-8 without the characters that XML 1.0 forbids.

    Control characters from U+0080 to U+009F, which it discourages, come from texts in windows-1252
    that were taken for Latin-1. They become what they are there (WHATWG HTML, section 13.2.5.80).
    """
    if not text.isascii() and _C1.search(text):
        text = text.translate(_WINDOWS_1252)
    for character in "\ufffe\uffff":
        if character in text:
            text = text.replace(character, "")
    return text.encode(errors="ignore").translate(None, _CONTROLS)


def one_line(text: str) -> str:
    """Drop illegal characters and replace every run of white space by one space."""
    return " ".join(legal(text).split())


def formula_proof(text: str) -> str:
    """Give text that no spreadsheet reads as a formula, for a cell (OWASP: CSV Injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def displayed(text: str) -> str:
    """Make untrusted text safe to show in a terminal or a log: one line of at most 500 characters.

    Control characters, which move the cursor or forge a line, and format characters, which change
    the direction of the text that follows, are removed.
    """
    visible = (
        " " if character == "\x85" else character  # a line end, in Latin-1
        for character in text[: 2 * _MAX_DISPLAYED]
        if character.isprintable() or character.isspace()
    )
    return shortened(one_line("".join(visible)), _MAX_DISPLAYED)


def plain(markup: str) -> str:
    """Convert HTML, sanitised or not, to text on one line; a tag that never ends stays as text."""
    # Imported here: its table of 2,231 names would slow the start of the functions that count.
    from html import unescape  # noqa: PLC0415

    text = _TAG.sub(_replacement_of, _BLOCK_END.sub(" ", markup))
    return one_line(unescape(_LONG_REFERENCE.sub("\ufffd", text)))


def paragraphs(markup: str) -> str:
    """Convert sanitised HTML to text, one line for each block."""
    parts = _BLOCK_END.split(markup)
    return "\n".join(words for words in map(plain, parts) if words)


def beginning(markup: str, limit: int) -> str:
    """Convert the beginning of sanitised HTML to text of at most limit characters.

    Where text is cut off, it ends in an ellipsis.
    """
    length = end = 0
    enough = limit + limit // 4
    for tag in _TAG.finditer(markup):
        if _replacement_of(tag):
            continue
        length += tag.start() - end
        end = tag.end()
        if length > enough:
            words = plain(markup[:end])
            if len(words) > limit:
                return shortened(words, limit)
            enough = 2 * length  # entities, or much white space
    return shortened(plain(markup), limit)


def _replacement_of(tag: re.Match[str]) -> str:
    return "" if tag["comment"] or tag["closed"] else tag[0]


def shortened(text: str, limit: int) -> str:
    """Cut text at the end of a word to at most limit characters, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:-") + "…"
