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
from circulation.importing.found import Found, Ground, SourceError, submission
from circulation.importing.identity import stable_id
from circulation.times import read_moment

_PLACES = ("db.item.data", "data")
"""Where the tables stand: in an export of the admin, or in the data alone."""
_MAX_DIGITS = 1_000
_MAX_DEPTH = 100
"""Of the export, and of what the editor keeps of a post; both nest a few deep."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]|[0-9]{%d}' % (_MAX_DIGITS + 1), flags=re.DOTALL)


@dataclass
class _Site:
    """The tables that posts are joined with: names by id, and ids by the post's id in order."""

    names: dict[str, dict[str, str]] = field(default_factory=dict)
    of_posts: dict[str, dict[str, list[tuple[int, str]]]] = field(default_factory=dict)

    def names_of(self, table: str, post: str) -> list[str]:
        told = self.of_posts.get(table, {}).get(post, [])
        names = self.names.get(table, {})
        return [names[each] for _, each in sorted(told) if each in names]


def read_ghost(path: Path, ground: Ground) -> Iterator[Found]:
    """Read the export table by table: first who wrote what under which tags, then the posts.

    Raises SourceError for what is not JSON, and without the site's address, which it lacks.
    """
    if not ground.site:
        raise SourceError("a Ghost export does not say where its site is: tell it with --site")
    _check(path)
    site = _Site(
        names={
            "tags": {_text(row, "id"): _text(row, "name") for row in _rows(path, "tags")},
            "authors": {_text(row, "id"): _text(row, "name") for row in _rows(path, "users")},
        },
        of_posts={
            "tags": _joined(path, "posts_tags", "tag_id"),
            "authors": _joined(path, "posts_authors", "author_id"),
        },
    )
    for number, post in enumerate(_rows(path, "posts"), 1):
        yield _found(post, site, ground, number)


def _check(path: Path) -> None:
    """Refuse what the reader of the stream does not survive.

    A number that Python does not read ends its process, and each level takes it more memory than
    all levels above.
    """
    depth = 0
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for token in _TOKEN.finditer(content):
            match content[token.start()]:
                case 0x5B | 0x7B:  # [ and {
                    depth += 1
                case 0x5D | 0x7D:
                    depth -= 1
                case 0x22:  # a text, whatever is in it
                    continue
                case _:
                    raise SourceError(f"it holds a number of more than {_MAX_DIGITS} digits")
            if depth > _MAX_DEPTH:
                raise SourceError(f"it nests more than {_MAX_DEPTH} deep")


def _rows(path: Path, table: str) -> Iterator[dict[str, Any]]:
    """Read the rows of a table; what is no row is passed over."""
    for place in _PLACES:
        found = False
        try:
            with path.open("rb") as file:
                for row in ijson.items(file, f"{place}.{table}.item"):
                    found = True
                    if isinstance(row, dict):
                        yield row
        # Beside its own errors, it lets those of its numbers and of its depth through.
        except (ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
            raise SourceError(f"it is not JSON: {error}") from error
        if found:
            return


def _text(row: dict[str, Any], name: str) -> str:
    """Give a field as text: ids were numbers before Ghost 1.0. What is neither is empty."""
    value = row.get(name)
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if number else value if isinstance(value, str) else ""


def _joined(path: Path, table: str, name: str) -> dict[str, list[tuple[int, str]]]:
    joined: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _rows(path, table):
        order = row.get("sort_order")
        place = order if isinstance(order, int) else 0
        joined[_text(row, "post_id")].append((place, _text(row, name)))
    return joined


def _found(post: dict[str, Any], site: _Site, ground: Ground, number: int) -> Found:
    where = _text(post, "title") or f"post {number}"
    is_page = post.get("page") not in (None, 0, False)
    kind = _text(post, "type") or ("page" if is_page else "post")
    status, visibility = _text(post, "status"), _text(post, "visibility") or "public"
    if kind != "post":
        return Found(where, None, f"is no post but a {kind}", skipped=True)
    if status not in ("published", "scheduled", "sent"):
        return Found(where, None, f"is not published: {status}", skipped=True)
    if visibility != "public":
        return Found(where, None, f"is for {visibility} alone", skipped=True)
    root = ground.site.rstrip("/")
    own = _text(post, "id")
    url = ground.address(_text(post, "canonical_url") or f"{root}/{_text(post, 'slug')}/")
    tags = [each for each in site.names_of("tags", own) if not each.startswith("#")]
    body = _text(post, "html") or _of_lexical(post) or _plain(_text(post, "plaintext"))
    told = submission(
        article_id=stable_id(own, url),
        ground=ground,
        url=url,
        title=_text(post, "title"),
        body=body.replace("__GHOST_URL__", root),
        published=_time(post, "published_at", ground),
        updated=_time(post, "updated_at", ground),
        summary=_text(post, "custom_excerpt"),
        sections=tags[:1],
        tags=tags[1:],
        authors=site.names_of("authors", own),
        language=_text(post, "locale"),
        image=ground.address(_text(post, "feature_image").replace("__GHOST_URL__", root)),
    )
    return Found(where, told)


def _plain(text: str) -> str:
    parts = re.split(r"\n\s*\n", text)
    return "".join(f"<p>{html.escape(each)}</p>" for each in parts if each.strip())


def _of_lexical(post: dict[str, Any]) -> str:
    """Write a post that was never rendered: what its editor (Lexical) keeps, as plain HTML."""
    try:
        state = json_of(_text(post, "lexical") or "{}")
    except SourceError:
        return ""
    return _node(state.get("root"), _MAX_DEPTH) if isinstance(state, dict) else ""


_TAGS = {
    "heading": "h2",
    "extended-heading": "h2",
    "quote": "blockquote",
    "extended-quote": "blockquote",
    "listitem": "li",
}


def _node(node: Any, depth: int) -> str:  # noqa: ANN401  whatever JSON holds
    if not isinstance(node, dict) or not depth:
        return ""
    children = node.get("children")
    parts = children if isinstance(children, list) else []
    inside = "".join(_node(part, depth - 1) for part in parts)
    match node.get("type"):
        case "text" | "extended-text":
            told = html.escape(_text(node, "text"))
        case "linebreak":
            told = "<br>"
        case "image":
            src, alt = html.escape(_text(node, "src")), html.escape(_text(node, "alt"))
            told = f'<p><img src="{src}" alt="{alt}"></p>'
        case "link":
            told = f'<a href="{html.escape(_text(node, "url"))}">{inside}</a>'
        case "html" | "markdown" as kind:
            told = _text(node, kind)
        case "root":
            told = inside
        case "list":
            tag = "ol" if node.get("listType") == "number" else "ul"
            told = f"<{tag}>{inside}</{tag}>"
        case kind:
            tag = _TAGS.get(str(kind), "p")
            told = f"<{tag}>{inside}</{tag}>" if inside else ""
    return told


def _time(post: dict[str, Any], name: str, ground: Ground) -> str | None:
    """Read a time: as text, or in milliseconds as before Ghost 1.0."""
    told = _text(post, name)
    try:
        if told.isdigit():
            return ground.time(datetime.fromtimestamp(int(told) / 1000, UTC))
        return ground.time(read_moment(told))
    except (ValueError, OverflowError, OSError):
        return None
