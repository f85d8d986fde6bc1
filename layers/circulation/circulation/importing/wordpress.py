"""WordPress exports (WXR), read item by item; what is malformed is stepped over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from lxml import etree

from circulation.importing.documents import check_xml
from circulation.importing.found import Found, Ground, submission
from circulation.importing.identity import stable_id
from circulation.text import plain
from circulation.times import read_moment, without_leap_second

_TOTALS = ("views", "post_views_count", "_post_views", "wpb_post_views_count", "jnews_view_counter")
"""The names under which view plugins keep an article's total."""
_TOTAL = re.compile(r"[0-9]{1,12}")


@dataclass
class _Site:
    """What stands elsewhere in the export than the article that it is of."""

    authors: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)


@dataclass
class _Item:
    """One item's fields by their names without a namespace, and its terms and custom fields."""

    fields: dict[str, str] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()


def read_wordpress(path: Path, ground: Ground) -> Iterator[Found]:
    """Read the export twice: first for authors and pictures, then for the articles.

    Raises SourceError for an export that declares XML entities of its own.
    """
    with path.open("rb") as file:
        check_xml(file)
    site = _Site()
    for each in _elements(path, []):
        if isinstance(each, _Item):
            if each.get("post_type") == "attachment":
                site.images[each.get("post_id")] = each.get("attachment_url") or each.get("guid")
        else:
            site.authors.update(each)
    faults: list[str] = []
    number = 0
    for each in _elements(path, faults):
        if isinstance(each, _Item):
            number += 1
            yield _found(each, site, ground, number)
    for fault in faults:
        yield Found("the export", None, f"is not well-formed: {fault}; there may be more in it")


def _elements(path: Path, faults: list[str]) -> Iterator[_Item | dict[str, str]]:
    """Give every item, and every author's display name by login.

    What is longer or deeper than libxml2 allows by itself ends the reading, and is a fault.
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
                    yield _item(element)
                elif name == "author" and parent is not None and _name(parent) == "channel":
                    told = _texts(element)
                    login, shown = told.get("author_login", ""), told.get("author_display_name", "")
                    yield {login: shown.strip()}
                else:
                    continue
                element.clear()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            faults.append(str(error))
        faults += [f"line {each.line}: {each.message}" for each in context.error_log][:3]


def _name(element: etree._Element) -> str:
    """Give an element's name without a namespace, declared or not; a comment has none."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _texts(element: etree._Element) -> dict[str, str]:
    return {_name(part): part.text or "" for part in element}


def _item(element: etree._Element) -> _Item:
    item = _Item()
    for part in element:
        name, text = _name(part), part.text or ""
        if name == "category":
            domain = part.get("domain", "category")
            {"category": item.sections, "post_tag": item.tags}.get(domain, []).append(text)
        elif name == "postmeta":
            told = _texts(part)
            item.meta[told.get("meta_key", "")] = told.get("meta_value", "")
        elif name == "encoded":
            item.fields["excerpt" if "excerpt" in part.tag else "content"] = text
        elif name and name != "comment":
            item.fields.setdefault(name, text)
    return item


def _found(item: _Item, site: _Site, ground: Ground, number: int) -> Found:
    where = item.get("title") or item.get("link") or f"item {number}"
    kind, status = item.get("post_type") or "post", item.get("status") or "publish"
    if kind != "post":
        return Found(where, None, f"is no post but of the type {kind}", skipped=True)
    if status not in ("publish", "future"):
        return Found(where, None, f"is not published: {status}", skipped=True)
    if item.get("post_password"):
        return Found(where, None, "is protected by a password", skipped=True)
    url = ground.address(item.get("link") or item.get("guid"))
    creator = item.get("creator")
    total = next(
        (item.meta[name] for name in _TOTALS if _TOTAL.fullmatch(item.meta.get(name, ""))), ""
    )
    told = submission(
        article_id=stable_id(item.get("post_id"), url),
        ground=ground,
        url=url,
        title=item.get("title"),
        body=item.fields.get("content", ""),
        published=_published(item, ground),
        updated=ground.time(_time(item.get("post_modified_gmt"), utc=True)),
        summary=plain(item.get("excerpt")),
        sections=item.sections,
        tags=item.tags,
        authors=[site.authors.get(creator) or creator],
        image=ground.address(site.images.get(item.meta.get("_thumbnail_id", ""), ""), url),
        views_before=int(total) if total else None,
    )
    return Found(where, told)


def _published(item: _Item, ground: Ground) -> str | None:
    """Read when it was published: in UTC where that is told, else as pubDate or local time."""
    moment = _time(item.get("post_date_gmt"), utc=True)
    if moment is None and item.get("pubDate"):
        try:
            moment = parsedate_to_datetime(without_leap_second(item.get("pubDate")))
        except (ValueError, OverflowError):
            moment = None
        moment = moment if moment and moment.year > 1 else None
    return ground.time(moment or _time(item.get("post_date"), utc=False))


def _time(text: str, *, utc: bool) -> datetime | None:
    """Read 2011-01-18 07:40:14; drafts have zeros for a date."""
    try:
        moment = read_moment(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if utc else moment
