"""Bodies of Ghost's posts: the part that is public, and editors' states as HTML.

An export has a post's HTML, as a rule. Without it the state of the editor is written: Lexical's
(https://lexical.dev/docs/concepts/serialization, Ghost 5.50 and later) or Mobiledoc's
(https://github.com/bustle/mobiledoc-kit/blob/master/MOBILEDOC.md, Ghost 1 to 5), with the cards of
https://ghost.org/help/cards/. Cards for mails alone (email, email-cta) and forms (signup) are left
out; of an unknown card, what text it has is kept.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt

from circulation.importing.documents import json_of, list_at, text_at
from circulation.importing.items import SourceError

MAX_DEPTH = 100
"""Nesting of an export and of an editor's state; real ones nest a few levels."""

# Ghost cuts a post here for readers who may not read all of it: the card "public preview"
# (https://ghost.org/help/public-previews/).
_PAYWALL = re.compile(r"<!--\s*+members-only\s*+-->")
# Ghost shows what stands between these marks to those whom it names, and to strangers if nonMember
# is true (https://docs.ghost.org/admin-api/posts/card-visibility).
_GATE = re.compile(r"<!--\s*+kg-gated-block:(?P<kind>begin|end)(?P<rule>(?:[^-<>]|-(?!->))*+)-->")
_FOR_STRANGERS = re.compile(r"\bnonMember:[\"']?true\b")
_writer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_PAYWALL_CARD = "<!--members-only-->"
# Lexical's TextFormatType, a bit each.
_FORMATS = {1: "strong", 2: "em", 4: "s", 8: "u", 16: "code", 32: "sub", 64: "sup", 128: "mark"}
_HEADING = re.compile(r"h[1-6]")
_BLOCKS = {
    "heading": "h2", "extended-heading": "h2", "quote": "blockquote",
    "extended-quote": "blockquote", "aside": "blockquote", "listitem": "li", "paragraph": "p",
}  # fmt: skip
_MAX_START = 1_000_000
_MARKUPS = {"a", "b", "code", "em", "i", "mark", "s", "strong", "sub", "sup", "u", "del"}
_SECTIONS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"}


def public_part(body: str) -> tuple[str, bool]:
    """Leave out what a post shows to its members alone, and tell whether there was any."""
    paywall = _PAYWALL.search(body)
    text = body[: paywall.start()] if paywall else body
    parts: list[str] = []
    end, is_hidden, has_hidden = 0, False, bool(paywall)
    for gate in _GATE.finditer(text):
        if not is_hidden:
            parts.append(text[end : gate.start()])
        end = gate.end()
        is_hidden = gate["kind"] == "begin" and not _FOR_STRANGERS.search(gate["rule"])
        has_hidden = has_hidden or is_hidden
    if not is_hidden:
        parts.append(text[end:])
    return "".join(parts), has_hidden


def lexical_to_html(state: str) -> str:
    """Write the state of the editor Lexical as HTML; empty if it is none."""
    content = _object_of(state)
    return _write_node(content.get("root"), MAX_DEPTH)


def mobiledoc_to_html(state: str) -> str:
    """Write the state of the editor Mobiledoc, 0.3, as HTML; empty if it is none."""
    content = _object_of(state)
    return "".join(
        _write_section(section, content)
        for section in list_at(content, "sections")
        if isinstance(section, list)
    )


def is_damaged(state: str) -> bool:
    """Tell of an editor's state that cannot be read."""
    return bool(state.strip()) and not _object_of(state)


def _object_of(state: str) -> dict[str, Any]:
    try:
        content = json_of(state or "{}")
    except SourceError:
        return {}
    return content if isinstance(content, dict) else {}


def _write_node(node: Any, depth: int) -> str:  # noqa: ANN401  whatever JSON holds
    if not isinstance(node, dict) or not depth:
        return ""
    kind = text_at(node, "type")
    parts = list_at(node, "children")
    parts = _join_items(parts) if kind == "list" else parts
    inside = "".join(_write_node(part, depth - 1) for part in parts)
    match kind:
        case "text" | "extended-text":
            text = html.escape(text_at(node, "text"), quote=False)
            markup = _formatted(text, node.get("format"))
        case "linebreak":
            markup = "<br>"
        case "link" | "autolink" | "at-link":
            markup = f'<a href="{html.escape(text_at(node, "url"))}">{inside}</a>'
        case "root":
            markup = inside
        case _ if inside and kind not in _CARDS:
            tag, start = _tag_of(kind, node), node.get("start")
            is_later = tag == "ol" and isinstance(start, int) and 1 < start < _MAX_START
            number = f' start="{start}"' if is_later else ""
            markup = f"<{tag}{number}>{inside}</{tag}>"
        case _:
            markup = _write_card(kind, node)
    return markup


def _join_items(parts: list[Any]) -> list[Any]:
    """Put a list that is an item of its own, as Lexical has it, into the item before it."""
    joined: list[Any] = []
    for part in parts:
        if not isinstance(part, dict):
            continue
        inside = list(list_at(part, "children"))
        is_list = bool(inside) and all(
            isinstance(child, dict) and child.get("type") == "list" for child in inside
        )
        if is_list and joined:
            joined[-1]["children"] += inside
        else:
            joined.append({**part, "children": inside})
    return joined


def _tag_of(kind: str, node: Mapping[str, Any]) -> str:
    if kind == "list":
        return "ol" if node.get("listType") == "number" else "ul"
    if kind in ("heading", "extended-heading") and _HEADING.fullmatch(text_at(node, "tag")):
        return text_at(node, "tag")
    return _BLOCKS.get(kind, "p")


def _formatted(text: str, formats: object) -> str:
    if isinstance(formats, int):
        for bit, tag in _FORMATS.items():
            text = f"<{tag}>{text}</{tag}>" if formats & bit and text else text
    return text


def _write_section(section: list[Any], document: Mapping[str, Any]) -> str:
    match section:
        case [1, str(tag), list(markers), *_]:
            name = tag.lower() if tag.lower() in _SECTIONS else "p"
            return f"<{name}>{_write_markers(markers, document)}</{name}>"
        case [2, str(src), *_]:
            return _write_card("image", {"src": src})
        case [3, str(tag), list(items), *_]:
            name = "ol" if tag.lower() == "ol" else "ul"
            lines = (_write_markers(item, document) for item in items if isinstance(item, list))
            return f"<{name}>{''.join(f'<li>{line}</li>' for line in lines)}</{name}>"
        case [10, int(index), *_]:
            match _at(document, "cards", index):
                case [str(name), dict(payload), *_]:
                    return _write_card(name.removeprefix("card-"), payload)
    return ""


def _write_markers(markers: list[Any], document: Mapping[str, Any]) -> str:
    parts: list[str] = []
    opened: list[str] = []
    for marker in markers:
        match marker:
            case [int(kind), list(markups), int(closed), value, *_]:
                pass
            case _:
                continue
        for index in markups:
            name, attributes = _markup_of(_at(document, "markups", index))
            parts.append(f"<{name}{attributes}>" if name else "")
            opened.append(name)
        if kind == 1:  # an atom, such as a line break
            match _at(document, "atoms", value):
                case ["soft-return", *_]:
                    parts.append("<br>")
                case [_, str(text), *_]:
                    parts.append(html.escape(text, quote=False))
        elif isinstance(value, str):
            parts.append(html.escape(value, quote=False))
        for _ in range(min(closed, len(opened))):
            name = opened.pop()
            parts.append(f"</{name}>" if name else "")
    return "".join(parts) + "".join(f"</{name}>" for name in reversed(opened) if name)


def _markup_of(markup: object) -> tuple[str, str]:
    """Give a markup's element, and its address as an attribute."""
    match markup:
        case [str(tag), list(attributes)] if tag.lower() == "a":
            pairs = dict(zip(attributes[::2], attributes[1::2], strict=False)) if all(
                isinstance(name, str) for name in attributes
            ) else {}  # fmt: skip
            return "a", f' href="{html.escape(pairs.get("href", ""))}"'
        case [str(tag), *_] if tag.lower() in _MARKUPS:
            return tag.lower(), ""
    return "", ""


def _at(document: Mapping[str, Any], table: str, index: object) -> object:
    rows = list_at(document, table)
    return rows[index] if isinstance(index, int) and 0 <= index < len(rows) else None


def _write_card(name: str, card: Mapping[str, Any]) -> str:
    if not _is_for_strangers(card):
        return ""
    write = _CARDS.get(name)
    return write(card) if write else _paragraph(text_at(card, "text"))


def _is_for_strangers(card: Mapping[str, Any]) -> bool:
    """Tell whether a card is shown on the site to those who are no members."""
    visibility = card.get("visibility")
    if not isinstance(visibility, dict):
        return True
    web = visibility.get("web")
    is_shown = web.get("nonMember", True) if isinstance(web, dict) else True
    return visibility.get("showOnWeb", True) is not False and is_shown is not False


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text, quote=False)}</p>" if text.strip() else ""


def _heading(markup: str) -> str:
    return f"<h2>{markup}</h2>" if markup.strip() else ""


def _figure(media: str, caption: str) -> str:
    """Put media into a figure; the caption is HTML."""
    words = f"<figcaption>{caption}</figcaption>" if caption.strip() else ""
    return f"<figure>{media}{words}</figure>" if media or words else ""


def _link(url: str, markup: str) -> str:
    return f'<a href="{html.escape(url)}">{markup}</a>' if url else markup


def _img(card: Mapping[str, Any], name: str = "src") -> str:
    src = text_at(card, name)
    alt = html.escape(text_at(card, "alt"))
    return f'<img src="{html.escape(src)}" alt="{alt}">' if src else ""


def _write_image(card: Mapping[str, Any]) -> str:
    image = _img(card)
    return _figure(_link(text_at(card, "href"), image) if image else "", text_at(card, "caption"))


def _write_gallery(card: Mapping[str, Any]) -> str:
    images = [image for image in list_at(card, "images") if isinstance(image, dict)]
    figures = "".join(_figure(_img(image), text_at(image, "caption")) for image in images)
    caption = text_at(card, "caption")
    return figures + (f"<p>{caption}</p>" if caption.strip() else "")


def _write_embed(card: Mapping[str, Any]) -> str:
    url = text_at(card, "url")
    shown = text_at(card, "html") or (_link(url, html.escape(url)) if url else "")
    return _figure(shown, text_at(card, "caption"))


def _write_bookmark(card: Mapping[str, Any]) -> str:
    metadata = card.get("metadata")
    fields = metadata if isinstance(metadata, dict) else card
    url = text_at(card, "url") or text_at(fields, "url")
    title = html.escape(text_at(fields, "title") or url, quote=False)
    about = html.escape(text_at(fields, "description"), quote=False)
    link = _link(url, title) if title else ""
    return _figure(link + (f"<p>{about}</p>" if about else ""), text_at(card, "caption"))


def _write_code(card: Mapping[str, Any]) -> str:
    language = re.sub(r"[^\w+#-]", "", text_at(card, "language"))
    name = f' class="language-{language}"' if language else ""
    code = f"<pre><code{name}>{html.escape(text_at(card, 'code'), quote=False)}</code></pre>"
    return _figure(code, text_at(card, "caption")) if text_at(card, "caption") else code


def _write_player(tag: str) -> Callable[[Mapping[str, Any]], str]:
    def write(card: Mapping[str, Any]) -> str:
        src = html.escape(text_at(card, "src"))
        poster = html.escape(text_at(card, "customThumbnailSrc") or text_at(card, "thumbnailSrc"))
        shown = f' poster="{poster}"' if poster and tag == "video" else ""
        caption = text_at(card, "caption") or html.escape(text_at(card, "title"), quote=False)
        return _figure(f'<{tag} src="{src}"{shown} controls></{tag}>' if src else "", caption)

    return write


def _write_file(card: Mapping[str, Any]) -> str:
    src = text_at(card, "src")
    name = text_at(card, "fileTitle") or text_at(card, "fileName") or src
    about = _paragraph(text_at(card, "fileCaption"))
    return (f"<p>{_link(src, html.escape(name, quote=False))}</p>" if name else "") + about


def _write_texts(headings: Sequence[str], texts: Sequence[str]) -> Callable[..., str]:
    """Make a writer of a card that has headings, texts as HTML, a picture and a button."""

    def write(card: Mapping[str, Any]) -> str:
        picture = next(filter(None, (_img(card, name) for name in _IMAGES)), "")
        parts = [_figure(picture, "") if picture else ""]
        parts += [_heading(text_at(card, name)) for name in headings]
        for name in texts:
            text = text_at(card, name)
            has_blocks = re.match(r"\s*<(?:p|ul|ol|h[1-6]|blockquote)\b", text)
            parts.append(text if has_blocks or not text.strip() else f"<p>{text}</p>")
        url = next(filter(None, (text_at(card, f"{name}Url") for name in _BUTTONS)), "")
        words = next(filter(None, (text_at(card, name) for name in _BUTTON_WORDS)), "")
        if url and words:
            parts.append(f"<p>{_link(url, html.escape(words, quote=False))}</p>")
        return "".join(parts)

    return write


_IMAGES = ("imageUrl", "productImageSrc", "backgroundImageSrc")
_BUTTONS = ("button", "product")
_BUTTON_WORDS = ("buttonText", "productButton")


def _write_nothing(_: Mapping[str, Any]) -> str:
    return ""


_CARDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "audio": _write_player("audio"),
    "bookmark": _write_bookmark,
    "button": _write_texts([], []),
    "call-to-action": _write_texts([], ["sponsorLabel", "textValue"]),
    "callout": _write_texts([], ["calloutText"]),
    "code": _write_code,
    "codeblock": _write_code,
    "email": _write_nothing,
    "email-cta": _write_nothing,
    "embed": _write_embed,
    "file": _write_file,
    "gallery": _write_gallery,
    "header": _write_texts(["header"], ["subheader"]),
    "horizontalrule": lambda _: "<hr>",
    "hr": lambda _: "<hr>",
    "html": lambda card: text_at(card, "html"),
    "image": _write_image,
    "markdown": lambda card: _writer.render(text_at(card, "markdown")),
    "paywall": lambda _: _PAYWALL_CARD,
    "product": _write_texts(["productTitle"], ["productDescription"]),
    "signup": _write_nothing,
    "toggle": _write_texts(["heading"], ["content"]),
    "video": _write_player("video"),
}
