"""A folder of Markdown and HTML files with front matter, as site generators have them."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from dateutil.parser import ParserError, parse
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from circulation.sources.found import Found, Ground, submission
from circulation.sources.identity import stable_id

_MARKDOWN = {".md", ".markdown", ".mdown"}
_HTML = {".html", ".htm"}
_writer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read_folder(path: Path, ground: Ground) -> Iterator[Found]:
    """Read every Markdown and HTML file below a folder, in the order of their names."""
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() in _MARKDOWN | _HTML and file.is_file():
            yield read_page(file, file.relative_to(path), ground)


def read_page(file: Path, place: Path, ground: Ground) -> Found:
    """Read one file; place is where it stands in the site."""
    where = str(place)
    try:
        told = frontmatter.loads(file.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        return Found(where, None, " ".join(str(error).split()))
    fields = {str(name).lower(): value for name, value in told.metadata.items()}
    if fields.get("draft") is True or fields.get("published") is False:
        return Found(where, None, "is a draft", skipped=True)
    is_markdown = file.suffix.lower() in _MARKDOWN
    page = ({}, _writer.render(told.content)) if is_markdown else _page(told.content)
    fields = page[0] | fields
    slug = _text(fields, "slug") or place.with_suffix("").name
    address = _text(fields, "url", "canonical_url", "canonical", "permalink") or str(
        place.with_suffix("").parent / slug
    )
    url = ground.address(address)
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
    article = [*root.iter("article"), *root.iter("main"), *root.iter("body")][0]
    body = (article.text or "") + "".join(
        lxml_html.tostring(each, encoding="unicode") for each in article
    )
    return {name: value for name, value in found.items() if value}, body


def _text(fields: dict[str, Any], *names: str) -> str:
    """Give the first of some fields that is a text or a number."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _texts(fields: dict[str, Any], *names: str) -> list[str]:
    """Give the texts of the first of some fields that has any."""
    for name in names:
        value = fields.get(name)
        told = value if isinstance(value, list) else str(value or "").split(",")
        texts = [
            str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in told
        ]
        if any(each.strip() for each in texts):
            return [each.strip() for each in texts if each.strip()]
    return []


def _time(fields: dict[str, Any], ground: Ground, *names: str) -> str | None:
    """Give the first of some fields that is a time; YAML makes some of them times itself."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, datetime):
            return ground.time(value)
        if isinstance(value, date):
            return ground.time(datetime(value.year, value.month, value.day))  # noqa: DTZ001
        if isinstance(value, str) and value.strip():
            try:
                return ground.time(parse(value))
            except (ParserError, OverflowError):
                continue
    return None
