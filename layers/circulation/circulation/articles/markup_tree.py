"""Markup as a tree, of what the sanitiser's parser wrote: balanced and quoted without exception."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from circulation.articles.tokens import VOID, write_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 256
"""Elements in one another at most."""

_PART = re.compile(r"""<(/?)([^\s<>/]++)((?: [^\s<>="]++="[^"]*+")*+)>|[^<]++|<""")
_ATTRIBUTE = re.compile(r""" ([^\s<>="]++)="([^"]*+)\"""")


@dataclass(slots=True, eq=False)
class Element:
    """An element; its text is HTML, escaped, and the values of its attributes are not."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Give an attribute's value without white space around it; empty if there is none."""
        return self.attributes.get(name, "").strip()

    def walk(self) -> Iterator[Element | str]:
        """Give the elements and the texts in it, in their order."""
        stack = self.children[::-1]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Element):
                stack += node.children[::-1]

    def find(self, *names: str) -> Iterator[Element]:
        """Give the elements of these names in it, in their order."""
        return (node for node in self.walk() if isinstance(node, Element) and node.name in names)

    def text(self) -> str:
        """Give the text in it, as HTML."""
        return "".join(node for node in self.walk() if isinstance(node, str))


def parse(markup: str) -> Element:
    """Parse markup to a tree whose root has no name.

    Raises ValueError, with a reason that completes a sentence after the field's name, for markup
    that nests too deep.
    """
    root = Element("")
    open_elements = [root]
    for part in _PART.finditer(markup):
        end, name, attributes = part.groups()
        if name is None:
            open_elements[-1].children.append("&lt;" if part[0] == "<" else part[0])
        elif end:
            if len(open_elements) > 1:
                open_elements.pop()
        else:
            values = {key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}
            element = Element(name, values)
            open_elements[-1].children.append(element)
            if name not in VOID:
                if len(open_elements) > MAX_DEPTH:
                    raise ValueError(f"must nest its elements at most {MAX_DEPTH} deep")
                open_elements.append(element)
    return root


def write(element: Element) -> str:
    """Write the content of an element."""
    return "".join(_write(element))


def _write(element: Element) -> Iterator[str]:
    stack = element.children[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        else:
            yield write_tag(node.name, _escaped(node.attributes))
            if node.name not in VOID:
                stack += [f"</{node.name}>", *node.children[::-1]]


def _escaped(attributes: dict[str, str]) -> dict[str, str]:
    return {name: value.replace("&", "&amp;") for name, value in attributes.items()}


def escape(text: str) -> str:
    """Write plain text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
