"""Find the addresses of pictures, also of those that a script would load later.

Sites write an image without its address, or with that of a placeholder, and a script puts in the
real one when the reader comes near. The address stands in another attribute, in a list of sizes
(srcset), in the <source> elements of a <picture>, or in the image that stands in a <noscript>.
"""

import re

from circulation.articles.markup_tree import Element, escape
from circulation.urls import address_or_none

TAGS = {"img", "picture", "source", "x-noscript"}
"""The elements that this module needs to see."""

# Attributes of the libraries that load images late (lazysizes, WP Rocket, Jetpack, a3 Lazy Load,
# LiteSpeed, Medium's and others'): lists of sizes, and single addresses.
_LAZY_LISTS = ("data-srcset", "data-lazy-srcset", "data-original-set", "data-bgset")
_LAZY = (
    "data-orig-file", "data-src", "data-lazy-src", "data-original", "data-lazy", "data-hi-res-src",
    "data-full-src", "data-actualsrc", "data-echo",
)  # fmt: skip
ATTRIBUTES = {"alt", "height", "src", "srcset", "width", *_LAZY, *_LAZY_LISTS}
"""The attributes that this module needs to see."""
_ADDRESS = re.compile(r"[\s,]*+(\S++)")
_DESCRIPTOR = re.compile(r"[^,]*+")
_SIZE = re.compile(r"\s*+([0-9]++(?:\.[0-9]++)?)[wx]")


def find_pictures(root: Element, url: str) -> None:
    """Give every image in an element the address of its picture; url is the article's own address.

    An image without an address becomes its alternative text. Of the content of a <noscript>, an
    image stays if the image before it is not the same, and links stay.
    """
    _find_in(root, url, ())


def find_picture(image: Element, url: str, sources: tuple[Element, ...] = ()) -> str:
    """Give the address of an image's picture, the largest if there are several; or nothing.

    Sources are the <source> elements beside it. An address in src is the picture, unless another
    attribute says that it is a placeholder.
    """
    late = [_largest(image.get(name)) for name in _LAZY_LISTS] + [image.get(name) for name in _LAZY]
    late += [_largest(source.get(name)) for source in sources for name in _LAZY_LISTS]
    other = [_largest(image.get("srcset")), *(_largest(source.get("srcset")) for source in sources)]
    for reference in (*late, image.get("src"), *other):
        if reference and (address := address_or_none(reference, url)):
            return address
    return ""


def _find_in(parent: Element, url: str, sources: tuple[Element, ...]) -> None:
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str):
            children.append(child)
        elif child.name == "img":
            children += _resolve(child, url, sources)
        elif child.name == "picture":
            # One that is never closed has the rest of the article in it.
            _find_in(child, url, tuple(child.find("source")))
            children += [node for node in child.children if not _is_blank(node)]
        elif child.name == "x-noscript":
            _find_in(child, url, sources)
            _drop_repeated(child, children)
            children += child.children
        elif child.name != "source":
            _find_in(child, url, sources)
            children.append(child)
    parent.children = children


def _resolve(image: Element, url: str, sources: tuple[Element, ...]) -> list[Element | str]:
    address = find_picture(image, url, sources)
    if not address:
        text = escape(image.get("alt"))
        return [f" {text} "] if text else []
    image.attributes["src"] = address
    return [image]


def _drop_repeated(fallback: Element, before: list[Element | str]) -> None:
    """Leave of a <noscript> only what a reader lacks: images that do not stand before, links."""
    images = list(fallback.find("img"))
    if not images:
        if not any(fallback.find("a", "figure")):
            fallback.children = []
        return
    if any(image.get("width") in ("0", "1") for image in images):  # a tracking pixel
        fallback.children = []
        return
    previous = next((node for node in reversed(before) if not _is_blank(node)), None)
    if isinstance(previous, Element):
        has_image = previous.name == "img" or any(previous.find("img"))
        if has_image:
            fallback.children = []


def _is_blank(node: Element | str) -> bool:
    return isinstance(node, str) and not node.replace("&nbsp;", " ").strip()


def _largest(candidates: str) -> str:
    """Give the largest image of a srcset (WHATWG HTML, section 4.8.4.2.1)."""
    best, largest, place = "", -1.0, 0
    while match := _ADDRESS.match(candidates, place):
        address, place = match[1], match.end()
        size = 1.0
        if not address.endswith(","):
            descriptor = _DESCRIPTOR.match(candidates, place)
            assert descriptor  # noqa: S101  the pattern matches any text
            place = descriptor.end()
            number = _SIZE.match(descriptor[0])
            size = float(number[1]) if number else 1.0
        if size > largest:
            best, largest = address.rstrip(","), size
    return best
