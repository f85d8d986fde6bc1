"""WordPress exports (WXR), read item by item; malformed parts are skipped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from lxml import etree

from circulation.importing.documents import check_xml
from circulation.importing.identity import stable_id
from circulation.importing.items import SourceDefaults, SourceItem, make_submission
from circulation.text import plain
from circulation.times import read_moment, without_leap_second

_TOTALS = ("views", "post_views_count", "_post_views", "wpb_post_views_count", "jnews_view_counter")
"""Names of the custom fields in which view plugins keep an article's total."""
_TOTAL = re.compile(r"[0-9]{1,12}")


@dataclass
class _Site:
    """Data of articles that is elsewhere in the export.

    Authors' display names are by login, and the addresses of pictures by the attachment's post id.
    """

    authors: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)


@dataclass
class _Item:
    """An item's fields by their names without namespace, its sections, tags and custom fields."""

    fields: dict[str, str] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()


def read_wordpress(path: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read an export twice: first for authors and pictures, then for the articles.

    Raises SourceError for XML that declares entities (documents.check_xml).
    """
    with path.open("rb") as file:
        check_xml(file)
    site = _Site()
    for element in _elements(path, []):
        if isinstance(element, _Item):
            if element.get("post_type") == "attachment":
                image = element.get("attachment_url") or element.get("guid")
                site.images[element.get("post_id")] = image
        else:
            site.authors.update(element)
    faults: list[str] = []
    number = 0
    for element in _elements(path, faults):
        if isinstance(element, _Item):
            number += 1
            yield _article_of(element, site, defaults, number)
    for fault in faults:
        yield SourceItem(
            "the export", None, f"is not well-formed: {fault}; there may be more in it"
        )


def _elements(path: Path, faults: list[str]) -> Iterator[_Item | dict[str, str]]:
    """Give every item, and every author as a dictionary of the display name by login.

    Parsing errors are added to faults, at most three of them and the one that ended the parsing:
    text or nesting beyond libxml2's own limits.
    """
    with path.open("rb") as file:
        context = etree.iterparse(
            file,
            events=("end",),
            recover=True,
            huge_tree=False,
            no_network=True,
            load_dtd=False,
            resolve_entities=False,
        )
        try:
            for _, element in context:
                name, parent = _name(element), element.getparent()
                if name == "item":
                    yield _read_item(element)
                elif name == "author" and parent is not None and _name(parent) == "channel":
                    author = _texts(element)
                    login, display_name = (
                        author.get("author_login", ""),
                        author.get("author_display_name", ""),
                    )
                    yield {login: display_name.strip()}
                else:
                    continue
                element.clear()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            faults.append(str(error))
        faults += [f"line {error.line}: {error.message}" for error in context.error_log][:3]


def _name(element: etree._Element) -> str:
    """Give an element's name without its prefix, declared or not; empty for a comment."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _texts(element: etree._Element) -> dict[str, str]:
    return {_name(part): part.text or "" for part in element}


def _read_item(element: etree._Element) -> _Item:
    item = _Item()
    for part in element:
        name, text = _name(part), part.text or ""
        if name == "category":
            domain = part.get("domain", "category")
            {"category": item.sections, "post_tag": item.tags}.get(domain, []).append(text)
        elif name == "postmeta":
            custom_field = _texts(part)
            item.meta[custom_field.get("meta_key", "")] = custom_field.get("meta_value", "")
        elif name == "encoded":
            item.fields["excerpt" if "excerpt" in part.tag else "content"] = text
        elif name and name != "comment":
            item.fields.setdefault(name, text)
    return item


def _article_of(item: _Item, site: _Site, defaults: SourceDefaults, number: int) -> SourceItem:
    where = item.get("title") or item.get("link") or f"item {number}"
    kind, status = item.get("post_type") or "post", item.get("status") or "publish"
    if kind != "post":
        return SourceItem(where, None, f"is no post but of the type {kind}", skipped=True)
    if status not in ("publish", "future"):
        return SourceItem(where, None, f"is not published: {status}", skipped=True)
    if item.get("post_password"):
        return SourceItem(where, None, "is protected by a password", skipped=True)
    url = defaults.address(item.get("link") or item.get("guid"))
    creator = item.get("creator")
    total = next(
        (item.meta[name] for name in _TOTALS if _TOTAL.fullmatch(item.meta.get(name, ""))), ""
    )
    article = make_submission(
        article_id=stable_id(item.get("post_id"), url),
        defaults=defaults,
        url=url,
        title=item.get("title"),
        body=item.fields.get("content", ""),
        published=_publication_time(item, defaults),
        updated=defaults.time(_time(item.get("post_modified_gmt"), utc=True)),
        summary=plain(item.get("excerpt")),
        sections=item.sections,
        tags=item.tags,
        authors=[site.authors.get(creator) or creator],
        image=defaults.address(site.images.get(item.meta.get("_thumbnail_id", ""), ""), url),
        views_before=int(total) if total else None,
    )
    return SourceItem(where, article)


def _publication_time(item: _Item, defaults: SourceDefaults) -> str | None:
    """Give the publication time: the one in UTC, else pubDate, else the local one."""
    moment = _time(item.get("post_date_gmt"), utc=True)
    if moment is None and item.get("pubDate"):
        try:
            moment = parsedate_to_datetime(without_leap_second(item.get("pubDate")))
        except (ValueError, OverflowError):
            moment = None
        moment = moment if moment and moment.year > 1 else None
    return defaults.time(moment or _time(item.get("post_date"), utc=False))


def _time(text: str, *, utc: bool) -> datetime | None:
    """Read a time such as 2011-01-18 07:40:14; None if it is invalid, as the zeros of drafts."""
    try:
        moment = read_moment(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if utc else moment
