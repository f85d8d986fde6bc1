"""Read a large XML file element by element; a malformed one as far as it can be read."""

import codecs
import re
from collections.abc import Collection, Iterator
from html.entities import html5
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from circulation.importing.documents import check_xml
from circulation.text import legal_bytes

_HEAD = 256
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9_.-]+)""")
_UTF_8 = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
# References to characters that XML 1.0 forbids (section 2.2), such as &#x10;.
_FORBIDDEN = re.compile(
    r"&#(?:0*+(?:[1-8]|1[124-9]|2[0-9]|3[01])?"
    r"|[xX]0*+(?:[1-8bcefBCEF]|1[0-9A-Fa-f]|[dD][89A-Fa-f][0-9A-Fa-f]{2}|[fF]{3}[eEfF])?);"
)
# Names that HTML knows and XML does not, such as &nbsp;: they would be left out.
_ENTITY = re.compile(r"&[A-Za-z][A-Za-z0-9]{1,31};")
_REFERENCE_LENGTH = 40
_ROOTS = {"channel", "feed"}


class _LegalFile:
    """A binary file in UTF-8 without what XML forbids: one control character ends the parsing.

    Bytes that are no UTF-8 are replaced by U+FFFD, and HTML's names of characters by these. A file
    in another encoding stays as it is.
    """

    def __init__(self, file: BinaryIO) -> None:
        head = file.read(_HEAD)
        file.seek(0)
        declared = _ENCODING.match(head.removeprefix(codecs.BOM_UTF8))
        is_wide = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in head[:4]
        self._is_utf_8 = not is_wide and (not declared or declared[1].lower() in _UTF_8)
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def read(self, size: int = -1) -> bytes:
        if not self._is_utf_8:
            return self._file.read(size)
        while True:
            block = self._file.read(size)
            text = self._rest + self._decoder.decode(block, final=not block)
            # A reference may stand across the end of the block.
            cut = text.rfind("&", max(0, len(text) - _REFERENCE_LENGTH)) if block else -1
            text, self._rest = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
            content = legal_bytes(_ENTITY.sub(_character_of, _FORBIDDEN.sub("", text)))
            if content or not block:
                return content


def _character_of(entity: re.Match[str]) -> str:
    characters = html5.get(entity[0][1:], entity[0])
    return entity[0] if set(characters) & set("&<>\"'") else characters


def read_elements(
    path: Path, name: str, faults: list[str], fields: Collection[str] = ()
) -> Iterator[etree._Element]:
    """Give every element of a name, and the channel's or feed's own fields, when they are complete.

    Then they are emptied. A file that ends inside elements gives them too. Parsing errors are added
    to faults, different ones, at most three of them and the one that ended the parsing: text or
    nesting beyond libxml2's own limits.
    Raises SourceError for XML that declares entities (documents.check_xml).
    """
    with path.open("rb") as file:
        check_xml(file)
        file.seek(0)
        context = etree.iterparse(
            _LegalFile(file),
            events=("end",),
            recover=True,
            huge_tree=False,
            no_network=True,
            load_dtd=False,
            resolve_entities=False,
        )
        try:
            for _, element in context:
                parent, found = element.getparent(), name_of(element)
                if parent is None or not (
                    found == name or (found in fields and name_of(parent) in _ROOTS)
                ):
                    continue
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            faults.append(str(error))
        lines = dict.fromkeys(f"line {error.line}: {error.message}" for error in context.error_log)
        faults += [line for line in lines if line not in faults][:3]


def ends_inside(path: Path, name: str) -> bool:
    """Tell whether a file ends before its last element of this name does."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return content.rfind(f"<{name}".encode()) > content.rfind(f"</{name}".encode())


def name_of(element: etree._Element) -> str:
    """Give an element's name without its prefix, declared or not; empty for a comment."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def text_of(element: etree._Element) -> str:
    """Give an element's text, with that of elements inside it and without comments."""
    parts = [element.text or ""]
    for part in element:
        if isinstance(part.tag, str):
            parts.extend(text for text in part.itertext() if isinstance(text, str))
        parts.append(part.tail or "")
    return "".join(parts)
