"""Feeds in JSON: JSON Feed 1.0 and 1.1, and RSS in JSON."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET  # only writes

from circulation.articles.paragraphs import part_text
from circulation.importing.documents import list_at, text_at
from circulation.importing.feed_items import FeedDate, FeedItem, File, make_items
from circulation.importing.feed_texts import is_picture, read_iso_date
from circulation.importing.items import SourceDefaults, SourceError, SourceItem
from circulation.text import legal, one_line

Fields = Mapping[str, Any]

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def read_json_feed(document: Any, defaults: SourceDefaults) -> Iterator[SourceItem]:  # noqa: ANN401
    """Read a decoded JSON Feed (https://www.jsonfeed.org/version/1.1/). Raises SourceError."""
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise SourceError("it is no JSON Feed: it has no items")
    read = [
        _read_item(item, document, defaults, f"item {number}")
        if isinstance(item, dict)
        else SourceItem(f"item {number}", None, "is no object")
        for number, item in enumerate(items, 1)
    ]
    yield from make_items(read, defaults.address(text_at(document, "home_page_url")), defaults)


def is_rss_in_json(document: Any) -> bool:  # noqa: ANN401  whatever JSON holds
    """Say whether decoded JSON is RSS in JSON (https://github.com/scripting/Scripting-News)."""
    rss = document.get("rss") if isinstance(document, dict) else None
    return isinstance(rss, dict) and isinstance(rss.get("channel"), dict)


def write_rss(document: Fields) -> bytes:
    """Write RSS in JSON as the RSS that it stands for."""
    rss = ET.Element("rss", version="2.0")
    _write_element(rss, "channel", document["rss"]["channel"])
    return ET.tostring(rss)


def _write_element(parent: ET.Element, name: str, value: Any) -> None:  # noqa: ANN401
    """Write a value as an element, a list as several, and the fields of an object in it.

    The text of an element with attributes is its field `#value`, and short texts beside it, or in
    an enclosure, are the attributes.
    """
    if isinstance(value, list):
        for part in value:
            if not isinstance(part, list):
                _write_element(parent, name, part)
        return
    if name == "content:encoded":
        name = _CONTENT
    if not name.isascii() or (not name.lstrip("{").replace("_", "").isalnum() and name != _CONTENT):
        return
    element = ET.SubElement(parent, name)
    if not isinstance(value, dict):
        element.text = legal(str(value)) if value is not None else ""
        return
    element.text = legal(str(value.get("#value", "")))
    for field, part in value.items():
        if name in ("channel", "item", "image"):
            _write_element(element, field, part)
        elif isinstance(part, str | int) and field.isascii() and field.isalnum():
            element.set(field, legal(str(part)))


def _read_item(item: Fields, feed: Fields, defaults: SourceDefaults, where: str) -> FeedItem:
    base = text_at(feed, "home_page_url")
    url = defaults.address(text_at(item, "url") or text_at(item, "external_url"), base)
    title, summary = one_line(text_at(item, "title")), text_at(item, "summary")
    body = text_at(item, "content_html") or part_text(text_at(item, "content_text"))
    attachments = [
        File(address, one_line(text_at(file, "mime_type")), _number(file, "size_in_bytes"))
        for file in list_at(item, "attachments")
        if isinstance(file, dict) and (address := defaults.address(text_at(file, "url"), url))
    ]
    pictures = [file for file in attachments if is_picture(file.url, file.media_type)]
    image = defaults.address(text_at(item, "image") or text_at(item, "banner_image"), url)
    return FeedItem(
        title or url or where,
        id=_id(item),
        url=url,
        title=title,
        body=body or part_text(summary),
        summary=summary if body else "",
        body_is_summary=not body,
        published=_date(item, "date_published"),
        updated=_date(item, "date_modified"),
        categories=[tag for tag in list_at(item, "tags") if isinstance(tag, str)],
        authors=_authors_of(item) or _authors_of(feed),
        language=text_at(item, "language") or text_at(feed, "language"),
        image=image or (pictures[0].url if pictures else ""),
        files=[file for file in attachments if file not in pictures],
    )


def _authors_of(fields: Fields) -> list[str]:
    """Give the names of authors (1.1), or of the author (1.0)."""
    authors = list_at(fields, "authors") or [fields.get("author")]
    names = [text_at(author, "name") for author in authors if isinstance(author, dict)]
    return [name for name in names if name]


def _id(item: Fields) -> str:
    """Give an item's id as text; a number is coerced to a string (JSON Feed 1.1, "Items")."""
    value = item.get("id", "")
    return str(value) if isinstance(value, str | int | float) else ""


def _date(fields: Fields, name: str) -> FeedDate:
    value = fields.get(name)
    if isinstance(value, int | float):  # seconds, perhaps: not what the format says
        return FeedDate(str(value)[:40])
    return read_iso_date(text_at(fields, name))


def _number(fields: Fields, name: str) -> int:
    value = fields.get(name)
    return value if isinstance(value, int) and 0 <= value < 10**18 else 0
