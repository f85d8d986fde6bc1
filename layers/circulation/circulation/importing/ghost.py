"""Ghost exports: one JSON file, read as a stream.

Public are posts of the status "published", and "scheduled" at their time, with the visibility
"public" (https://docs.ghost.org/admin-api/posts/overview). Private are drafts, posts that were sent
by mail alone ("sent"; "email_only" in posts_meta before that), and those for members, for those who
pay, or for tiers, also the beginning of these that Ghost shows to everyone. Of a public post the
part after the card "public preview", and cards that are not for strangers, are left out
(ghost_markup.public_part). Code injections are never taken. Titles, excerpts and names are text,
as Ghost shows them (`Vec<T>` stays); entities that another system left in them are read.
"""

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

from circulation.importing.ghost_markup import (
    MAX_DEPTH,
    is_damaged,
    lexical_to_html,
    mobiledoc_to_html,
    public_part,
)
from circulation.importing.items import (
    SourceDefaults,
    SourceError,
    SourceItem,
    Verdict,
    make_submission,
)
from circulation.text import plain
from circulation.times import read_moment

_PLACES = ("db.item.data", "data")
"""The two places of the tables: in an export from Ghost's admin, and in its data alone."""
_MAX_DIGITS = 1_000
_SHOWN = re.compile(r"<(?:img|iframe|audio|video|embed|object)\b", flags=re.IGNORECASE)
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]|[0-9]{%d}' % (_MAX_DIGITS + 1), flags=re.DOTALL)


@dataclass
class _Site:
    """The tables "tags" and "authors", which posts are joined with.

    Names are by the tag's or author's id; of_posts has the ids with their sort order, by post id.
    """

    names: dict[str, dict[str, str]] = field(default_factory=dict)
    of_posts: dict[str, dict[str, list[tuple[int, str]]]] = field(default_factory=dict)
    mails: set[str] = field(default_factory=set)
    """The ids of posts that are mails and no pages."""
    language: str = ""

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
            "tags": {
                _text(row, "id"): html.unescape(_text(row, "name")) for row in _rows(path, "tags")
            },
            "authors": {
                _text(row, "id"): html.unescape(_text(row, "name")) for row in _rows(path, "users")
            },
        },
        mails={
            _text(row, "post_id") for row in _rows(path, "posts_meta") if _is_set(row, "email_only")
        },
        language=_language_of(path),
        of_posts={
            "tags": _read_links(path, "posts_tags", "tag_id"),
            "authors": _read_links(path, "posts_authors", "author_id"),
        },
    )
    for number, post in enumerate(_rows(path, "posts"), 1):
        yield from _read_post(post, site, defaults, number)


def _language_of(path: Path) -> str:
    """Give the site's language: the setting "locale", before Ghost 5 "lang" or "default_locale"."""
    names = ("locale", "lang", "default_locale")
    settings = {_text(row, "key"): _text(row, "value") for row in _rows(path, "settings")}
    return next((settings[name] for name in names if settings.get(name)), "")


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
            if depth > MAX_DEPTH:
                raise SourceError(f"it nests more than {MAX_DEPTH} deep")


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
) -> Iterator[SourceItem]:
    where = html.unescape(_text(post, "title")) or f"post {number}"
    kind = _text(post, "type") or ("page" if _is_set(post, "page") else "post")
    if kind != "post":
        yield SourceItem(where, None, f"is no post but a {kind}", Verdict.SKIPPED)
        return
    post_id = _text(post, "id")
    reason = _why_private(post, is_mail=post_id in site.mails)
    if reason:
        yield SourceItem(where, None, reason, Verdict.PRIVATE)
        return
    root = defaults.site.rstrip("/")
    tags = [tag for tag in site.names_of("tags", post_id) if not tag.startswith("#")]
    body, has_hidden = public_part(_body_of(post))
    title, slug = html.unescape(_text(post, "title")), _text(post, "slug")
    summary = html.unescape(_text(post, "custom_excerpt"))
    shows = bool(_SHOWN.search(body) or plain(body))
    if has_hidden and not shows:
        yield SourceItem(where, None, "is for members alone, all of it", Verdict.PRIVATE)
        return
    article = make_submission(
        source_id=post_id,
        own_id=post_id,
        defaults=defaults,
        # A canonical_url elsewhere says where a copy was published first; the page is here.
        url=defaults.address(f"{root}/{slug}/" if slug else ""),
        title=title,
        body=(body if shows else f"<p>{html.escape(summary or title, quote=False)}</p>").replace(
            "__GHOST_URL__", root
        ),
        body_is_summary=not shows,
        published=_time(post, "published_at", defaults),
        updated=_time(post, "updated_at", defaults),
        summary=summary,
        sections=tags[:1],
        tags=tags[1:],
        authors=site.names_of("authors", post_id),
        language=_text(post, "locale") or site.language,
        image=defaults.address(_text(post, "feature_image").replace("__GHOST_URL__", root)),
    )
    yield SourceItem(where, article)
    if has_hidden:
        yield SourceItem(where, None, "its part for members is left out", Verdict.WARNING)
    if not shows and any(is_damaged(_text(post, editor)) for editor in ("lexical", "mobiledoc")):
        reason = "its text is damaged in the export; its title stands in its place"
        yield SourceItem(where, None, reason, Verdict.WARNING)


def _why_private(post: dict[str, Any], *, is_mail: bool) -> str:
    """Say why a post is not for everyone; empty if it is."""
    status, visibility = _text(post, "status"), _text(post, "visibility") or "public"
    if status == "sent" or is_mail:
        return "was or will be sent by mail and is no page"
    if status not in ("published", "scheduled"):
        return f"is not published: {status or 'no status'}"
    return "" if visibility == "public" else f"is for {visibility} alone"


def _is_set(row: dict[str, Any], name: str) -> bool:
    return row.get(name) not in (None, 0, False)


def _body_of(post: dict[str, Any]) -> str:
    return (
        _text(post, "html")
        or lexical_to_html(_text(post, "lexical"))
        or mobiledoc_to_html(_text(post, "mobiledoc"))
        or _paragraphs_of(_text(post, "plaintext"))
    )


def _paragraphs_of(text: str) -> str:
    parts = re.split(r"\n\s*\n", text)
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts if part.strip())


def _time(post: dict[str, Any], name: str, defaults: SourceDefaults) -> str | None:
    """Read a time: text, or milliseconds since 1970 (before Ghost 1.0). None if it is invalid."""
    text = _text(post, name)
    try:
        if text.isdigit():
            return defaults.time(datetime.fromtimestamp(int(text) / 1000, UTC))
        return defaults.time(read_moment(text))
    except (ValueError, OverflowError, OSError):
        return None
