"""Ghost exports: one JSON file, read as a stream."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import ijson

from circulation.importing.documents import json_of
from circulation.importing.identity import stable_id
from circulation.importing.items import SourceDefaults, SourceError, SourceItem, make_submission
from circulation.times import read_moment

_PLACES = ("db.item.data", "data")
"""The two places of the tables: in an export from Ghost's admin, and in its data alone."""
_MAX_DIGITS = 1_000
_MAX_DEPTH = 100
"""Nesting of the export and of a post's Lexical state; real ones nest a few levels."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]|[0-9]{%d}' % (_MAX_DIGITS + 1), flags=re.DOTALL)


@dataclass
class _Site:
    """The tables "tags" and "authors", which posts are joined with.

    Names are by the tag's or author's id; of_posts has the ids with their sort order, by post id.
    """

    names: dict[str, dict[str, str]] = field(default_factory=dict)
    of_posts: dict[str, dict[str, list[tuple[int, str]]]] = field(default_factory=dict)

    def names_of(self, table: str, post: str) -> list[str]:
        links = self.of_posts.get(table, {}).get(post, [])
        names = self.names.get(table, {})
        return [names[id_] for _, id_ in sorted(links) if id_ in names]


def read_ghost(path: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read an export table by table: first tags, authors and their links to posts, then the posts.

    Raises SourceError for invalid JSON, and if defaults.site is empty: an export does not hold the
    site's address.
    """
    if not defaults.site:
        raise SourceError("a Ghost export does not say where its site is: tell it with --site")
    _check_limits(path)
    site = _Site(
        names={
            "tags": {_text(row, "id"): _text(row, "name") for row in _rows(path, "tags")},
            "authors": {_text(row, "id"): _text(row, "name") for row in _rows(path, "users")},
        },
        of_posts={
            "tags": _read_links(path, "posts_tags", "tag_id"),
            "authors": _read_links(path, "posts_authors", "author_id"),
        },
    )
    for number, post in enumerate(_rows(path, "posts"), 1):
        yield _read_post(post, site, defaults, number)


def _check_limits(path: Path) -> None:
    """Refuse numbers and nesting that the streaming parser cannot handle. Raises SourceError.

    A number with more digits than Python converts crashes ijson's process, and each level of
    nesting takes more memory than all levels above it.
    """
    depth = 0
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for token in _TOKEN.finditer(content):
            match content[token.start()]:
                case 0x5B | 0x7B:  # [ and {
                    depth += 1
                case 0x5D | 0x7D:
                    depth -= 1
                case 0x22:  # a string
                    continue
                case _:
                    raise SourceError(f"it holds a number of more than {_MAX_DIGITS} digits")
            if depth > _MAX_DEPTH:
                raise SourceError(f"it nests more than {_MAX_DEPTH} deep")


def _rows(path: Path, table: str) -> Iterator[dict[str, Any]]:
    """Read the rows of a table; entries that are no objects are skipped. Raises SourceError."""
    for place in _PLACES:
        is_there = False
        try:
            with path.open("rb") as file:
                for row in ijson.items(file, f"{place}.{table}.item"):
                    is_there = True
                    if isinstance(row, dict):
                        yield row
        # Besides its own errors, ijson raises those of its number conversions and its recursion.
        except (ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
            raise SourceError(f"it is not JSON: {error}") from error
        if is_there:
            return


def _text(row: dict[str, Any], name: str) -> str:
    """Give a string or a number as text (ids were numbers before Ghost 1.0); empty for others."""
    value = row.get(name)
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if number else value if isinstance(value, str) else ""


def _read_links(path: Path, table: str, name: str) -> dict[str, list[tuple[int, str]]]:
    joined: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _rows(path, table):
        order = row.get("sort_order")
        place = order if isinstance(order, int) else 0
        joined[_text(row, "post_id")].append((place, _text(row, name)))
    return joined


def _read_post(
    post: dict[str, Any], site: _Site, defaults: SourceDefaults, number: int
) -> SourceItem:
    where = _text(post, "title") or f"post {number}"
    is_page = post.get("page") not in (None, 0, False)
    kind = _text(post, "type") or ("page" if is_page else "post")
    status, visibility = _text(post, "status"), _text(post, "visibility") or "public"
    if kind != "post":
        return SourceItem(where, None, f"is no post but a {kind}", skipped=True)
    if status not in ("published", "scheduled", "sent"):
        return SourceItem(where, None, f"is not published: {status}", skipped=True)
    if visibility != "public":
        return SourceItem(where, None, f"is for {visibility} alone", skipped=True)
    root = defaults.site.rstrip("/")
    post_id = _text(post, "id")
    url = defaults.address(_text(post, "canonical_url") or f"{root}/{_text(post, 'slug')}/")
    tags = [tag for tag in site.names_of("tags", post_id) if not tag.startswith("#")]
    body = _text(post, "html") or _lexical_to_html(post) or _paragraphs_of(_text(post, "plaintext"))
    article = make_submission(
        article_id=stable_id(post_id, url),
        defaults=defaults,
        url=url,
        title=_text(post, "title"),
        body=body.replace("__GHOST_URL__", root),
        published=_time(post, "published_at", defaults),
        updated=_time(post, "updated_at", defaults),
        summary=_text(post, "custom_excerpt"),
        sections=tags[:1],
        tags=tags[1:],
        authors=site.names_of("authors", post_id),
        language=_text(post, "locale"),
        image=defaults.address(_text(post, "feature_image").replace("__GHOST_URL__", root)),
    )
    return SourceItem(where, article)


def _paragraphs_of(text: str) -> str:
    parts = re.split(r"\n\s*\n", text)
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts if part.strip())


def _lexical_to_html(post: dict[str, Any]) -> str:
    """Write the state of a post's editor (Lexical) as plain HTML, for a post without HTML."""
    try:
        state = json_of(_text(post, "lexical") or "{}")
    except SourceError:
        return ""
    return _node_to_html(state.get("root"), _MAX_DEPTH) if isinstance(state, dict) else ""


_TAGS = {
    "heading": "h2",
    "extended-heading": "h2",
    "quote": "blockquote",
    "extended-quote": "blockquote",
    "listitem": "li",
}


def _node_to_html(node: Any, depth: int) -> str:  # noqa: ANN401  whatever JSON holds
    if not isinstance(node, dict) or not depth:
        return ""
    children = node.get("children")
    parts = children if isinstance(children, list) else []
    inside = "".join(_node_to_html(part, depth - 1) for part in parts)
    match node.get("type"):
        case "text" | "extended-text":
            markup = html.escape(_text(node, "text"))
        case "linebreak":
            markup = "<br>"
        case "image":
            src, alt = html.escape(_text(node, "src")), html.escape(_text(node, "alt"))
            markup = f'<p><img src="{src}" alt="{alt}"></p>'
        case "link":
            markup = f'<a href="{html.escape(_text(node, "url"))}">{inside}</a>'
        case "html" | "markdown" as kind:
            markup = _text(node, kind)
        case "root":
            markup = inside
        case "list":
            tag = "ol" if node.get("listType") == "number" else "ul"
            markup = f"<{tag}>{inside}</{tag}>"
        case kind:
            tag = _TAGS.get(str(kind), "p")
            markup = f"<{tag}>{inside}</{tag}>" if inside else ""
    return markup


def _time(post: dict[str, Any], name: str, defaults: SourceDefaults) -> str | None:
    """Read a time: text, or milliseconds since 1970 (before Ghost 1.0). None if it is invalid."""
    text = _text(post, name)
    try:
        if text.isdigit():
            return defaults.time(datetime.fromtimestamp(int(text) / 1000, UTC))
        return defaults.time(read_moment(text))
    except (ValueError, OverflowError, OSError):
        return None
