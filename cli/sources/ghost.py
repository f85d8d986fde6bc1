"""Ghost exports: one JSON file, read as a stream."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ijson

from circulation.sources.found import Found, Ground, SourceError, submission
from circulation.sources.identity import stable_id

_PLACES = ("db.item.data", "data")
"""Where the tables stand: in an export of the admin, or in the data alone."""


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
    site = _Site(
        names={
            "tags": {each["id"]: each["name"] for each in _rows(path, "tags")},
            "authors": {each["id"]: each["name"] for each in _rows(path, "users")},
        },
        of_posts={
            "tags": _joined(path, "posts_tags", "tag_id"),
            "authors": _joined(path, "posts_authors", "author_id"),
        },
    )
    for number, post in enumerate(_rows(path, "posts"), 1):
        yield _found(post, site, ground, number)


def _rows(path: Path, table: str) -> Iterator[dict[str, Any]]:
    for place in _PLACES:
        found = False
        try:
            with path.open("rb") as file:
                for row in ijson.items(file, f"{place}.{table}.item"):
                    found = True
                    yield {name: _as_text(value) for name, value in row.items()}
        except ijson.JSONError as error:
            raise SourceError(f"it is not JSON: {error}") from error
        if found:
            return


def _as_text(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Give numbers as text: ids were numbers before Ghost 1.0."""
    return str(value) if not isinstance(value, str | bool) and value is not None else value


def _joined(path: Path, table: str, name: str) -> dict[str, list[tuple[int, str]]]:
    joined: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _rows(path, table):
        joined[row["post_id"]].append((int(row.get("sort_order") or 0), row[name]))
    return joined


def _found(post: dict[str, Any], site: _Site, ground: Ground, number: int) -> Found:
    where = post.get("title") or f"post {number}"
    kind = post.get("type") or ("page" if post.get("page") not in (None, "0", False) else "post")
    if kind != "post":
        return Found(where, None, f"is no post but a {kind}", skipped=True)
    if post.get("status") not in ("published", "scheduled", "sent"):
        return Found(where, None, f"is not published: {post.get('status')}", skipped=True)
    if post.get("visibility", "public") != "public":
        return Found(where, None, f"is for {post['visibility']} alone", skipped=True)
    root = ground.site.rstrip("/")
    url = post.get("canonical_url") or f"{root}/{post.get('slug', '')}/"
    tags = [each for each in site.names_of("tags", post["id"]) if not each.startswith("#")]
    body = post.get("html") or _of_lexical(post.get("lexical")) or _plain(post.get("plaintext"))
    told = submission(
        article_id=stable_id(post["id"], url),
        ground=ground,
        url=ground.address(url),
        title=post.get("title") or "",
        body=body.replace("__GHOST_URL__", root),
        published=_time(post.get("published_at"), ground),
        updated=_time(post.get("updated_at"), ground),
        summary=post.get("custom_excerpt") or "",
        sections=tags[:1],
        tags=tags[1:],
        authors=site.names_of("authors", post["id"]),
        language=post.get("locale") or "",
        image=ground.address((post.get("feature_image") or "").replace("__GHOST_URL__", root)),
    )
    return Found(where, told)


def _plain(text: str | None) -> str:
    parts = re.split(r"\n\s*\n", text or "")
    return "".join(f"<p>{html.escape(each)}</p>" for each in parts if each.strip())


def _of_lexical(told: str | None) -> str:
    """Write a post that was never rendered: what its editor (Lexical) keeps, as plain HTML."""
    try:
        return _node(json.loads(told)["root"]) if told else ""
    except (ValueError, KeyError, TypeError):
        return ""


_TAGS = {
    "heading": "h2",
    "extended-heading": "h2",
    "quote": "blockquote",
    "extended-quote": "blockquote",
    "listitem": "li",
}


def _node(node: dict[str, Any]) -> str:
    inside = "".join(map(_node, node.get("children", ())))
    match node.get("type"):
        case "text" | "extended-text":
            told = html.escape(str(node.get("text", "")))
        case "linebreak":
            told = "<br>"
        case "image":
            told = f'<p><img src="{_told(node, "src")}" alt="{_told(node, "alt")}"></p>'
        case "link":
            told = f'<a href="{_told(node, "url")}">{inside}</a>'
        case "html" | "markdown" as kind:
            told = str(node.get(kind) or "")
        case "root":
            told = inside
        case "list":
            tag = "ol" if node.get("listType") == "number" else "ul"
            told = f"<{tag}>{inside}</{tag}>"
        case kind:
            tag = _TAGS.get(str(kind), "p")
            told = f"<{tag}>{inside}</{tag}>" if inside else ""
    return told


def _told(node: dict[str, Any], name: str) -> str:
    return html.escape(node.get(name) or "")


def _time(told: str | None, ground: Ground) -> str | None:
    """Read a time: as text, or in milliseconds as before Ghost 1.0."""
    if not told:
        return None
    try:
        if told.isdigit():
            return ground.time(datetime.fromtimestamp(int(told) / 1000, UTC))
        return ground.time(datetime.fromisoformat(told))
    except (ValueError, OverflowError):
        return None
