"""The tokens of HTML as it is written: tags, text and comments (WHATWG HTML, section 13.2.5)."""

import re

# A comment, text, or a tag with its slash, name and attributes. The quantifiers are possessive, so
# that markup is scanned once.
TOKEN = re.compile(
    r"""(?P<comment><!--(?:-?>|(?:[^-]|-(?!->))*+(?:-->)?))"""
    r"""|(?P<text>[^<]++)"""
    r"""|<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)"""
    r"""(?P<attributes>(?:[^>=]|=\s*+(?:"[^"]*+"|'[^']*+')?)*+)>?"""
    r"""|<[!?/][^>]*+>?"""
    r"""|<"""
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]++)))?""")
VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "image", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
"""Elements that have no content and no end tag."""


def read_attributes(text: str) -> dict[str, str]:
    """Read the attributes of a tag, their values as they are written; the first of a name counts.

    One without a value has an empty one.
    """
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        name, *values = match.groups()
        value = next((group for group in values if group is not None), "")
        attributes.setdefault(name.lower(), value)
    return attributes


def write_tag(name: str, attributes: dict[str, str]) -> str:
    """Write a start tag; values are as read_attributes gives them."""
    written = "".join(
        f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in attributes.items()
    )
    return f"<{name}{written}>"
