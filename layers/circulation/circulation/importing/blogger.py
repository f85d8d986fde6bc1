"""Archives of Blogger: the backup that Blogger wrote until 2025, and that of Google Takeout today.

Both are one Atom file with everything that a blog has. A post is what the backup gives the kind
http://schemas.google.com/blogger/2008/kind#post and Takeout the type POST; settings, templates,
pages and comments are never taken. A draft says so by app:draft (RFC 5023, section 13.1.1) or by
the status DRAFT, of which LIVE is public and SCHEDULED at its time
(https://developers.google.com/blogger/docs/3.0/reference/posts); what is in the trash has a time in
blogger:trashed. Takeout (https://support.google.com/blogger/answer/41387) gives no addresses but
the paths, in blogger:filename.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from circulation.importing.items import (
    SourceDefaults,
    SourceError,
    SourceItem,
    Verdict,
    make_submission,
)
from circulation.importing.xml_archive import ends_inside, name_of, read_elements, text_of
from circulation.text import plain
from circulation.times import read_moment

TAKEOUT = b"http://schemas.google.com/blogger/2018"
"""The namespace of Takeout's fields."""
_KIND_SCHEME = "http://schemas.google.com/g/2005#kind"
_KIND = "http://schemas.google.com/blogger/2008/kind#"
# A thumbnail of 72 pixels, in an address that gives any size.
_THUMBNAIL = re.compile(r"([/=])s72-c(?=/|$)")
_ARCHIVE = re.compile(rb"tag:blogger\.com,1999:(?:user-[0-9]+\.)?blog-[0-9]+\.archive")
_KIND_CATEGORY = re.compile(rb"""<category\s[^<>]*?term=["']""" + re.escape(_KIND.encode()))
_POST_NUMBER = re.compile(r"\.post-([0-9]{1,20})")


def is_blogger(head: bytes) -> bool:
    """Tell by its first bytes whether a file is an archive of Blogger; a public feed is none."""
    before = head.partition(b"<entry")[0]
    return TAKEOUT in before or bool(_ARCHIVE.search(before) or _KIND_CATEGORY.search(head))


def read_blogger(path: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read the posts of an archive, entry by entry.

    Raises SourceError for XML that declares entities, and for an archive of Takeout if
    defaults.site is empty: it does not hold the site's address.
    """
    faults: list[str] = []
    before: SourceItem | None = None
    for number, element in enumerate(read_elements(path, "entry", faults), 1):
        if before is not None:
            yield before
        before = _read_entry(element, defaults, number)
    if before and before.article and ends_inside(path, "entry"):
        reason = "the archive ends inside it, so that it may be a draft"
        yield SourceItem(before.where, None, reason)
    elif before:
        yield before
    for fault in faults:
        reason = f"is not well-formed: {fault}; there may be more in it"
        yield SourceItem("the archive", None, reason, Verdict.WARNING)


def _read_entry(entry: etree._Element, defaults: SourceDefaults, number: int) -> SourceItem:
    fields: dict[str, etree._Element] = {}
    for element in entry:
        # app:draft stands in app:control.
        for part in element if name_of(element) == "control" else (element,):
            fields.setdefault(name_of(part), part)
    texts = {name: text_of(element).strip() for name, element in fields.items() if name}
    title = _title_of(fields.get("title"))
    where = title or texts.get("id") or f"entry {number}"
    reason, verdict = _why_not(entry, texts)
    if reason:
        return SourceItem(where, None, reason, verdict)
    if "filename" in texts and not defaults.site:
        raise SourceError("Blogger's archive does not say where its site is: tell it with --site")
    url = defaults.address(_address_of(entry) or texts.get("filename", ""))
    thumbnail = fields.get("thumbnail")
    image = "" if thumbnail is None else _THUMBNAIL.sub(r"\1s1600", thumbnail.get("url", ""))
    content = fields.get("content")
    body = "" if content is None else text_of(content)
    if content is not None and content.get("type", "text") == "text":
        body = html.escape(body, quote=False)
    post_number = _POST_NUMBER.search(texts.get("id", ""))
    labels = _labels_of(entry)
    article = make_submission(
        source_id=texts.get("id", ""),
        own_id=post_number[1] if post_number else "",
        defaults=defaults,
        url=url,
        title=title,
        body=body or html.escape(title, quote=False),
        body_is_summary=not body.strip(),
        published=_time(texts.get("published", ""), defaults),
        updated=_time(texts.get("updated", ""), defaults),
        summary=plain(texts.get("metaDescription", "")),
        sections=labels[:1],
        tags=labels[1:],
        authors=_authors_of(entry),
        image=defaults.address(image, url),
    )
    return SourceItem(where, article)


def _why_not(entry: etree._Element, texts: dict[str, str]) -> tuple[str, Verdict]:
    """Say why an entry is not taken, as no post or no public one; empty if it is."""
    kinds = [
        category.get("term", "")
        for category in _children(entry, "category")
        if category.get("scheme") == _KIND_SCHEME
    ]
    kind = texts.get("type") or next(iter(kinds), "").removeprefix(_KIND)
    if kind.lower() != "post":
        return f"is no post but of the kind {kind.lower() or 'unknown'}", Verdict.SKIPPED
    if texts.get("trashed"):
        return "is in the trash", Verdict.PRIVATE
    if texts.get("draft", "no").lower() != "no":
        return "is a draft", Verdict.PRIVATE
    status = texts.get("status", "LIVE" if kinds else "")
    if status not in ("LIVE", "SCHEDULED"):
        return f"is not published: {status.lower() or 'no status'}", Verdict.PRIVATE
    return "", Verdict.ARTICLE


def _children(entry: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in entry if name_of(element) == name]


def _title_of(title: etree._Element | None) -> str:
    """Give a title as text: Takeout's and those of the type html have entities, text has none."""
    if title is None:
        return ""
    match title.get("type"):
        case "html" | "xhtml":
            return plain(text_of(title))
        case "text":
            return text_of(title).strip()
        case _:
            return html.unescape(text_of(title)).strip()


def _address_of(entry: etree._Element) -> str:
    links = (link for link in _children(entry, "link") if link.get("rel") == "alternate")
    return next((link.get("href", "") for link in links), "")


def _labels_of(entry: etree._Element) -> list[str]:
    """Give an entry's labels; Takeout writes several into one term, a line each."""
    terms = (
        category.get("term", "")
        for category in _children(entry, "category")
        if category.get("scheme") != _KIND_SCHEME
    )
    return [label for term in terms for label in term.splitlines()]


def _authors_of(entry: etree._Element) -> list[str]:
    names = [part for author in _children(entry, "author") for part in _children(author, "name")]
    return [text_of(name) for name in names]


def _time(text: str, defaults: SourceDefaults) -> str | None:
    try:
        return defaults.time(read_moment(text))
    except ValueError:
        return None
