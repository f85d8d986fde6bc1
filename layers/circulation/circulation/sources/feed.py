"""Feeds as sources: RSS of every version, RDF, Atom and JSON Feed."""

import json
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from circulation.sources.found import Found, Ground, SourceError, submission
from circulation.sources.identity import stable_id
from circulation.text import plain

Entry = Mapping[str, Any]

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", flags=re.ASCII)


def read_feed(content: bytes, ground: Ground) -> Iterator[Found]:
    """Read a feed whole; what is wrong with it in places spoils those alone.

    Raises SourceError for what is no feed, and for XML that declares entities of its own: no feed
    needs them, and they can grow without bounds.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _read_json(content, ground)
        return
    if b"<!ENTITY" in content[:65_536]:
        raise SourceError("it declares XML entities of its own, which are not read")
    told = feedparser.parse(content, sanitize_html=False)
    if not told.get("version") and not told.entries:
        reason = str(told.get("bozo_exception", "")).partition("\n")[0]
        raise SourceError(f"it is no feed{f': {reason}' if reason else ''}")
    for number, entry in enumerate(told.entries, 1):
        yield _entry(entry, told.feed, ground, number)
    if told.bozo and not isinstance(told.bozo_exception, feedparser.CharacterEncodingOverride):
        reason = str(told.bozo_exception).partition("\n")[0]
        yield Found("the feed", None, f"is not well-formed ({reason}); there may be more in it")


def _entry(entry: Entry, feed: Entry, ground: Ground, number: int) -> Found:
    url = ground.address(entry.get("link", ""), feed.get("link", ""))
    contents = sorted(entry.get("content", ()), key=lambda each: "html" not in each.get("type", ""))
    content, summary = contents[0]["value"] if contents else "", entry.get("summary", "")
    # Without an update feedparser takes the publication for one, and warns of it.
    updated = entry["updated_parsed"] if "updated_parsed" in entry else None  # noqa: SIM401
    published = entry.get("published_parsed") or updated
    tags = entry.get("tags", [])
    language = entry.get("language") or feed.get("language") or ""
    told = submission(
        article_id=stable_id(entry.get("id", "").strip(), url),
        ground=ground,
        url=url,
        title=plain(entry.get("title", "")),
        body=content or summary,
        published=_utc(published, ground),
        updated=_utc(updated, ground),
        summary=plain(summary) if content else "",
        sections=[each.get("term") or "" for each in tags[:1]],
        tags=[each.get("term") or "" for each in tags[1:]],
        authors=[each.get("name", "") for each in entry.get("authors", ())],
        language=language if _LANGUAGE.fullmatch(language) else "",
        image=ground.address(_image(entry), url),
    )
    return Found(entry.get("title") or url or f"item {number}", told)


def _image(entry: Entry) -> str:
    """Find an entry's picture: an enclosure, Media RSS, or a thumbnail."""
    for each in (*entry.get("enclosures", ()), *entry.get("media_content", ())):
        kind = each.get("type", "")
        if kind.startswith("image/") or (not kind and each.get("medium") == "image"):
            return str(each.get("href") or each.get("url") or "")
    thumbnails = entry.get("media_thumbnail", ())
    return str(thumbnails[0].get("url", "")) if thumbnails else ""


def _utc(told: Any, ground: Ground) -> str | None:  # noqa: ANN401  feedparser's struct_time
    try:
        return ground.time(datetime.fromtimestamp(timegm(told), UTC)) if told else None
    except (ValueError, OverflowError):
        return None


def _read_json(content: bytes, ground: Ground) -> Iterator[Found]:
    """Read a JSON Feed, 1.0 or 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"it is not JSON: {error}") from error
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list):
        raise SourceError("it is no JSON Feed: it has no items")
    for number, item in enumerate(items, 1):
        where = f"item {number}"
        yield (
            _item(item, told, ground, where)
            if isinstance(item, dict)
            else Found(where, None, "is no object")
        )


def _item(item: Entry, feed: Entry, ground: Ground, where: str) -> Found:
    base = _text(feed, "home_page_url")
    url = ground.address(_text(item, "url") or _text(item, "external_url"), base)
    authors = item.get("authors") or [item.get("author") or feed.get("author") or {}]
    tags = [each for each in item.get("tags") or () if isinstance(each, str)]
    told = submission(
        article_id=stable_id(str(item.get("id", "")), url),
        ground=ground,
        url=url,
        title=_text(item, "title"),
        body=_text(item, "content_html") or _text(item, "content_text"),
        published=_time(item, "date_published", ground),
        updated=_time(item, "date_modified", ground),
        summary=_text(item, "summary"),
        sections=tags[:1],
        tags=tags[1:],
        authors=[_text(each, "name") for each in authors if isinstance(each, dict)],
        language=_text(item, "language") or _text(feed, "language"),
        image=ground.address(_text(item, "image") or _text(item, "banner_image"), url),
    )
    return Found(_text(item, "title") or url or where, told)


def _text(told: Entry, name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _time(told: Entry, name: str, ground: Ground) -> str | None:
    try:
        return ground.time(datetime.fromisoformat(_text(told, name)))
    except ValueError:
        return None
