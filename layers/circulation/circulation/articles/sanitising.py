"""Sanitise an article's HTML, once, when it is published.

The markup is repaired, parsed as browsers do (nh3, which is html5ever), put in the form in which
feed readers show it, and then cleaned by a list of what is allowed (nh3, which is ammonia). That
last step alone makes it safe; the steps before only decide what is left to show.
"""

import re
from urllib.parse import urldefrag

import nh3

from circulation.articles import embeds, formulas, pictures
from circulation.articles.fields import MAX_BODY_BYTES
from circulation.articles.markup_tree import Element, escape, parse, write
from circulation.articles.nesting import close_elements, is_heavy
from circulation.articles.paragraphs import (
    drop_empty,
    has_content,
    lift_blocks,
    part_paragraphs,
    part_text,
    shows,
)
from circulation.articles.repairing import is_markup, repair
from circulation.urls import address_or_none, escape_uri

# The elements of running text, without scripts, styles, forms and frames: feed readers show this.
_TAGS = {
    "a", "abbr", "address", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite",
    "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark",
    "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u",
    "ul", "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id", "lang", "dir", "title"},
    "a": {"href"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "pre": {"class"},
    "q": {"cite"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope", "abbr"},
    "time": {"datetime"},
    **dict.fromkeys(formulas.TAGS, formulas.ATTRIBUTES),
}
# Elements that are shown as another one is. What is on neither list is shown as its content.
_SHOWN_AS = {
    **dict.fromkeys(
        ("article", "center", "dialog", "fieldset", "footer", "form", "header", "hgroup", "legend",
         "main", "nav", "search"),
        "div",
    ),
    "acronym": "abbr", "dir": "ul", "menu": "ul", "strike": "s", "tt": "code",
}  # fmt: skip
_SEEN_TAGS = _TAGS | _SHOWN_AS.keys() | embeds.TAGS | pictures.TAGS | formulas.SEEN
_SEEN_ATTRIBUTES = {
    "align", "href", "style", *embeds.ATTRIBUTES, *pictures.ATTRIBUTES, *formulas.ATTRIBUTES,
    *(name for names in _ATTRIBUTES.values() for name in names),
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "sms", "tel"}
_ROUNDS = 3
# Addresses that are no web address but may be linked to: a mail address, a telephone number.
_CONTACT = re.compile(r"(mailto|sms|tel):", flags=re.IGNORECASE)
# The class by which a code block tells its language (WHATWG HTML, section 4.5.15).
_LANGUAGE_CLASS = re.compile(r"lang(?:uage)?-([\w+#.-]{1,40})")
_ALIGN = re.compile(r"text-align:\s*+(left|center|right)", flags=re.IGNORECASE)


def sanitise(body: str, url: str) -> str:
    """Make HTML safe to show anywhere, in paragraphs, with absolute addresses only.

    Relative addresses are resolved against url, the article's own web address; invalid ones are
    removed, and of images without one the alternative text stays. A body without a tag of HTML's or
    a character reference is plain text. Where no element separates paragraphs, blank lines do.
    Sanitising it again changes nothing.

    Raises ValueError, with a reason that completes a sentence after the field's name, for markup
    that nests too deep or would grow beyond the limits.
    """
    if not is_markup(body):
        if len(escape(body)) > MAX_BODY_BYTES:  # escaping makes it up to five times as long
            raise ValueError(f"must be at most {MAX_BODY_BYTES} bytes long as HTML")
        return part_text(body)
    markup = repair(body)
    if is_heavy(markup):
        markup = close_elements(markup)
    root = parse(
        nh3.clean(
            markup,
            tags=_SEEN_TAGS,
            clean_content_tags=set(),
            attributes={"*": _SEEN_ATTRIBUTES},
            url_schemes=_SCHEMES,
            link_rel=None,
        )
    )
    embeds.show_embeds(root, url)
    pictures.find_pictures(root, url)
    _simplify(root, url)
    _drop_other_ids(root, url)
    return _write_safely(root)


def _write_safely(root: Element) -> str:
    """Write what shows anything as safe HTML, so that a parser makes the same of it again.

    An element that went may have stood between two that HTML does not have in each other, as a
    heading in a heading. A parser parts them, and what that leaves is put in order once more.
    """
    clean = ""
    for _ in range(_ROUNDS):
        lift_blocks(root)
        drop_empty(root)
        if not shows(root):
            return ""
        part_paragraphs(root)
        written = write(root).strip()
        clean = nh3.clean(
            written,
            tags=_TAGS | formulas.TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            url_relative="deny",
            link_rel=None,
        )
        if clean == written:
            break
        root = parse(clean)
    return clean


def _drop_other_ids(root: Element, url: str) -> None:
    """Drop the ids to which no link in the body leads, as those of footnotes are led to.

    An id can be seen by the scripts of a page that shows the body, so those of no use go.
    """
    page, _ = urldefrag(url)
    linked = set()
    for link in root.find("a"):
        address, fragment = urldefrag(link.get("href"))
        if address == page and has_content(link):
            linked.add(fragment)
    for node in root.walk():
        if isinstance(node, Element) and node.attributes.get("id") not in linked - {""}:
            node.attributes.pop("id", None)
    _unwrap_bare_links(root)


def _unwrap_bare_links(parent: Element) -> None:
    """Leave of a link that has lost its only attribute, an id, what it holds."""
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, Element):
            _unwrap_bare_links(child)
            if child.name == "a" and not child.attributes:
                children += child.children
                continue
        children.append(child)
    parent.children = children


def _simplify(parent: Element, url: str, *, in_link: bool = False) -> None:
    """Reduce the elements in an element to those that are allowed, with valid addresses."""
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str):
            children.append(child)
            continue
        if child.name == "math":
            formulas.simplify_formula(child)
            children.append(child)
            continue
        child.name = _SHOWN_AS.get(child.name, child.name)
        _simplify(child, url, in_link=in_link or child.name == "a")
        child.attributes = _attributes_of(child, url)
        is_link = child.name == "a"
        if child.name not in _TAGS or (is_link and (in_link or not child.attributes)):
            children += child.children
        else:
            children.append(child)
    parent.children = children


def _attributes_of(element: Element, url: str) -> dict[str, str]:
    """Give the attributes that stay, with their addresses in normal form."""
    allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(element.name, set())
    attributes = {}
    for name, value in element.attributes.items():
        if name not in allowed:
            continue
        match name:
            case "href" | "src" | "cite":
                new = _address(value, url)
            case "class":
                languages = map(_LANGUAGE_CLASS.fullmatch, value.split())
                new = next((f"language-{match[1]}" for match in languages if match), None)
            case "align":
                new = value.lower() if value.lower() in ("left", "center", "right") else None
            case _:
                new = value
        if new is not None:
            attributes[name] = new
    if "align" in allowed and (match := _ALIGN.search(element.get("style"))):
        attributes["align"] = match[1].lower()
    return attributes


def _address(value: str, url: str) -> str | None:
    """Give the normal form of an address; None if it is invalid."""
    address = value.strip()
    if contact := _CONTACT.match(address):
        scheme, rest = contact[1].lower(), address[contact.end() :].strip()
        # A telephone number may be written with spaces (RFC 3966, section 5.1.1: not in a URI).
        rest = rest if scheme == "mailto" else "".join(rest.split())
        return f"{scheme}:{escape_uri(rest)}" if rest else None
    return address_or_none(address, url) if address else None
