"""Folders of Markdown and HTML: front matter with PyYAML, tomllib and json, HTML with html.parser.

What a generator would not build, or not show to everyone, is private:
Jekyll (https://jekyllrb.com/docs/posts/#drafts, https://jekyllrb.com/docs/front-matter/,
https://jekyllrb.com/docs/structure/: what begins with a dot, an underscore or # is not built),
Hugo (https://gohugo.io/content-management/front-matter/: draft, date, expirydate, build),
Zola (https://www.getzola.org/documentation/content/page/: draft), Eleventy
(https://www.11ty.dev/docs/ignores/: node_modules; permalink: false), Astro (what begins with an
underscore), Medium (draft_…), Substack (posts.csv: is_published, audience), and schema.org's
isAccessibleForFree.
"""

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from bench.moving_in.parsers import render_markdown
from bench.moving_in.reading import (
    Article,
    State,
    compared,
    compared_image,
    one_line,
    read_body,
    title_of_html,
)
from bench.moving_in.times import read_time

MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mdx"))
HTML = frozenset((".html", ".htm"))
_DATES = ("date", "publishdate", "pubdate", "published", "published_at", "datepublished")
_IMAGES = ("image", "heroimage", "cover", "featured_image", "thumbnail", "feature_image")
_NAMED = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})-")
_NOT_BUILT = frozenset(("archetypes", "dist", "public", "vendor"))
"""Folders at the top that are what a site is made of or into, and no part of it."""
_POSTS = frozenset(("_posts", "_drafts"))
_PLACEHOLDER = re.compile(r"/:\w+|:(title|year|month|slug)|\{\{")
_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|^\[\^[^\]]+\]:|\[\^[^\]]+\]", re.DOTALL | re.MULTILINE)
"""What a generator puts something else in place of: tags, variables, marks of footnotes."""
_TEASER = re.compile(r"teaser|card|related|preview", re.IGNORECASE)
_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL | re.IGNORECASE)

Fields = dict[str, Any]


def read_folder(folder: Path, site: str, now: datetime) -> list[Article]:
    """Read every page of a folder that has a date; what has none is no article."""
    root = folder.resolve()
    listed = _read_list(folder / "posts.csv")
    pages: list[tuple[Path, Fields, str]] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in MARKDOWN | HTML and path.is_file():
            fields, body = split_page(_decode(path.read_bytes()))
            fields = listed.get(path.name, {}) | fields
            if not path.resolve().is_relative_to(root):
                fields["draft"] = True
            pages.append((path.relative_to(folder), fields, body))
    markdown = [body for path, _, body in pages if path.suffix.lower() in MARKDOWN]
    rendered = iter(render_markdown([_CODE.sub("", body) for body in markdown]) if markdown else [])
    articles = []
    for path, fields, body in pages:
        if path.suffix.lower() in MARKDOWN:
            html = next(rendered)
        else:
            head, html = read_html(body)
            fields = head | fields  # noqa: PLW2901  with those of the page's head
        article = _page_article(path, fields, html, site, now)
        if article is not None:
            articles.append(article)
    return articles


def _read_list(path: Path) -> dict[str, Fields]:
    """Read the list of posts of a Substack export: of each page what stands in no front matter."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            f"{row['post_id']}.html": {
                "title": row["title"],
                "date": row["post_date"],
                "draft": row["is_published"] != "true" or row["audience"] != "everyone",
            }
            for row in csv.DictReader(file)
        }


def _decode(content: bytes) -> str:
    """Decode a page as its own charset says (HTML, "Determining the character encoding")."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    named = re.search(rb"""<meta[^>]+charset=["']?([\w-]+)""", content[:1024])
    for encoding in ("utf-8-sig", named[1].decode() if named else "windows-1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("windows-1252", errors="replace")


def split_page(text: str) -> tuple[Fields, str]:
    """Part a page into its front matter, in YAML, TOML or JSON, and its body."""
    text = text.replace("\r\n", "\n")
    for mark, load in (("---", yaml.safe_load), ("+++", tomllib.loads)):
        pattern = rf"{re.escape(mark)}[ \t]*\n(.*?)^{re.escape(mark)}[ \t]*$\n?"
        parts = re.match(pattern, text, re.DOTALL | re.MULTILINE)
        if parts:
            try:
                fields = load(parts[1])
            except (yaml.YAMLError, ValueError):
                fields = {}
            return _lower(fields), text[parts.end() :]
    if text.startswith("{"):
        try:
            fields, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            return {}, text
        return _lower(fields), text[end:]
    return {}, text


def _lower(fields: object) -> Fields:
    named = fields.items() if isinstance(fields, dict) else ()
    return {str(name).lower(): value for name, value in named}


class _Page(HTMLParser):
    """The head of a page, and where its main text begins and ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.fields: Fields = {}
        self.data: list[str] = []
        self.spans: dict[str, list[list[int]]] = {"article": [], "main": [], "body": []}
        self._open: list[tuple[str, int, bool]] = []
        self._in = ""
        self._starts = [0]

    def read(self, text: str) -> None:
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.feed(text)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._in = tag
        if tag == "meta":
            name = (values.get("property") or values.get("name") or "").lower()
            self.fields.setdefault(f"meta:{name}", values.get("content", ""))
        elif "canonical" in (values.get("rel"), values.get("class", "").removeprefix("p-")):
            self.fields["canonical"] = values.get("href", "")
        elif tag == "time" and values.get("datetime"):
            self.fields.setdefault("time", values["datetime"])
        elif tag == "script" and values.get("type") == "application/ld+json":
            self._in = "ld"
        elif tag in self.spans:
            is_teaser = bool(_TEASER.search(values.get("class", "")))
            end = self._place() + len(self.get_starttag_text() or "")
            self._open.append((tag, end, is_teaser))

    def handle_data(self, data: str) -> None:
        if self._in == "title":
            self.fields["title"] = self.fields.get("title", "") + data
        elif self._in == "ld":
            self.data.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""
        if tag in self.spans and self._open and self._open[-1][0] == tag:
            _, start, is_teaser = self._open.pop()
            if not is_teaser:
                self.spans[tag].append([start, self._place()])


def read_html(text: str) -> tuple[Fields, str]:
    """Give the metadata of a whole page as front matter, and the HTML of its main text.

    That is the longest article of the page, else its main, else its body; a page without a body
    element is a fragment.
    """
    page = _Page()
    page.read(text)
    if not page.spans["body"]:
        return {}, text
    facts: Fields = next(_objects(page.data), {})
    metas = page.fields
    author = facts.get("author")
    head = {
        "title": metas.get("meta:og:title")
        or unescape(metas.get("title", ""))
        or facts.get("headline"),
        "headline": facts.get("headline"),
        "canonical": metas.get("canonical") or metas.get("meta:og:url"),
        "date": metas.get("meta:article:published_time")
        or facts.get("datePublished")
        or metas.get("meta:date")
        or metas.get("time"),
        "author": metas.get("meta:author") or author,
        "image": metas.get("meta:og:image"),
        "free": facts.get("isAccessibleForFree"),
    }
    for name in ("article", "main", "body"):
        if page.spans[name]:
            start, end = max(page.spans[name], key=lambda span: span[1] - span[0])
            return {key: value for key, value in head.items() if value is not None}, text[start:end]
    return head, text


def _objects(texts: Iterable[str]) -> Iterator[Fields]:
    """Give the articles that JSON-LD describes."""
    for text in texts:
        try:
            parsed = json.loads(text)
        except ValueError:
            continue
        graph = parsed.get("@graph", [parsed]) if isinstance(parsed, dict) else parsed
        for thing in graph if isinstance(graph, list) else []:
            if isinstance(thing, dict) and {"datePublished", "isAccessibleForFree"} & thing.keys():
                yield thing


def is_private(path: Path, fields: Fields, published: datetime, now: datetime) -> bool:
    """Tell whether a page's generator would not build it, or not show it to everyone."""
    parts = path.parts
    folders = parts[:-1]
    if any(part.startswith((".", "#")) or part.endswith("~") for part in parts):
        return True
    if path.name.startswith("_"):
        return True
    if any(folder.startswith("_") and folder != "_posts" for folder in folders):
        return True
    if "node_modules" in folders or _NOT_BUILT & set(folders[:1]):
        return True
    expires = read_time(fields.get("expirydate") or fields.get("unpublishdate"))
    released = read_time(fields.get("publishdate"))
    build = fields.get("build") or fields.get("_build") or {}
    return (
        str(fields.get("draft", "")).lower() == "true"
        or str(fields.get("published", "")).lower() == "false"
        or str(fields.get("free", "")).lower() == "false"
        or fields.get("headless") is True
        or fields.get("permalink") is False
        or (released is not None and released > now)
        or (isinstance(build, dict) and build.get("render") in ("never", False))
        or path.name.startswith("draft_")
        or published > now
        or (expires is not None and expires <= now)
    )


def _page_article(
    path: Path, fields: Fields, html: str, site: str, now: datetime
) -> Article | None:
    named = _NAMED.match(path.name)
    published = next(filter(None, (read_time(fields.get(name)) for name in _DATES)), None)
    if published is None and named and _POSTS & set(path.parts):
        published = read_time(named[1])
    if published is None or path.stem == "_index":
        return None
    own = fields.get("canonical") or fields.get("url") or fields.get("permalink") or ""
    own = "" if not isinstance(own, str) or _PLACEHOLDER.search(own) else own
    address = own if own.startswith("http") else f"{site.rstrip('/')}/{own.lstrip('/')}"
    title = one_line(str(fields.get("title") or ""))
    titles = {title, title_of_html(title), one_line(str(fields.get("headline") or ""))} - {""}
    html = _HEADING.sub(lambda match: "" if title_of_html(match[1]) in titles else match[0], html)
    lead = next(filter(None, (_address_of(fields.get(name)) for name in _IMAGES)), "")
    return Article(
        where=str(path),
        titles=frozenset(titles),
        published=published,
        authors=frozenset(
            name.casefold() for name in names_of(fields.get("author") or fields.get("authors"))
        ),
        # What is on another host was published there, too.
        address=compared(address) if own and _host(address) == _host(site) else "",
        body=read_body(html, address if own else f"{site.rstrip('/')}/{path.parent}/"),
        lead=frozenset({compared_image(lead, address)})
        if lead.startswith(("http", "/"))
        else frozenset(),
        state=State.PRIVATE if is_private(path, fields, published, now) else State.PUBLIC,
    )


def _host(address: str) -> str:
    return compared(address).partition("/")[0]


def _address_of(value: object) -> str:
    """Give the address of a picture: text, or a mapping that has it under a usual name."""
    if isinstance(value, dict):
        return next(
            (str(value[name]) for name in ("path", "image", "url", "src") if value.get(name)), ""
        )
    return value if isinstance(value, str) else ""


def names_of(value: object) -> list[str]:
    """Give the names of authors: a text, with commas between several, a list, or a mapping."""
    if isinstance(value, dict):
        return names_of(value.get("name"))
    if isinstance(value, list):
        return [name for part in value for name in names_of(part)]
    return [one_line(name) for name in str(value or "").split(",") if name.strip()]
