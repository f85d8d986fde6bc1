"""Feeds as sources: RSS of every version, RDF, Atom and JSON Feed."""

import io
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

import feedparser

from circulation.articles.markup_tree import escape
from circulation.articles.paragraphs import part_text
from circulation.importing.documents import check_xml, json_of, text_at
from circulation.importing.feed_items import FeedDate, FeedItem, File, make_items
from circulation.importing.feed_json import is_rss_in_json, read_json_feed, write_rss
from circulation.importing.feed_texts import (
    is_picture,
    is_recording,
    read_date,
    read_title,
    split_names,
    utc_of,
)
from circulation.importing.items import SourceDefaults, SourceError, SourceItem, Verdict
from circulation.text import one_line, plain
from circulation.times import without_leap_second
from circulation.urls import address_or_none

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
_REST_OF_MAIL = re.compile(r"[a-z.]*\s*\(([^()]*)\)?")
_PLAIN = "text/plain"
_MARKUP = ("text/html", "application/xhtml+xml")


def read_feed(content: bytes, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read the items of a feed; a fault in one item does not affect the others.

    Raises SourceError for content that is no feed, and for XML that declares entities
    (documents.check_xml).
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        document = json_of(content)
        if not is_rss_in_json(document):
            yield from read_json_feed(document, defaults)
            return
        content = write_rss(document)
    check_xml(io.BytesIO(content))
    feed = _parse(content)
    if not feed.get("version") and not feed.entries:
        reason = str(feed.get("bozo_exception", "")).partition("\n")[0]
        raise SourceError(f"it is no feed{f': {reason}' if reason else ''}")
    items = [
        _read_entry(entry, feed, defaults, number) for number, entry in enumerate(feed.entries, 1)
    ]
    yield from make_items(items, defaults.address(text_at(feed.feed, "link")), defaults)
    if feed.bozo and not isinstance(feed.bozo_exception, feedparser.CharacterEncodingOverride):
        reason = str(feed.bozo_exception).partition("\n")[0]
        reason = f"is not well-formed ({reason}); there may be more in it"
        yield SourceItem("the feed", None, reason, Verdict.WARNING)


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


_KIND_SCHEME = "http://schemas.google.com/g/2005#kind"


def _why_not(entry: Entry) -> tuple[str, Verdict]:
    """Say why an entry is no public article; empty if it is one.

    A draft says so by app:draft (RFC 5023, section 13.1.1), whatever its prefix. Blogger's archives
    have settings, templates and comments as entries, and drafts (importing.blogger).
    """
    kinds = [text_at(tag, "term") for tag in _mappings(entry, "tags") if _is_kind(tag)]
    kind = text_at(entry, "blogger_type") or next(iter(kinds), "post").rpartition("#")[2]
    if kind.lower() != "post":
        return f"is no post but of the kind {kind.lower()}", Verdict.SKIPPED
    status = text_at(entry, "blogger_status") or "LIVE"
    drafts = [name for name in entry if name == "draft" or name.endswith("_draft")]
    if (
        any(text_at(entry, name).strip().lower() not in ("", "no") for name in drafts)
        or status not in ("LIVE", "SCHEDULED")
        or text_at(entry, "blogger_trashed")
    ):
        return "is not published", Verdict.PRIVATE
    return "", Verdict.ARTICLE


def _is_kind(tag: Entry) -> bool:
    return text_at(tag, "scheme") == _KIND_SCHEME


def _read_entry(
    entry: Entry,
    feed: Any,  # noqa: ANN401  feedparser's dictionary
    defaults: SourceDefaults,
    number: int,
) -> FeedItem | SourceItem:
    reason, verdict = _why_not(entry)
    if reason:
        return SourceItem(text_at(entry, "title") or f"item {number}", None, reason, verdict)
    is_atom = text_at(feed, "version").startswith("atom")
    base = text_at(feed.feed, "link")
    details = _mapping(entry, "title_detail")
    title = read_title(text_at(entry, "title"), text_at(details, "type"), is_typed=is_atom)
    content = _find_content(entry)
    body, summary = _html_of(content), _mapping(entry, "summary_detail")
    url = _find_address(entry, base, defaults)
    # In RSS the name of a category is HTML, as its descriptions are; in Atom it is an attribute.
    tags = [
        term if is_atom else unescape(term)
        for tag in _mappings(entry, "tags")
        if not _is_kind(tag) and (term := text_at(tag, "term"))
    ]
    item = FeedItem(
        title or url or f"item {number}",
        id=text_at(entry, "id"),
        url=url,
        title=title,
        body=body or _html_of(summary),
        summary=_text_of(summary) if body else "",
        body_is_summary=not body,
        published=_read_date(entry, "published", defaults),
        updated=_read_date(entry, "updated", defaults),
        categories=tags,
        authors=_find_authors(entry, feed, is_atom=is_atom),
        language=next(
            filter(
                None, (text_at(part, "language") for part in (entry, content, details, feed.feed))
            ),
            "",
        ),
    )
    if source := defaults.address(text_at(content, "src"), url or base):
        item.body += f'\n<p><a href="{escape(source)}">{escape(title or source)}</a></p>'
    item.image = defaults.address(_find_picture(entry), url)
    item.files = list(_find_files(entry, url, defaults))
    return item


def _find_content(entry: Entry) -> Entry:
    """Find an entry's content, HTML if it has several; an image in place of text is none."""
    contents = sorted(
        _mappings(entry, "content"), key=lambda content: text_at(content, "type") not in _MARKUP
    )
    usable = (
        content
        for content in contents
        if text_at(content, "src") or text_at(content, "type").startswith(("text/", *_MARKUP))
    )
    return next(usable, {})


def _html_of(content: Entry) -> str:
    """Give a text as HTML, by its type (RFC 4287, section 3.1.1). In RSS everything is HTML."""
    text = text_at(content, "value")
    return part_text(text) if text_at(content, "type") == _PLAIN else text


def _text_of(content: Entry) -> str:
    text = text_at(content, "value")
    return one_line(text) if text_at(content, "type") == _PLAIN else plain(text)


def _find_address(entry: Entry, base: str, defaults: SourceDefaults) -> str:
    """Find the address of an entry's page.

    FeedBurner keeps the original of its own address. Of several alternate links the first HTML page
    is taken. A guid is an address where it is an absolute one (RSS 2.0: isPermaLink). The content
    of Atom may stand elsewhere.
    """
    links = [
        link for link in _mappings(entry, "links") if text_at(link, "rel") in ("", "alternate")
    ]
    pages = [link for link in links if text_at(link, "type") in ("", *_MARKUP)]
    own_id = text_at(entry, "id")
    references = [
        text_at(entry, "feedburner_origlink"),
        *(text_at(link, "href") for link in (*pages, *links)),
        text_at(entry, "link") if text_at(entry, "link") != own_id else "",
    ]
    addresses = [defaults.address(reference, base) for reference in references]
    addresses.append(address_or_none(own_id) or "")
    addresses += [
        defaults.address(text_at(content, "src"), base) for content in _mappings(entry, "content")
    ]
    return next(filter(None, addresses), "")


def _find_authors(entry: Entry, feed: Any, *, is_atom: bool) -> list[str]:  # noqa: ANN401
    """Find the authors: an entry's own, its source's, or the feed's (RFC 4287, section 4.2.1).

    The author of an RSS channel is that of its items only in podcasts: elsewhere it is an editor
    (https://podcasters.apple.com/support/823-podcast-requirements).
    """
    owners = [entry, _mapping(entry, "source")]
    if is_atom or any(name.startswith("itunes_") for name in feed.feed):
        owners.append(feed.feed)
    for owner in owners:
        written = text_at(owner, "author")
        names = [_name_of(author, written) for author in _mappings(owner, "authors")]
        authors = [name for text in names for name in split_names(text) if name]
        if authors:
            return authors
    return []


def _name_of(author: Entry, written: str) -> str:
    """Give an author's name, without a mail address; written is what the feed has.

    Of `a@news.online (Ann)` feedparser takes only four letters of the domain's end off.
    """
    name, mail = text_at(author, "name"), text_at(author, "email")
    if mail and (end := re.search(rf"{re.escape(mail)}([A-Za-z.-]+)", written)):
        return name.replace(end[1], "", 1).strip(" <>()")
    rest = _REST_OF_MAIL.fullmatch(name) if mail else None
    return rest[1] if rest else name


def _find_picture(entry: Entry) -> str:
    """Find the address of an entry's picture: an enclosure, Media RSS, a thumbnail, or iTunes'.

    Of Media RSS the largest is taken.
    """
    for file in _mappings(entry, "enclosures"):
        if is_picture(text_at(file, "href"), text_at(file, "type")):
            return text_at(file, "href")
    pictures = [
        media
        for media in _mappings(entry, "media_content")
        if is_picture(text_at(media, "url"), text_at(media, "type"), text_at(media, "medium"))
    ]
    for candidates in (pictures, _mappings(entry, "media_thumbnail")):
        if candidates:
            return text_at(max(candidates, key=_size_of), "url")
    return text_at(_mapping(entry, "image"), "href")


def _size_of(media: Entry) -> int:
    """Give the width of a picture, or else its height, in pixels; 0 if neither is known."""
    return _number(media, "width") or _number(media, "height")


def _find_files(entry: Entry, url: str, defaults: SourceDefaults) -> Iterator[File]:
    """Give the files that are no pictures."""
    media = [
        file
        for file in _mappings(entry, "media_content")
        if is_recording(text_at(file, "url"), text_at(file, "type"), text_at(file, "medium"))
    ]
    seen: set[str] = set()
    for file in (*_mappings(entry, "enclosures"), *media):
        reference, media_type = text_at(file, "href") or text_at(file, "url"), text_at(file, "type")
        address = defaults.address(reference, url)
        if address and address not in seen and not is_picture(address, media_type):
            seen.add(address)
            length = _number(file, "length") or _number(file, "filesize")
            yield File(address, one_line(media_type), length)


def _read_date(entry: Entry, name: str, defaults: SourceDefaults) -> FeedDate:
    # entry.get would fall back from the update to the publication, with a warning.
    if name not in entry:
        return FeedDate()
    parsed = entry[f"{name}_parsed"] if f"{name}_parsed" in entry else None  # noqa: SIM401
    moment = utc_of(timegm(parsed)) if parsed else None
    return read_date(text_at(entry, name), moment, defaults)


def _number(fields: Entry, name: str) -> int:
    text = text_at(fields, name)
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0


def _mapping(fields: Entry, name: str) -> Entry:
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def _mappings(fields: Entry, name: str) -> list[Entry]:
    value = fields.get(name)
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
