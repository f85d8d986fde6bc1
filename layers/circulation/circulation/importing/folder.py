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

from circulation.importing.found import Found, Ground, submission
from circulation.importing.identity import stable_id
from circulation.times import without_leap_second

MAX_PAGE_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
"""Of lists and mappings in front matter."""

_MARKDOWN = {".md", ".markdown", ".mdown"}
_HTML = {".html", ".htm"}
_MAX_DATE = 100
"""Characters; dates in words have fewer."""
_writer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class _Loader(yaml.SafeLoader):
    """Reads front matter: shallow, and without aliases, of which a few hold billions of values."""

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
            # A tag such as !!timestamp before what is no such value: PyYAML looks no further.
            raise yaml.YAMLError("it has a value that is not of its tag") from error


_YAML = _Yaml()


def read_folder(path: Path, ground: Ground) -> Iterator[Found]:
    """Read every Markdown and HTML file below a folder, in the order of their names.

    What a link leads to outside of the folder is none of it (CWE-59).
    """
    root = path.resolve()
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() not in _MARKDOWN | _HTML:
            continue
        place = file.relative_to(path)
        try:
            inside, is_file = file.resolve().is_relative_to(root), file.is_file()
        except (OSError, RuntimeError):  # a link to itself; what Python raises differs by version
            inside, is_file = False, True
        if not inside:
            yield Found(str(place), None, "is a link that leads out of the folder")
        elif is_file:
            yield read_page(file, place, ground)


def read_page(file: Path, place: Path, ground: Ground) -> Found:
    """Read one file; place is where it stands in the site."""
    where = str(place)
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_PAGE_BYTES + 1)
        if len(content) > MAX_PAGE_BYTES:
            return Found(where, None, f"is longer than {MAX_PAGE_BYTES // 2**20} MB")
        text = content.decode("utf-8-sig")
        handler = _YAML if _YAML.detect(text) else None
        told, body = frontmatter.parse(text, handler=handler)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        return Found(where, None, str(error))
    fields = {name.lower(): value for name, value in told.items() if isinstance(name, str)}
    if fields.get("draft") is True or fields.get("published") is False:
        return Found(where, None, "is a draft", skipped=True)
    try:
        is_markdown = file.suffix.lower() in _MARKDOWN
        page = ({}, _writer.render(body)) if is_markdown else _page(body)
    except (ValueError, RecursionError, etree.LxmlError) as error:
        return Found(where, None, f"cannot be read: {error}")
    fields = page[0] | fields
    slug = _text(fields, "slug") or place.with_suffix("").name
    own = quote(str(place.with_suffix("").parent / slug), safe="/%", errors="replace")
    url = ground.address(_text(fields, "url", "canonical_url", "canonical", "permalink") or own)
    if not url:
        return Found(where, None, "has no absolute address: tell the site's with --site")
    article = submission(
        article_id=stable_id(_text(fields, "id"), url),
        ground=ground,
        url=url,
        title=_text(fields, "title"),
        body=page[1],
        published=_time(fields, ground, "date", "published", "published_at", "pubdate"),
        updated=_time(fields, ground, "lastmod", "updated", "modified", "last_modified_at"),
        summary=_text(fields, "summary", "description", "excerpt"),
        sections=_texts(fields, "section", "category", "categories")[:1],
        tags=[*_texts(fields, "categories")[1:], *_texts(fields, "tags", "keywords")],
        authors=_texts(fields, "author", "authors"),
        language=_text(fields, "language", "lang"),
        image=ground.address(_text(fields, "image", "cover", "thumbnail"), url),
        views_before=views if isinstance(views := fields.get("views_before"), int) else None,
    )
    return Found(where, article)


def _page(content: str) -> tuple[dict[str, Any], str]:
    """Read a whole page's title, description, address and date out of its head, and its body."""
    if "<body" not in content.lower():
        return {}, content
    root = lxml_html.document_fromstring(content.encode())
    metas = {
        (each.get("name") or each.get("property") or "").lower(): each.get("content") or ""
        for each in root.iter("meta")
    }
    links = {each.get("rel"): each.get("href") or "" for each in root.iter("link")}
    found = {
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
        lxml_html.tostring(each, encoding="unicode") for each in article
    )
    return {name: value for name, value in found.items() if value}, body


def _text(fields: dict[str, Any], *names: str) -> str:
    """Give the first of some fields that is a text or a number."""
    values = (fields.get(name) for name in names)
    texts = (_word(value) for value in values if isinstance(value, str | int))
    return next(filter(None, texts), "")


def _texts(fields: dict[str, Any], *names: str) -> list[str]:
    """Give the texts of the first of some fields that has any."""
    for name in names:
        value = fields.get(name)
        told = value if isinstance(value, list) else _word(value).split(",")
        words = [
            _word(each.get("name") if isinstance(each, dict) else each).strip() for each in told
        ]
        if any(words):
            return [word for word in words if word]
    return []


def _word(value: Any) -> str:  # noqa: ANN401  whatever YAML holds
    """Write a single value as text; what holds others is none, nor is true or false."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return ""
    try:
        return str(value).strip()
    except ValueError:  # a number of more digits than Python writes
        return ""


def _time(fields: dict[str, Any], ground: Ground, *names: str) -> str | None:
    """Give the first of some fields that is a time; YAML makes some of them times itself."""
    return next(filter(None, (_instant(fields.get(name), ground) for name in names)), None)


def _instant(value: Any, ground: Ground) -> str | None:  # noqa: ANN401  whatever YAML holds
    if isinstance(value, datetime):
        return ground.time(value)
    if isinstance(value, date):
        return ground.time(datetime(value.year, value.month, value.day))  # noqa: DTZ001
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_DATE:
        return None
    try:
        with warnings.catch_warnings():
            # A zone that it does not know is the ground's.
            warnings.simplefilter("ignore", UnknownTimezoneWarning)
            return ground.time(parse(without_leap_second(value)))
    # Beside its own errors, it lets those of its numbers and tables through.
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
        return None
