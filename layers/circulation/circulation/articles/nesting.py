"""Markup whose elements nest: what a parser makes of it is no larger than it is itself.

HTML's own rules mend whatever was left open (WHATWG HTML, section 13.2.6): an element that was not
closed is looked at again by each one that follows, and formatting that was not closed is opened
again in every block. So 34 kB become 100 MB. Where there is much markup, it is therefore written
out first with every element closed in its parent, within bounds.
"""

import re
from collections.abc import Collection, Iterator

MAX_DEPTH = 256
MAX_TAGS = 2_000
"""As many are little work for any parser, however they stand."""
MAX_REOPENED = 200_000
"""Of formatting elements, each counted at every tag that stands within it."""

# A comment, text, or a tag with its slash, name and attributes (WHATWG HTML, section 13.2.5). Each
# takes as much as it can and gives none of it back, so that markup is looked at once.
_TOKEN = re.compile(
    r"""<!--(?:-?>|(?:[^-]|-(?!->))*+(?:-->)?)"""
    r"""|(?P<text>[^<]++)"""
    r"""|<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)"""
    r"""(?P<attributes>(?:[^>=]|=\s*+(?:"[^"]*+"|'[^']*+')?)*+)>?"""
    r"""|<[!?/][^>]*+>?"""
    r"""|<"""
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]++)))?""")
_FORMATTING = frozenset(
    "a b big code em font i nobr s small strike strong tt u".split()  # noqa: SIM905  fits a line
)
_FORMATTING_TAG = re.compile(rf"<(?:{'|'.join(sorted(_FORMATTING))})[\s/>]", flags=re.IGNORECASE)
_VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "image", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
# What is in these is no markup of an article, and goes with them. Of a whole page's elements the
# tags go alone.
_LEFT_OUT = {
    name: re.compile(rf"</{name}[\s/>]", flags=re.IGNORECASE)
    for name in (
        "iframe", "math", "noembed", "noframes", "noscript", "plaintext", "script", "select",
        "style", "svg", "template", "textarea", "title", "xmp",
    )
}  # fmt: skip
_OF_PAGES = frozenset({"body", "frame", "frameset", "head", "html"})
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
# What a start tag closes, and what in its way keeps it from that (section 13.2.6.4).
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
    """Tell whether a parser might make much more of markup than there is of it."""
    tags = markup.count("<")
    return tags > MAX_TAGS or tags * len(_FORMATTING_TAG.findall(markup)) > MAX_REOPENED


def nested(markup: str) -> str:
    """Write markup with every element closed in its parent, much as browsers understand it.

    Raises ValueError in words that follow the name of what holds it.
    """
    return "".join(_Writer().written(markup))


class _Writer:
    """Writes markup tag by tag, and knows what stands open."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._formatting = 0
        self._reopened = 0

    def written(self, markup: str) -> Iterator[str]:
        place = 0
        while token := _TOKEN.match(markup, place):
            place = token.end()
            name = (token["name"] or "").lower()
            if token["text"]:
                yield token["text"]
            elif token[0] == "<":
                yield "&lt;"
            elif name in _LEFT_OUT:
                if not token["end"] and not _is_empty(name, token["attributes"]):
                    end = _LEFT_OUT[name].search(markup, place)
                    place = end.start() if end else len(markup)
            elif name in _OF_PAGES or not name:
                continue
            elif token["end"]:
                yield from self._end(name)
            else:
                yield from self._start(name, token["attributes"])
        yield from self._close(0)

    def _start(self, name: str, attributes: str) -> Iterator[str]:
        names, barriers = _CLOSED_BY.get(name, ((), ()))
        if names:
            yield from self._close(min(self._places(names, barriers), default=len(self._open)))
        yield f"<{name}{''.join(map(_attribute, _ATTRIBUTE.finditer(attributes)))}>"
        self._reopened += self._formatting
        if self._reopened > MAX_REOPENED:
            raise ValueError("must close its formatting: too much of it stands open for too long")
        if name in _VOID:
            return
        if len(self._open) == MAX_DEPTH:
            raise ValueError(f"must nest its elements at most {MAX_DEPTH} deep")
        self._open.append(name)
        self._formatting += name in _FORMATTING

    def _end(self, name: str) -> Iterator[str]:
        """Close an element and what is open in it; words end in their block, blocks in a cell."""
        if name in _PARTS_OF_TABLES or name == "table":
            barriers: Collection[str] = {"table"}
        else:
            barriers = _PARTS_OF_TABLES if name in _BLOCKS else _BLOCKS
        yield from self._close(next(self._places({name}, barriers), len(self._open)))

    def _places(self, names: Collection[str], barriers: Collection[str]) -> Iterator[int]:
        """Find open elements, the innermost first, up to one that is in the way."""
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


def _attribute(found: re.Match[str]) -> str:
    name, *values = found.groups()
    value = next((each for each in values if each is not None), None)
    return f" {name}" if value is None else f' {name}="{value.replace(chr(34), "&quot;")}"'


def _is_empty(name: str, attributes: str) -> bool:
    """Tell whether an element is written as one that holds nothing (section 13.2.6.5)."""
    return name in ("math", "svg") and attributes.endswith("/")
