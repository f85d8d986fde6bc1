"""Feeds as sources: RSS of every version, RDF, Atom and JSON Feed."""

import io
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser

from circulation.importing.documents import check_xml, json_of
from circulation.importing.identity import stable_id
from circulation.importing.items import SourceDefaults, SourceError, SourceItem, make_submission
from circulation.text import plain
from circulation.times import read_moment, without_leap_second

Entry = Mapping[str, Any]


def _read_leap_second(text: str) -> tuple[Any, ...] | None:
    """Read a time that ends in a leap second, which feedparser misreads or does not read."""
    readable = without_leap_second(text)
    if readable == text:
        return None
    try:
        moment = parsedate_to_datetime(readable)
    except ValueError:
        moment = datetime.fromisoformat(readable)
    return moment.utctimetuple()


feedparser.registerDateHandler(_read_leap_second)

# A numeric character reference, at any level of escaping, with more digits than Python converts.
_LONG_REFERENCE = re.compile(rb"#[0-9]{1000,}")


def read_feed(content: bytes, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read the items of a feed; a fault in one item does not affect the others.

    Raises SourceError for content that is no feed, and for XML that declares entities
    (documents.check_xml).
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _read_json(content, defaults)
        return
    check_xml(io.BytesIO(content))
    feed = _parse(content)
    if not feed.get("version") and not feed.entries:
        reason = str(feed.get("bozo_exception", "")).partition("\n")[0]
        raise SourceError(f"it is no feed{f': {reason}' if reason else ''}")
    for number, entry in enumerate(feed.entries, 1):
        yield _read_entry(entry, feed.feed, defaults, number)
    if feed.bozo and not isinstance(feed.bozo_exception, feedparser.CharacterEncodingOverride):
        reason = str(feed.bozo_exception).partition("\n")[0]
        yield SourceItem(
            "the feed", None, f"is not well-formed ({reason}); there may be more in it"
        )


def _parse(content: bytes) -> Any:  # noqa: ANN401  feedparser's dictionary
    """Parse XML, passed as a file because feedparser takes a string for an address or a file name.

    feedparser should raise nothing, but does for some markup whose relative addresses it resolves
    by xml:base. Then the feed is parsed again without that, so that no other item is lost.
    """
    content = _LONG_REFERENCE.sub(b"#65533", content)
    try:
        return feedparser.parse(io.BytesIO(content), sanitize_html=False)
    except Exception:  # noqa: BLE001  feedparser documents none
        return _parse_without_markup(content)


def _parse_without_markup(content: bytes) -> Any:  # noqa: ANN401
    try:
        return feedparser.parse(
            io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        raise SourceError(f"it is no feed that can be read: {error}") from error


def _read_entry(entry: Entry, feed: Entry, defaults: SourceDefaults, number: int) -> SourceItem:
    url = defaults.address(_text(entry, "link"), _text(feed, "link"))
    contents = sorted(
        entry.get("content", ()), key=lambda content: "html" not in _text(content, "type")
    )
    content, summary = _text(contents[0], "value") if contents else "", _text(entry, "summary")
    # entry.get would fall back to the publication time, with a warning.
    updated = entry["updated_parsed"] if "updated_parsed" in entry else None  # noqa: SIM401
    published = entry.get("published_parsed") or updated
    tags = entry.get("tags", [])
    article = make_submission(
        article_id=stable_id(_text(entry, "id").strip(), url),
        defaults=defaults,
        url=url,
        title=plain(_text(entry, "title")),
        body=content or summary,
        published=_format_moment(published, defaults),
        updated=_format_moment(updated, defaults),
        summary=plain(summary) if content else "",
        sections=[_text(tag, "term") for tag in tags[:1]],
        tags=[_text(tag, "term") for tag in tags[1:]],
        authors=[_text(author, "name") for author in entry.get("authors", ())],
        language=_text(entry, "language") or _text(feed, "language"),
        image=defaults.address(_find_image(entry), url),
    )
    return SourceItem(_text(entry, "title") or url or f"item {number}", article)


def _find_image(entry: Entry) -> str:
    """Find the address of an entry's picture: an enclosure, Media RSS, or a thumbnail."""
    for file in (*entry.get("enclosures", ()), *entry.get("media_content", ())):
        media_type = _text(file, "type")
        if media_type.startswith("image/") or (not media_type and file.get("medium") == "image"):
            return _text(file, "href") or _text(file, "url")
    thumbnails = entry.get("media_thumbnail", ())
    return _text(thumbnails[0], "url") if thumbnails else ""


def _format_moment(moment: Any, defaults: SourceDefaults) -> str | None:  # noqa: ANN401  feedparser's struct_time
    try:
        return defaults.time(datetime.fromtimestamp(timegm(moment), UTC)) if moment else None
    except (ValueError, OverflowError):
        return None


def _read_json(content: bytes, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read a JSON Feed, 1.0 or 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    feed = json_of(content)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise SourceError("it is no JSON Feed: it has no items")
    for number, item in enumerate(items, 1):
        where = f"item {number}"
        yield (
            _read_item(item, feed, defaults, where)
            if isinstance(item, dict)
            else SourceItem(where, None, "is no object")
        )


def _read_item(item: Entry, feed: Entry, defaults: SourceDefaults, where: str) -> SourceItem:
    base = _text(feed, "home_page_url")
    url = defaults.address(_text(item, "url") or _text(item, "external_url"), base)
    authors = _list(item, "authors") or [item.get("author") or feed.get("author")]
    tags = [tag for tag in _list(item, "tags") if isinstance(tag, str)]
    article = make_submission(
        article_id=stable_id(_id(item), url),
        defaults=defaults,
        url=url,
        title=_text(item, "title"),
        body=_text(item, "content_html") or _text(item, "content_text"),
        published=_time(item, "date_published", defaults),
        updated=_time(item, "date_modified", defaults),
        summary=_text(item, "summary"),
        sections=tags[:1],
        tags=tags[1:],
        authors=[_text(author, "name") for author in authors if isinstance(author, dict)],
        language=_text(item, "language") or _text(feed, "language"),
        image=defaults.address(_text(item, "image") or _text(item, "banner_image"), url),
    )
    return SourceItem(_text(item, "title") or url or where, article)


def _text(fields: Entry, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _list(fields: Entry, name: str) -> list[Any]:
    value = fields.get(name)
    return value if isinstance(value, list) else []


def _id(item: Entry) -> str:
    """Give an item's id as text; a number is coerced to a string (JSON Feed 1.1, "Items")."""
    value = item.get("id", "")
    return str(value) if isinstance(value, str | int | float) else ""


def _time(fields: Entry, name: str, defaults: SourceDefaults) -> str | None:
    try:
        return defaults.time(read_moment(_text(fields, name)))
    except ValueError:
        return None
