"""An article's HTML: what may stay, decided once, when it is published."""

import html
import re

import nh3

from circulation.articles.fields import MAX_BODY_BYTES
from circulation.articles.nesting import is_heavy, nested
from circulation.urls import address_or_none

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
# Elements that part paragraphs by themselves; text without any is parted by its blank lines.
_BLOCK = re.compile(
    r"<(?:blockquote|dl|div|figure|h[1-6]|hr|ol|p|pre|table|ul)\b", flags=re.IGNORECASE
)
_SCHEMES = {"http", "https", "mailto"}
_MAIL = re.compile(r"\s*mailto:", flags=re.IGNORECASE)
_ADDRESSES = {"href", "src"}
# What goes with all that is in it; of other elements that may not stay the text does.
_REMOVED = {
    "audio", "button", "canvas", "embed", "form", "frameset", "iframe", "map", "math", "noembed",
    "noframes", "noscript", "object", "script", "select", "style", "svg", "template", "textarea",
    "title", "video",
}  # fmt: skip
# An image whose address went; nh3 writes every attribute with a value in double quotes.
_NO_IMAGE = re.compile(r'<img(?: (?!src=)[a-z]+="[^"]*")*>')


def sanitised(body: str, url: str) -> str:
    """Give HTML that is safe to show anywhere, in paragraphs, with absolute addresses alone.

    What is relative is found from the article's own address, which is a web address; what is none
    itself is left out, and an image with it. Text without a tag or an entity is taken for plain
    text. Where no element parts paragraphs, blank lines do, as in plain text and in what WordPress
    keeps of a post.

    Raises ValueError, in words that follow the name of what holds the body, for markup that would
    grow beyond measure.
    """
    if not nh3.is_html(body):
        body = html.escape(body, quote=False)
        if len(body) > MAX_BODY_BYTES:  # five times as long, perhaps, and none of it can go
            raise ValueError(f"must be at most {MAX_BODY_BYTES} bytes long as HTML")
    elif is_heavy(body):
        body = nested(body)

    def addressed(_element: str, attribute: str, value: str) -> str | None:
        if attribute not in _ADDRESSES or (attribute == "href" and _MAIL.match(value)):
            return value
        return address_or_none(value, url)

    clean = nh3.clean(
        body,
        tags=_TAGS,
        clean_content_tags=_REMOVED,
        attributes=_ATTRIBUTES,
        attribute_filter=addressed,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", url),
        link_rel=None,
    )
    clean = _NO_IMAGE.sub("", clean)
    if _BLOCK.search(clean):
        return clean
    # A line of spaces that do not break is as blank as any; nh3 writes them as entities.
    text = clean.replace("&nbsp;", "\u00a0")
    paragraphs = (each.strip() for each in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{each}</p>" for each in paragraphs if each).replace("\u00a0", "&nbsp;")
