"""A folder of Markdown and HTML files with front matter, as site generators have them."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import frontmatter
import yaml
from dateutil.parser import UnknownTimezoneWarning, parse
from frontmatter.default_handlers import YAMLHandler
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from circulation.importing.identity import stable_id
from circulation.importing.items import SourceDefaults, SourceItem, make_submission
from circulation.times import without_leap_second

MAX_PAGE_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
"""How deep lists and mappings in front matter may nest."""

_MARKDOWN = {".md", ".markdown", ".mdown"}
_HTML = {".html", ".htm"}
_MAX_DATE = 100
"""Characters of a date; dates in words have fewer."""
_writer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class _Loader(yaml.SafeLoader):
    """A YAML loader that limits nesting and refuses aliases, which can expand exponentially."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it has aliases, which are not read")
        if self.depth == MAX_DEPTH:
            raise yaml.YAMLError(f"it nests more than {MAX_DEPTH} deep")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> date:
        node.value = without_leap_second(node.value)
        moment: date = super().construct_yaml_timestamp(node)
        return moment


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


class _Yaml(YAMLHandler):
    def load(self, fm: str, **_: object) -> Any:  # noqa: ANN401  whatever YAML holds
        try:
            return yaml.load(fm, _Loader)  # noqa: S506  a safe loader
        except (AttributeError, LookupError, TypeError) as error:
            # PyYAML raises these for a tag, such as !!timestamp, whose value is of another type.
            raise yaml.YAMLError("it has a value that is not of its tag") from error


_YAML = _Yaml()


def read_folder(path: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read every Markdown and HTML file below a folder, in the order of their paths.

    A symbolic link that leads out of the folder is not followed (CWE-59).
    """
    root = path.resolve()
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() not in _MARKDOWN | _HTML:
            continue
        place = file.relative_to(path)
        try:
            inside, is_file = file.resolve().is_relative_to(root), file.is_file()
        except (OSError, RuntimeError):  # a link to itself; the error differs by Python version
            inside, is_file = False, True
        if not inside:
            yield SourceItem(str(place), None, "is a link that leads out of the folder")
        elif is_file:
            yield read_page(file, place, defaults)


def read_page(file: Path, place: Path, defaults: SourceDefaults) -> SourceItem:
    """Read one Markdown or HTML file.

    Place is its path relative to the site's root, from which its address is made unless its front
    matter has one.
    """
    where = str(place)
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_PAGE_BYTES + 1)
        if len(content) > MAX_PAGE_BYTES:
            return SourceItem(where, None, f"is longer than {MAX_PAGE_BYTES // 2**20} MB")
        text = content.decode("utf-8-sig")
        handler = _YAML if _YAML.detect(text) else None
        matter, body = frontmatter.parse(text, handler=handler)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        return SourceItem(where, None, str(error))
    fields = {name.lower(): value for name, value in matter.items() if isinstance(name, str)}
    if fields.get("draft") is True or fields.get("published") is False:
        return SourceItem(where, None, "is a draft", skipped=True)
    try:
        is_markdown = file.suffix.lower() in _MARKDOWN
        page = ({}, _writer.render(body)) if is_markdown else _read_html(body)
    except (ValueError, RecursionError, etree.LxmlError) as error:
        return SourceItem(where, None, f"cannot be read: {error}")
    fields = page[0] | fields
    slug = _text(fields, "slug") or place.with_suffix("").name
    own = quote(str(place.with_suffix("").parent / slug), safe="/%", errors="replace")
    url = defaults.address(_text(fields, "url", "canonical_url", "canonical", "permalink") or own)
    if not url:
        return SourceItem(where, None, "has no absolute address: tell the site's with --site")
    article = make_submission(
        article_id=stable_id(_text(fields, "id"), url),
        defaults=defaults,
        url=url,
        title=_text(fields, "title"),
        body=page[1],
        published=_time(fields, defaults, "date", "published", "published_at", "pubdate"),
        updated=_time(fields, defaults, "lastmod", "updated", "modified", "last_modified_at"),
        summary=_text(fields, "summary", "description", "excerpt"),
        sections=_texts(fields, "section", "category", "categories")[:1],
        tags=[*_texts(fields, "categories")[1:], *_texts(fields, "tags", "keywords")],
        authors=_texts(fields, "author", "authors"),
        language=_text(fields, "language", "lang"),
        image=defaults.address(_text(fields, "image", "cover", "thumbnail"), url),
        views_before=views if isinstance(views := fields.get("views_before"), int) else None,
    )
    return SourceItem(where, article)


def _read_html(content: str) -> tuple[dict[str, Any], str]:
    """Read an HTML page: the metadata in its head as front matter, and its body as HTML.

    A fragment without a body element has no metadata and is returned as it is.
    """
    if "<body" not in content.lower():
        return {}, content
    root = lxml_html.document_fromstring(content.encode())
    metas = {
        (meta.get("name") or meta.get("property") or "").lower(): meta.get("content") or ""
        for meta in root.iter("meta")
    }
    links = {link.get("rel"): link.get("href") or "" for link in root.iter("link")}
    fields = {
        "title": metas.get("og:title") or root.findtext(".//title"),
        "canonical": links.get("canonical") or metas.get("og:url"),
        "description": metas.get("description"),
        "date": metas.get("article:published_time") or metas.get("date"),
        "updated": metas.get("article:modified_time"),
        "section": metas.get("article:section"),
        "author": metas.get("author"),
        "image": metas.get("og:image"),
        "language": root.get("lang"),
    }
    article = next(iter([*root.iter("article"), *root.iter("main"), *root.iter("body")]), root)
    body = (article.text or "") + "".join(
        lxml_html.tostring(element, encoding="unicode") for element in article
    )
    return {name: value for name, value in fields.items() if value}, body


def _text(fields: dict[str, Any], *names: str) -> str:
    """Give the first of the named fields that is text or a whole number, as text."""
    values = (fields.get(name) for name in names)
    texts = (_text_of(value) for value in values if isinstance(value, str | int))
    return next(filter(None, texts), "")


def _texts(fields: dict[str, Any], *names: str) -> list[str]:
    """Give the texts of the first of the named fields that has any: a list, or parts at commas."""
    for name in names:
        value = fields.get(name)
        entries = value if isinstance(value, list) else _text_of(value).split(",")
        words = [
            _text_of(entry.get("name") if isinstance(entry, dict) else entry).strip()
            for entry in entries
        ]
        if any(words):
            return [word for word in words if word]
    return []


def _text_of(value: Any) -> str:  # noqa: ANN401  whatever YAML holds
    """Write a single value as text; empty for a list, a mapping or a boolean."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return ""
    try:
        return str(value).strip()
    except ValueError:  # a number of more digits than Python writes
        return ""


def _time(fields: dict[str, Any], defaults: SourceDefaults, *names: str) -> str | None:
    """Give the first of the named fields that is a time; YAML has parsed some of them already."""
    return next(filter(None, (_instant(fields.get(name), defaults) for name in names)), None)


def _instant(value: Any, defaults: SourceDefaults) -> str | None:  # noqa: ANN401  whatever YAML holds
    if isinstance(value, datetime):
        return defaults.time(value)
    if isinstance(value, date):
        return defaults.time(datetime(value.year, value.month, value.day))  # noqa: DTZ001
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_DATE:
        return None
    try:
        with warnings.catch_warnings():
            # A time in a zone that dateutil does not know is read in the default zone.
            warnings.simplefilter("ignore", UnknownTimezoneWarning)
            return defaults.time(parse(without_leap_second(value)))
    # Besides its own errors, dateutil raises those of its number conversions and look-ups.
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
        return None
