"""An article's HTML: what may stay, decided once, when it is published."""

import html
import re

import nh3

# The elements of running text. No script, style, form or frame: a feed carries this into readers.
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dfn", "div",
    "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small",
    "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr",
    "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "ol": {"start", "reversed"},
}
_SCHEMES = {"http", "https", "mailto"}


def sanitised(body: str) -> str:
    """Give HTML that is safe to show anywhere; plain text becomes paragraphs.

    Text without a tag or an entity is taken for plain text, whose blank lines part paragraphs.
    """
    if not nh3.is_html(body):
        paragraphs = (each.strip() for each in re.split(r"\n\s*\n", body))
        body = "\n".join(f"<p>{html.escape(each, quote=False)}</p>" for each in paragraphs if each)
    return nh3.clean(body, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
