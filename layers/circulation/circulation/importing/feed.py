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
from circulation.importing.found import Found, Ground, SourceError, submission
from circulation.importing.identity import stable_id
from circulation.text import plain
from circulation.times import read_moment, without_leap_second

Entry = Mapping[str, Any]


def _read_leap_second(text: str) -> tuple[Any, ...] | None:
    """Read a time that ends in a leap second, which feedparser takes for the next day's or none."""
    told = without_leap_second(text)
    if told == text:
        return None
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        moment = datetime.fromisoformat(told)
    return moment.utctimetuple()


feedparser.registerDateHandler(_read_leap_second)

# A character's number, at any level of escaping, that Python refuses to read.
_LONG_REFERENCE = re.compile(rb"#[0-9]{1000,}")


def read_feed(content: bytes, ground: Ground) -> Iterator[Found]:
    """Read a feed whole; what is wrong with it in places spoils those alone.

    Raises SourceError for what is no feed, and for XML that declares entities of its own: no feed
    needs them, and they can grow without bounds.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _read_json(content, ground)
        return
    check_xml(io.BytesIO(content))
    told = _parsed(content)
    if not told.get("version") and not told.entries:
        reason = str(told.get("bozo_exception", "")).partition("\n")[0]
        raise SourceError(f"it is no feed{f': {reason}' if reason else ''}")
    for number, entry in enumerate(told.entries, 1):
        yield _entry(entry, told.feed, ground, number)
    if told.bozo and not isinstance(told.bozo_exception, feedparser.CharacterEncodingOverride):
        reason = str(told.bozo_exception).partition("\n")[0]
        yield Found("the feed", None, f"is not well-formed ({reason}); there may be more in it")


def _parsed(content: bytes) -> Any:  # noqa: ANN401  feedparser's dictionary
    """Parse XML; bytes or text by themselves feedparser would take for the name of a file.

    It means to raise nothing. Where it does over the markup in an item, whose addresses it makes
    absolute by xml:base, the feed is read without that, so that the others are not lost.
    """
    content = _LONG_REFERENCE.sub(b"#65533", content)
    try:
        return feedparser.parse(io.BytesIO(content), sanitize_html=False)
    except Exception:  # noqa: BLE001  it says of none that it may
        return _parsed_without_markup(content)


def _parsed_without_markup(content: bytes) -> Any:  # noqa: ANN401
    try:
        return feedparser.parse(
            io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        raise SourceError(f"it is no feed that can be read: {error}") from error


def _entry(entry: Entry, feed: Entry, ground: Ground, number: int) -> Found:
    url = ground.address(_text(entry, "link"), _text(feed, "link"))
    contents = sorted(entry.get("content", ()), key=lambda each: "html" not in _text(each, "type"))
    content, summary = _text(contents[0], "value") if contents else "", _text(entry, "summary")
    # Without an update feedparser takes the publication for one, and warns of it.
    updated = entry["updated_parsed"] if "updated_parsed" in entry else None  # noqa: SIM401
    published = entry.get("published_parsed") or updated
    tags = entry.get("tags", [])
    told = submission(
        article_id=stable_id(_text(entry, "id").strip(), url),
        ground=ground,
        url=url,
        title=plain(_text(entry, "title")),
        body=content or summary,
        published=_utc(published, ground),
        updated=_utc(updated, ground),
        summary=plain(summary) if content else "",
        sections=[_text(each, "term") for each in tags[:1]],
        tags=[_text(each, "term") for each in tags[1:]],
        authors=[_text(each, "name") for each in entry.get("authors", ())],
        language=_text(entry, "language") or _text(feed, "language"),
        image=ground.address(_image(entry), url),
    )
    return Found(_text(entry, "title") or url or f"item {number}", told)


def _image(entry: Entry) -> str:
    """Find an entry's picture: an enclosure, Media RSS, or a thumbnail."""
    for each in (*entry.get("enclosures", ()), *entry.get("media_content", ())):
        kind = _text(each, "type")
        if kind.startswith("image/") or (not kind and each.get("medium") == "image"):
            return _text(each, "href") or _text(each, "url")
    thumbnails = entry.get("media_thumbnail", ())
    return _text(thumbnails[0], "url") if thumbnails else ""


def _utc(told: Any, ground: Ground) -> str | None:  # noqa: ANN401  feedparser's struct_time
    try:
        return ground.time(datetime.fromtimestamp(timegm(told), UTC)) if told else None
    except (ValueError, OverflowError):
        return None


def _read_json(content: bytes, ground: Ground) -> Iterator[Found]:
    """Read a JSON Feed, 1.0 or 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    told = json_of(content)
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
    authors = _list(item, "authors") or [item.get("author") or feed.get("author")]
    tags = [each for each in _list(item, "tags") if isinstance(each, str)]
    told = submission(
        article_id=stable_id(_id(item), url),
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


def _list(told: Entry, name: str) -> list[Any]:
    value = told.get(name)
    return value if isinstance(value, list) else []


def _id(item: Entry) -> str:
    """Give an item's own id; some write a number (JSON Feed 1.1, "Items": coerced to a string)."""
    value = item.get("id", "")
    return str(value) if isinstance(value, str | int | float) else ""


def _time(told: Entry, name: str, ground: Ground) -> str | None:
    try:
        return ground.time(read_moment(_text(told, name)))
    except ValueError:
        return None
