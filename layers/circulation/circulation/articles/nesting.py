"""Close every element in markup, so that a parser does not turn it into far more.

By HTML's rules for unclosed elements (WHATWG HTML, section 13.2.6), an element that was not closed
is looked at again at each one that follows, and formatting that was not closed is opened again in
every block: 34 kB become 100 MB. So where there is much markup, it is rewritten first with every
element closed in its parent, within limits.
"""

import re
from collections.abc import Collection, Iterator

from circulation.articles.markup_tree import MAX_DEPTH
from circulation.articles.tokens import TOKEN, VOID, read_attributes, write_tag

MAX_TAGS = 2_000
"""Up to this many tags are little work for a parser, however they are nested."""
MAX_REOPENED = 200_000
"""Formatting elements, each counted once for every tag inside it."""

_FORMATTING = frozenset(
    "a b big code em font i nobr s small strike strong tt u".split()  # noqa: SIM905  fits a line
)
_FORMATTING_TAG = re.compile(rf"<(?:{'|'.join(sorted(_FORMATTING))})[\s/>]", flags=re.IGNORECASE)
_PARTS_OF_TABLES = frozenset({
    "caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr",
})  # fmt: skip
_LOOSE = frozenset({"address", "div", "p"})
_BLOCKS = frozenset({
    *_PARTS_OF_TABLES, *_LOOSE, "article", "aside", "blockquote", "button", "center", "dd",
    "details", "dialog", "dir", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "listing", "main", "menu",
    "nav", "object", "ol", "pre", "search", "section", "summary", "table", "ul",
})  # fmt: skip
# The elements that a start tag closes, and those that it does not look beyond (section 13.2.6.4).
_ROWS = ({"caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"}, {"table"})
_CELLS = ({"td", "th"}, {"table"})
_TERMS = ({"dd", "dt"}, _BLOCKS - _LOOSE - {"dd", "dt"})
_READINGS = ({"rp", "rt"}, _BLOCKS | {"ruby"})
_CLOSED_BY: dict[str, tuple[Collection[str], Collection[str]]] = {
    **dict.fromkeys(_BLOCKS - _PARTS_OF_TABLES, ({"p"}, _BLOCKS - {"p"})),
    **dict.fromkeys(_PARTS_OF_TABLES, _ROWS),
    "a": ({"a"}, _BLOCKS),
    "dd": _TERMS,
    "dt": _TERMS,
    "li": ({"li"}, _BLOCKS - _LOOSE - {"li"}),
    "rp": _READINGS,
    "rt": _READINGS,
    "td": _CELLS,
    "th": _CELLS,
    "tr": ({"td", "th", "tr"}, {"table"}),
}


def is_heavy(markup: str) -> bool:
    """Say whether a parser might make much more of markup than it is."""
    tags = markup.count("<")
    return tags > MAX_TAGS or tags * len(_FORMATTING_TAG.findall(markup)) > MAX_REOPENED


def close_elements(markup: str) -> str:
    """Rewrite repaired markup with every element closed in its parent, much as browsers read it.

    Raises ValueError with a reason that completes a sentence after the field's name.
    """
    return "".join(_Writer().write(markup))


class _Writer:
    """Writes markup tag by tag and tracks the open elements."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._formatting = 0
        self._reopened = 0

    def write(self, markup: str) -> Iterator[str]:
        for token in TOKEN.finditer(markup):
            name = (token["name"] or "").lower()
            if token["text"]:
                yield token["text"]
            elif token[0] == "<":
                yield "&lt;"
            elif name and token["end"]:
                yield from self._write_end(name)
            elif name:
                yield from self._write_start(name, token["attributes"])
        yield from self._close(0)

    def _write_start(self, name: str, attributes: str) -> Iterator[str]:
        names, barriers = _CLOSED_BY.get(name, ((), ()))
        if names:
            yield from self._close(min(self._find_open(names, barriers), default=len(self._open)))
        yield write_tag(name, read_attributes(attributes))
        self._reopened += self._formatting
        if self._reopened > MAX_REOPENED:
            raise ValueError("must close its formatting: too much of it stands open for too long")
        if name in VOID:
            return
        if len(self._open) == MAX_DEPTH:
            raise ValueError(f"must nest its elements at most {MAX_DEPTH} deep")
        self._open.append(name)
        self._formatting += name in _FORMATTING

    def _write_end(self, name: str) -> Iterator[str]:
        """Close an element and those open in it; inline ones in a block, blocks in a cell."""
        if name in _PARTS_OF_TABLES or name == "table":
            barriers: Collection[str] = {"table"}
        else:
            barriers = _PARTS_OF_TABLES if name in _BLOCKS else _BLOCKS
        yield from self._close(next(self._find_open({name}, barriers), len(self._open)))

    def _find_open(self, names: Collection[str], barriers: Collection[str]) -> Iterator[int]:
        """Give the positions of open elements of these names, innermost first, up to a barrier."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] in names:
                yield place
            elif self._open[place] in barriers:
                return

    def _close(self, place: int) -> Iterator[str]:
        while len(self._open) > place:
            name = self._open.pop()
            self._formatting -= name in _FORMATTING
            yield f"</{name}>"
