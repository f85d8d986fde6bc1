"""Exports of WordPress and Ghost, read with xml.etree and json by the rules of their vendors."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from html.entities import html5
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bench.moving_in.parsers import render_markdown
from bench.moving_in.reading import (
    Article,
    State,
    compared,
    compared_image,
    one_line,
    read_body,
    title_of_html,
)
from bench.moving_in.times import read_time

_MARKUP, _CARD = 1, 10
_PREVIEW_END = "<!--members-only-->"
# What XML 1.0 forbids, and WordPress writes all the same.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&(#?\w+);")
_XML_NAMES = frozenset(("amp", "apos", "gt", "lt", "quot"))
_NAMESPACE = re.compile(r"""\sxmlns:\w+=["'][^"']*["']""")
_PART = re.compile(r"<item>.*?</item>|<wp:author>.*?</wp:author>", re.DOTALL)
_READ = ("item", "author")
_HEAD = 65_536
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_CAPTION = re.compile(
    r"\[(?:wp_)?caption\b([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.DOTALL | re.IGNORECASE
)
_CAPTIONED = re.compile(r"^\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)$", re.DOTALL)
_GALLERY = re.compile(r"\[gallery\b([^\]]*)\](?:\s*\[/gallery\])?")
_EMBED = re.compile(r"\[embed\b[^\]]*\]\s*(\S+?)\s*\[/embed\]")
_MEDIA = re.compile(r"\[(audio|video)\b([^\]]*)\](?:[^\[]*\[/\1\])?")
_MEDIA_SOURCES = ("src", "mp3", "m4a", "ogg", "wav", "flac", "mp4", "m4v", "webm", "ogv")
_PICTURE = re.compile(r"\.(jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
_ADDRESS_ALONE = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t]*$", re.MULTILINE)
# A shortcode that no plugin answers for: with values, or a closing tag, or a bare address.
_OTHER = re.compile(r"\[/?[a-z][\w-]*(?:\s+[^\]\[]*=[^\]\[]*|\s+https?://[^\]\s]+\s*)?/?\]")
_WITH_VALUES = re.compile(r"\[([a-z][\w-]*)\s+(?:[^\]\[]*=|https?://)[^\]\[]*\]")


@dataclass(slots=True)
class _Post:
    texts: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "").strip()


def read_wordpress(path: Path, now: datetime) -> list[Article]:
    """Read a WordPress export (WXR) as its site shows it.

    Shown to everyone are posts that are published and have no password
    (https://wordpress.org/documentation/article/post-status/).
    """
    posts, names = _read_posts(path)
    images = {
        post["post_id"]: post
        for post in posts
        if post["post_type"] == "attachment" and re.search(r"\.(\w+)$", post["attachment_url"])
    }
    return [
        _article_of(post, names, images, now)
        for post in posts
        if (post["post_type"] or "post") == "post"
    ]


def _read_posts(path: Path) -> tuple[list[_Post], dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    text = _REFERENCE.sub(_character_of, _FORBIDDEN.sub("", text))
    posts: list[_Post] = []
    names: dict[str, str] = {}
    for element in _elements_of(text):
        if _local(element) == "item":
            posts.append(_post_of(element))
        else:
            about = {_local(part): (part.text or "").strip() for part in element}
            names[about.get("author_login", "")] = about.get("author_display_name", "")
    return posts, names


def _elements_of(text: str) -> list[ET.Element]:
    """Give the items and authors of an export, those that can be read if it is malformed."""
    try:
        return [element for element in ET.fromstring(text).iter() if _local(element) in _READ]
    except ET.ParseError:
        elements = []
    spaces = "".join(_NAMESPACE.findall(text[:_HEAD]))
    for part in _PART.findall(text):
        try:
            elements.append(ET.fromstring(f"<rss {spaces}>{part}</rss>")[0])
        except ET.ParseError:
            continue
    return elements


def _character_of(match: re.Match[str]) -> str:
    """Give the character that HTML names and XML does not, and nothing for what XML forbids."""
    name = match[1]
    if name.startswith("#"):
        return match[0] if _FORBIDDEN.sub("", unescape(match[0])) else ""
    return match[0] if name in _XML_NAMES else html5.get(f"{name};", match[0])


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _post_of(element: ET.Element) -> _Post:
    post = _Post()
    for part in element:
        name = _local(part)
        if name == "encoded":
            post.texts["excerpt" if "/excerpt/" in part.tag else "content"] = part.text or ""
        elif name == "postmeta":
            values = {_local(piece): piece.text or "" for piece in part}
            post.meta[values.get("meta_key", "")] = values.get("meta_value", "")
        else:
            post.texts.setdefault(name, part.text or "")
    return post


def _article_of(
    post: _Post, names: dict[str, str], images: dict[str, _Post], now: datetime
) -> Article:
    published = read_time(post["post_date_gmt"]) or read_time(post["pubDate"])
    published = published or read_time(post["post_date"])
    address = post["link"] or post["guid"]
    state = State.PUBLIC
    if post["status"] == "future" and published:
        # WordPress shows it once its time has come and a visitor has woken its scheduler.
        state = State.EITHER if published <= now else State.PRIVATE
    elif (post["status"] or "publish") != "publish" or post["post_password"]:
        state = State.PRIVATE
    thumbnail = images.get(post.meta.get("_thumbnail_id", ""))
    html = render_wordpress(post.texts.get("content", ""), post["post_id"], images)
    creator = post["creator"]
    author = names.get(creator) or creator
    title = title_of_html(post["title"])
    return Article(
        where=title or address,
        titles=frozenset({title}) if title else frozenset(),
        published=published,
        authors=frozenset({one_line(author).casefold()}) if author else frozenset(),
        address=compared(address),
        body=read_body(html, address, blank_lines="<!-- wp:" not in html),
        lead=frozenset({compared_image(thumbnail["attachment_url"])}) if thumbnail else frozenset(),
        state=state,
    )


def render_wordpress(content: str, post_id: str, images: dict[str, Any]) -> str:
    """Write the shortcodes of WordPress itself as the HTML that they stand for.

    Others are left out and their text stays (https://codex.wordpress.org/Shortcode_API). An
    address alone on a line is embedded (https://wordpress.org/documentation/article/embeds/).
    """
    content = re.sub(r"\[\[([^\]]+)\]\]", "&#91;\\1&#93;", content)
    content = _CAPTION.sub(_figure_of, content)
    content = _GALLERY.sub(lambda match: _gallery_of(match, post_id, images), content)
    content = _EMBED.sub(r'<iframe src="\1"></iframe>', content)
    content = _MEDIA.sub(_player_of, content)
    content = _ADDRESS_ALONE.sub(r'<iframe src="\1"></iframe>', content)
    closed = set(re.findall(r"\[/([a-z][\w-]*)\]", content))
    return _OTHER.sub(lambda match: _without(match, closed), content)


def _without(match: re.Match[str], closed: set[str]) -> str:
    name = re.findall(r"[a-z][\w-]*", match[0])[0]
    is_shortcode = name in closed or _WITH_VALUES.fullmatch(match[0])
    return "" if is_shortcode else match[0]


def _attributes(text: str) -> dict[str, str]:
    return {name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(text)}


def _figure_of(match: re.Match[str]) -> str:
    parts = _CAPTIONED.match(match[2])
    picture, caption = (parts[1], parts[2]) if parts else (match[2], "")
    caption = caption.strip() or _attributes(match[1]).get("caption", "")
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure>{picture}{caption}</figure>"


def _gallery_of(match: re.Match[str], post_id: str, images: dict[str, _Post]) -> str:
    """Show the pictures that a gallery names, or else those that belong to its post.

    https://wordpress.org/documentation/article/gallery-shortcode/
    """
    numbers = re.findall(r"\d+", _attributes(match[1]).get("ids", ""))
    if not numbers:
        numbers = [number for number, image in images.items() if image["post_parent"] == post_id]
    shown = (images[number] for number in numbers if number in images)
    figures = (_picture_of(image) for image in shown if _PICTURE.search(image["attachment_url"]))
    return "".join(figures)


def _picture_of(image: _Post) -> str:
    caption = f"<figcaption>{image['excerpt']}</figcaption>" if image["excerpt"] else ""
    return f'<figure><img src="{image["attachment_url"]}">{caption}</figure>'


def _player_of(match: re.Match[str]) -> str:
    attributes = _attributes(match[2])
    address = next(filter(None, (attributes.get(name, "") for name in _MEDIA_SOURCES)), "")
    address = address or next(iter(re.findall(r"https?://[^\s\]|]+", match[2])), "")
    return f'<{match[1]} src="{address}"></{match[1]}>' if address else ""


def read_ghost(path: Path, site: str, now: datetime) -> list[Article]:
    """Read a Ghost export as its site shows it.

    Shown to everyone are posts that are published and public, up to a public preview's end
    (https://ghost.org/docs/admin-api/#posts, https://ghost.org/help/public-previews/); a post that
    was sent by mail alone has no page.
    """
    export = json.loads(path.read_text(encoding="utf-8-sig"))
    data = export["db"][0]["data"] if "db" in export else export["data"]
    return [
        _ghost_article(post, data, site.rstrip("/"), now)
        for post in data.get("posts", [])
        if post.get("type", "post") == "post" and not post.get("page")
    ]


def _ghost_article(post: dict[str, Any], data: dict[str, Any], site: str, now: datetime) -> Article:
    address = f"{site}/{post.get('slug')}/"
    published = read_time(post.get("published_at") or "")
    is_public = post.get("visibility", "public") == "public"
    is_out = post.get("status") == "published" or (
        post.get("status") == "scheduled" and published is not None and published <= now
    )
    shown, mark, rest = (_ghost_html(post) or "").partition(_PREVIEW_END)
    users = {user["id"]: user.get("name", "") for user in data.get("users", [])}
    authors = (
        users.get(link["author_id"], "")
        for link in data.get("posts_authors", [])
        if link["post_id"] == post["id"]
    )
    lead = (post.get("feature_image") or "").replace("__GHOST_URL__", site)
    title = one_line(post.get("title") or "")
    return Article(
        where=title or address,
        titles=frozenset({title, title_of_html(title)}) if title else frozenset(),
        published=published,
        authors=frozenset(one_line(name).casefold() for name in authors if name),
        address=compared(address),
        body=read_body(shown.replace("__GHOST_URL__", site), address),
        lead=frozenset({compared_image(lead)}) if lead else frozenset(),
        state=State.PUBLIC if is_out and is_public else State.PRIVATE,
        hidden=read_body(rest).paragraphs if mark else Counter(),
    )


def _ghost_html(post: dict[str, Any]) -> str:
    """Give a post's HTML, or what its editor's own form has of text and pictures."""
    if post.get("html"):
        return str(post["html"])
    if post.get("lexical"):
        return "".join(_shown_in(json.loads(post["lexical"])))
    if post.get("mobiledoc"):
        return "".join(_shown_in_mobiledoc(json.loads(post["mobiledoc"])))
    return str(post.get("plaintext") or "")


def _shown_in_mobiledoc(document: dict[str, Any]) -> Iterator[str]:
    """Walk the form of Ghost's former editor.

    https://github.com/bustle/mobiledoc-kit/blob/main/MOBILEDOC.md
    """
    for kind, *parts in document.get("sections", []):
        if kind == _MARKUP:
            yield f"<p>{''.join(str(marker[-1]) for marker in parts[1])}</p>"
        elif kind == _CARD:
            name, card = document["cards"][parts[0]]
            if name == "paywall":
                yield _PREVIEW_END
            yield card.get("html") or "".join(render_markdown([card.get("markdown", "")]))
            if card.get("src"):
                yield f'<img src="{card["src"]}">'


def _shown_in(node: Any) -> Iterator[str]:  # noqa: ANN401  any JSON
    """Walk an editor's form for its texts, each a paragraph, its cards' HTML and its pictures."""
    if isinstance(node, dict):
        if node.get("type") == "paywall":
            yield _PREVIEW_END
        if node.get("type") == "image" and node.get("src"):
            yield f'<img src="{node["src"]}">'
        if node.get("type") in ("text", "extended-text"):
            yield str(node.get("text", ""))
        elif "html" in node:
            yield str(node["html"])
        children = node.get("root", node.get("children"))
        texts = "".join(_shown_in(children)) if children else ""
        yield f"<p>{texts}</p>" if node.get("type") in ("paragraph", "heading") else texts
    elif isinstance(node, list):
        for part in node:
            yield from _shown_in(part)
