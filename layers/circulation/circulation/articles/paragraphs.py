"""Paragraphs: text without an element around it is parted by blank lines, as in plain text."""

import re
from itertools import groupby

from circulation.articles.markup_tree import Element, escape

BLOCKS = {
    "address", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table",
    "ul",
}  # fmt: skip
"""Elements that stand on lines of their own, of those that articles may have."""
_CONTAINERS = {"aside", "blockquote", "details", "div", "section"}
_SHOWN = {"hr", "img", "math"}
_MAY_BE_EMPTY = {"br", "col", "hr", "img", "li", "math", "td", "th", "wbr"}
_BLANK_LINES = re.compile(r"\n(?:\s|&nbsp;)*\n")


def part_text(text: str) -> str:
    """Write plain text as HTML: blank lines part its paragraphs."""
    return "\n".join(
        f"<p>{escape(paragraph.strip())}</p>"
        for paragraph in re.split(r"\n\s*\n", re.sub(r"\r\n?", "\n", text))
        if paragraph.strip()
    )


def lift_blocks(parent: Element) -> None:
    """Take blocks out of paragraphs, where HTML has none: the paragraph is parted there."""
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str):
            children.append(child)
            continue
        lift_blocks(child)
        children += _part(child) if child.name == "p" else [child]
    parent.children = children


def drop_empty(parent: Element) -> None:
    """Drop elements that show nothing.

    The white space in them stays, as it parts words, and so does a block beside text.
    """
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str) or child.name in _MAY_BE_EMPTY:
            children.append(child)
            if isinstance(child, Element) and child.name != "math":
                drop_empty(child)
            continue
        drop_empty(child)
        if child.name == "pre":
            _drop_first_lines(child)
        if "id" in child.attributes or shows(child):
            children.append(child)
        elif child.name not in BLOCKS:
            children += child.children
        elif children and not (isinstance(children[-1], Element) and _is_block(children[-1])):
            children.append("\n\n")
    parent.children = _join_texts(children)


def part_paragraphs(root: Element) -> None:
    """Put text that stands in no block into paragraphs, parted by blank lines.

    That is done at the top of an article, and in the elements that hold paragraphs if there is a
    blank line in them.
    """
    for element in root.find(*_CONTAINERS):
        if any(isinstance(child, str) and _BLANK_LINES.search(child) for child in element.children):
            _part_in(element)
    _part_in(root)


def _join_texts(nodes: list[Element | str]) -> list[Element | str]:
    """Join texts that follow each other, so that a blank line between them is found."""
    joined: list[Element | str] = []
    for is_text, group in groupby(nodes, lambda node: isinstance(node, str)):
        run = list(group)
        joined += ["".join(map(str, run))] if is_text else run
    return joined


def _drop_first_lines(element: Element) -> None:
    """Drop line ends at the start of preformatted text, of which a parser would drop one."""
    children = element.children
    while children and isinstance(children[0], str):
        children[0] = text = children[0].lstrip("\n")
        if text:
            break
        del children[0]


def _part_in(parent: Element) -> None:
    children: list[Element | str] = []
    run: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, Element) and _is_block(child):
            children += [*_paragraphs_of(run), child]
            run = []
        else:
            run.append(child)
    parent.children = [*children, *_paragraphs_of(run)]


def _paragraphs_of(run: list[Element | str]) -> list[Element | str]:
    """Make paragraphs of nodes without a block; white space alone stays as it is."""
    if not any(isinstance(node, Element) or _has_words(node) for node in run):
        return run
    paragraphs = [Element("p")]
    for node in run:
        if isinstance(node, Element):
            paragraphs[-1].children.append(node)
            continue
        first, *others = _BLANK_LINES.split(node)
        paragraphs[-1].children.append(first)
        paragraphs += [Element("p", {}, [text]) for text in others]
    nodes: list[Element | str] = []
    for paragraph in paragraphs:
        _strip(paragraph)
        if shows(paragraph):
            nodes += [paragraph, "\n"]
    return nodes[:-1]


def _strip(paragraph: Element) -> None:
    """Remove white space and empty lines at the ends of a paragraph."""
    children = paragraph.children
    for end in (0, -1):
        while children:
            node = children[end]
            if isinstance(node, Element):
                if node.name != "br":
                    break
                del children[end]
                continue
            children[end] = text = node.lstrip() if end == 0 else node.rstrip()
            if text:
                break
            del children[end]


def _part(paragraph: Element) -> list[Element | str]:
    """Part an element at the blocks in it; the parts have its name and attributes."""
    if not any(isinstance(child, Element) and _is_block(child) for child in paragraph.children):
        return [paragraph]
    parts: list[Element | str] = []
    run: list[Element | str] = []

    def end_run() -> None:
        if run:
            parts.append(Element(paragraph.name, dict(paragraph.attributes), run.copy()))
            run.clear()

    for child in paragraph.children:
        pieces = [child] if isinstance(child, str) or child.name in BLOCKS else _part(child)
        for piece in pieces:
            if isinstance(piece, Element) and piece.name in BLOCKS:
                end_run()
                parts.append(piece)
            else:
                run.append(piece)
    end_run()
    return parts


def _is_block(element: Element) -> bool:
    return element.name in BLOCKS or any(True for _ in element.find(*BLOCKS))


def has_content(element: Element) -> bool:
    """Say whether an element shows anything: words, a picture, a formula."""
    return any(
        _has_words(node) if isinstance(node, str) else node.name in _SHOWN
        for node in element.walk()
    )


def shows(element: Element) -> bool:
    """Say whether an element shows anything, or is a place to which a link leads."""
    return has_content(element) or any(
        isinstance(node, Element) and "id" in node.attributes for node in element.walk()
    )


def _has_words(text: str) -> bool:
    return bool(text.replace("&nbsp;", " ").strip())
