"""Feeds as they are published: RSS, RDF, Atom and JSON Feed, parsed with feedsmith."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from bench.moving_in.parsers import UnreadError, parse_feed
from bench.moving_in.reading import (
    HTML_NAMES,
    Article,
    Body,
    State,
    compared,
    compared_embed,
    compared_image,
    one_line,
    read_body,
    read_text,
    title_of_html,
)
from bench.moving_in.times import read_time

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)[^<>]*>")
_REFERENCE = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_EMAIL = re.compile(r"^\S+@\S+\s*\((.*)\)$")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([\w.-]+)""")
_PICTURE = re.compile(r"\.(jpe?g|png|gif|webp|avif)$", re.IGNORECASE)

Entry = dict[str, Any]


def read_feed(path: Path, site: str, now: datetime) -> list[Article]:
    """Read the items of a feed; site is what relative addresses are resolved against."""
    text = _decode(path.read_bytes())
    form, feed = parse_feed(text)
    entries = feed.get("entries") or feed.get("items") or []
    if form == "atom":
        published = read_publications(text)
        base = urljoin(site, _alternate(feed))
        articles = [
            _atom_article(entry, feed, urljoin(base, place.path) if place.path else "", base)
            for entry, place in zip(entries, published, strict=True)
        ]
        for article, place in zip(articles, published, strict=True):
            article.state = place.state
        articles = [
            article for article, place in zip(articles, published, strict=True) if place.is_article
        ]
    else:
        read = _json_article if form == "json" else _rss_article
        articles = [read(entry, feed, site) for entry in entries]
        versions = [
            (_id_of(entry), article.published or tuple(sorted(article.titles)))
            for entry, article in zip(entries, articles, strict=True)
        ]
        for number, article in enumerate(articles):
            if versions[number][0] and versions[number] in versions[:number]:
                # Items of one id and time are versions of one: readers show one of them.
                article.state, article.address = State.EITHER, ""
    for article in articles:
        if article.published and article.published > now:
            article.state = State.PRIVATE
    return _distinct(articles)


def _id_of(entry: Entry) -> str:
    guid = entry.get("guid")
    return str(guid.get("value") or "" if isinstance(guid, dict) else entry.get("id") or "")


@dataclass(frozen=True, slots=True)
class Publication:
    """What an Atom entry says of its publication, in names that are not Atom's own."""

    state: State
    is_article: bool
    path: str
    """The path of its page, of Google Takeout."""


def read_publications(text: str) -> list[Publication]:
    """Read which entries of an Atom feed are drafts (RFC 5023, 13.1.1), and Blogger's own words.

    A backup of Blogger has posts, pages, comments, settings and templates as entries, told apart
    by a category or, in Google Takeout, by a type and a status.
    https://developers.google.com/blogger/docs/2.0/reference/gdata
    """
    try:
        entries = [
            element for element in ET.fromstring(text.encode()) if _local(element.tag) == "entry"
        ]
    except ET.ParseError as error:
        raise UnreadError(str(error)) from error
    return [_publication_of(entry) for entry in entries]


def _publication_of(entry: ET.Element) -> Publication:
    texts = {_local(part.tag): (part.text or "").strip() for part in entry.iter()}
    kinds = [
        part.get("term", "").rpartition("#")[2]
        for part in entry
        if part.get("scheme", "").endswith("#kind")
    ]
    kind = texts.get("type") or next(iter(kinds), "post")
    is_out = texts.get("draft") != "yes" and texts.get("status", "LIVE") == "LIVE"
    state = State.PUBLIC if is_out and not texts.get("trashed") else State.PRIVATE
    return Publication(state, kind.lower() == "post", texts.get("filename", ""))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _distinct(articles: list[Article]) -> list[Article]:
    """Leave out an address that several items have: it tells them not apart."""
    addresses = [article.address for article in articles]
    for article in articles:
        if addresses.count(article.address) > 1:
            article.address = ""
    return articles


def _decode(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    named = _ENCODING.search(content[:200])
    try:
        return content.decode(named[1].decode() if named else "utf-8-sig", errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def is_html(text: str) -> bool:
    """Tell whether a text of RSS, which says it nowhere, is HTML: it has an element of HTML."""
    return any(name.lower() in HTML_NAMES for name in _TAG.findall(text))


def rss_titles(title: str) -> frozenset[str]:
    """Give the ways to read a title of RSS, which is text or HTML and does not say which.

    https://www.rssboard.org/rss-profile#data-types-characterdata
    """
    literal = one_line(title)
    if not literal:
        return frozenset()
    unescaped = one_line(html.unescape(literal)) if _REFERENCE.search(literal) else literal
    return frozenset({literal, unescaped, title_of_html(literal), title_of_html(unescaped)})


def _rss_article(item: Entry, feed: Entry, site: str) -> Article:
    guid = item.get("guid") or {}
    link = item.get("link") or (guid.get("value", "") if guid.get("isPermaLink", True) else "")
    base = urljoin(site, urljoin(feed.get("link") or "", link))
    content = (item.get("content") or {}).get("encoded") or item.get("description") or ""
    published = item.get("pubDate") or first_of((item.get("dc") or {}).get("dates"))
    names = [author.get("name") or author.get("email", "") for author in item.get("authors", [])]
    names = (item.get("dc") or {}).get("creators") or names
    return _article(
        titles=rss_titles(item.get("title") or ""),
        published=read_time(published),
        names=names,
        base=base if link else "",
        body=_rss_body(content, base),
        item=item,
    )


def _rss_body(content: str, base: str) -> Body:
    if is_html(content) or _REFERENCE.search(content):
        return read_body(content, base)
    return read_text(content)


def first_of(values: Iterable[str] | None) -> str:
    """Give the first of several values; empty without one."""
    return next(iter(values or ()), "")


def _article(  # noqa: PLR0913  the fields of an article
    *,
    titles: frozenset[str],
    published: datetime | None,
    names: Iterable[str],
    base: str,
    body: Body,
    item: Entry,
) -> Article:
    authors = (one_line(_EMAIL.sub(r"\1", name.strip())).casefold() for name in names if name)
    return Article(
        where=max(titles, default=base),
        titles=titles,
        published=published,
        authors=frozenset(filter(None, authors)),
        address=compared(base),
        body=body,
        lead=frozenset(compared_image(address, base) for address in _pictures(item)),
        files=tuple(compared_embed(address, base) for address in _files(item)),
    )


def _attachments(item: Entry) -> list[tuple[str, str]]:
    """Give the type and address of everything that comes with an item."""
    links = [link for link in item.get("links", []) if link.get("rel") == "enclosure"]
    media = item.get("media") or {}
    groups = [media, *([media["group"]] if isinstance(media.get("group"), dict) else [])]
    contents = [content for group in groups for content in group.get("contents", [])]
    return [
        (
            attachment.get("type") or attachment.get("mime_type") or attachment.get("medium") or "",
            attachment.get("url") or attachment.get("href") or "",
        )
        for attachment in [
            *item.get("enclosures", []),
            *links,
            *contents,
            *item.get("attachments", []),
        ]
    ]


def _pictures(item: Entry) -> list[str]:
    media = item.get("media") or {}
    thumbnails = [thumbnail.get("url", "") for thumbnail in media.get("thumbnails", [])]
    group = media.get("group") if isinstance(media.get("group"), dict) else {}
    thumbnails += [thumbnail.get("url", "") for thumbnail in (group or {}).get("thumbnails", [])]
    named = [item.get("image"), item.get("banner_image"), (item.get("itunes") or {}).get("image")]
    attached = [
        address
        for kind, address in _attachments(item)
        if kind.startswith("image") or (not kind and _PICTURE.search(address.partition("?")[0]))
    ]
    addresses = attached + thumbnails + [name for name in named if isinstance(name, str)]
    return [address for address in addresses if address]


def _files(item: Entry) -> list[str]:
    return list(
        dict.fromkeys(
            address
            for kind, address in _attachments(item)
            if kind.startswith(("audio", "video")) and address
        )
    )


def _atom_article(entry: Entry, feed: Entry, own: str, site: str) -> Article:
    base = own or (urljoin(site, _alternate(entry)) if _alternate(entry) else "")
    content = entry.get("content") or entry.get("summary") or {}
    if not content.get("value"):
        content = entry.get("summary") or {}
    title = entry.get("title") or {}
    people = entry.get("authors") or feed.get("authors") or []
    return _article(
        titles=atom_titles(title.get("value") or "", title.get("type") or "text"),
        published=read_time(entry.get("published") or entry.get("updated")),
        names=[person.get("name", "") for person in people],
        base=base,
        body=_atom_body(content, urljoin(base, (content.get("xml") or {}).get("base", ""))),
        item=entry,
    )


def atom_titles(title: str, kind: str) -> frozenset[str]:
    """Read an Atom title as its type says (RFC 4287, 3.1.1): text is literal."""
    read = one_line(title) if kind == "text" else title_of_html(title)
    return frozenset({read}) if read else frozenset()


def _atom_body(content: Entry, base: str) -> Body:
    value = content.get("value") or ""
    return read_body(value, base) if "html" in (content.get("type") or "text") else read_text(value)


def _alternate(feed: Entry) -> str:
    links = feed.get("links", [])
    return first_of(
        link.get("href", "") for link in links if link.get("rel") in (None, "alternate")
    )


def _json_article(item: Entry, feed: Entry, site: str) -> Article:
    link = item.get("url") or item.get("external_url") or ""
    base = urljoin(urljoin(site, feed.get("home_page_url") or ""), link) if link else ""
    people = item.get("authors") or feed.get("authors") or []
    html_content = item.get("content_html")
    body = (
        read_body(html_content, base) if html_content else read_text(item.get("content_text") or "")
    )
    title = one_line(item.get("title") or "")
    return _article(
        titles=frozenset({title}) if title else frozenset(),
        published=read_time(item.get("date_published")),
        names=[person.get("name", "") for person in people],
        base=base,
        body=body,
        item=item,
    )
