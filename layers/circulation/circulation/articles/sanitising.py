"""Sanitise an article's HTML, once, when it is published."""

import html
import re

import nh3

from circulation.articles.fields import MAX_BODY_BYTES
from circulation.articles.nesting import close_elements, is_heavy
from circulation.urls import address_or_none

# The elements of running text, without scripts, styles, forms and frames: feed readers show this.
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
# Elements that separate paragraphs; in text without any of them, blank lines do.
_BLOCK = re.compile(
    r"<(?:blockquote|dl|div|figure|h[1-6]|hr|ol|p|pre|table|ul)\b", flags=re.IGNORECASE
)
_SCHEMES = {"http", "https", "mailto"}
_MAIL = re.compile(r"\s*mailto:", flags=re.IGNORECASE)
_ADDRESSES = {"href", "src"}
# Elements that are removed with their content; of other elements that are not allowed the text
# stays.
_REMOVED = {
    "audio", "button", "canvas", "embed", "form", "frameset", "iframe", "map", "math", "noembed",
    "noframes", "noscript", "object", "script", "select", "style", "svg", "template", "textarea",
    "title", "video",
}  # fmt: skip
# An image whose address was removed; nh3 writes attribute values in double quotes.
_NO_IMAGE = re.compile(r'<img(?: (?!src=)[a-z]+="[^"]*")*>')


def sanitise(body: str, url: str) -> str:
    """Make HTML safe to show anywhere, in paragraphs, with absolute addresses only.

    Relative addresses are resolved against url, the article's own web address; invalid ones are
    removed, and images with them. A body without a tag or an entity is plain text. Where no element
    separates paragraphs, blank lines do, as in plain text and in stored WordPress posts.

    Raises ValueError, with a reason that completes a sentence after the field's name, for markup
    that would grow beyond the limits.
    """
    if not nh3.is_html(body):
        body = html.escape(body, quote=False)
        if len(body) > MAX_BODY_BYTES:  # escaping makes it up to five times as long
            raise ValueError(f"must be at most {MAX_BODY_BYTES} bytes long as HTML")
    elif is_heavy(body):
        body = close_elements(body)

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
    # A line of no-break spaces, which nh3 writes as entities, is blank too.
    text = clean.replace("&nbsp;", "\u00a0")
    paragraphs = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph).replace(
        "\u00a0", "&nbsp;"
    )
