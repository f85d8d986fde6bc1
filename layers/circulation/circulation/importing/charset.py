"""Decode a page as a browser does (HTML, "Determining the character encoding").

https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
"""

import codecs
import re

_PRESCAN = 1024
"""Bytes at the beginning of a page in which a declaration of its encoding counts."""
_FALLBACK = "windows-1252"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMENT = re.compile(rb"<!--(?:[^-]|-(?!->))*+(?:-->)?")
_DECLARATION = re.compile(
    rb"""<meta[\s/][^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)""", flags=re.IGNORECASE
)
# Labels that Python does not know, and encodings that are another one on the web: the superset
# that browsers decode, or UTF-8, as who can read a declaration reads no UTF-16.
# https://encoding.spec.whatwg.org/#names-and-labels
_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "windows-949": "cp949",
    "x-euc-jp": "euc-jp",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso-8859-8",
    "dos-874": "cp874",
}
_ON_THE_WEB = {
    "cp1252": "windows-1252",
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "utf-32": "utf-8",
    "utf-7": "utf-8",
}


def decode_page(content: bytes, *, is_html: bool) -> str:
    """Decode by the byte order mark, else by an HTML page's own declaration, else by what fits.

    Without either it is UTF-8 if it is valid as such, else windows-1252. Bytes that are none of the
    encoding's become U+FFFD. Line ends become line feeds.
    """
    marked = next((pair for pair in _MARKS if content.startswith(pair[0])), None)
    if marked:
        text = content[len(marked[0]) :].decode(marked[1], errors="replace")
    elif is_html and (declared := _declared_encoding(content)):
        text = _decode(content, declared)
    else:
        try:
            text = content.decode()
        except ValueError:
            text = _decode(content, _FALLBACK)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared_encoding(content: bytes) -> str:
    declaration = _DECLARATION.search(_COMMENT.sub(b"", content[:_PRESCAN]))
    if not declaration:
        return ""
    label = declaration[1].decode("ascii", errors="replace").lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
        b"x".decode(name)  # not one that makes no text of bytes, such as rot13
    except (LookupError, ValueError, TypeError):
        return ""
    return _ON_THE_WEB.get(name, name)


def _decode(content: bytes, encoding: str) -> str:
    if encoding == _FALLBACK:
        # The five bytes that windows-1252 leaves open are control characters, which are dropped.
        text = content.decode("cp1252", errors="surrogateescape")
        return re.sub(r"[\udc80-\udcff]", "", text)
    return content.decode(encoding, errors="replace")
