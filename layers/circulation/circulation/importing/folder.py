"""A folder of Markdown and HTML files, as site generators, exports and web servers have them.

What a page says is read by front_matter and web_page; which address it has, and whether its site
shows it, by the rules of its generator (generators).
"""

import html
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from circulation.articles.canonical_path import canonical_path
from circulation.importing.charset import decode_page
from circulation.importing.front_matter import Fields, YamlTime, split_front_matter
from circulation.importing.generators.find import find_generator
from circulation.importing.generators.generator import HTML_SUFFIXES, Generator, Page
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import (
    SourceDefaults,
    SourceError,
    SourceItem,
    Verdict,
    make_submission,
)
from circulation.importing.markdown import render_markdown, without_components
from circulation.importing.page_fields import (
    image_in,
    is_false,
    is_true,
    read_date,
    text_in,
    texts_in,
)
from circulation.importing.shortcodes import expand_shortcodes
from circulation.importing.substack import is_substack, read_substack
from circulation.importing.web_page import WebPage, read_web_page, title_of
from circulation.text import shortened

MAX_PAGE_BYTES = 2 * 1024 * 1024
PAGE_SUFFIXES = {".md", ".markdown", ".mdown", ".mkd", ".mdx"} | HTML_SUFFIXES
_OTHER_MARKUP = {
    ".adoc": "AsciiDoc",
    ".asciidoc": "AsciiDoc",
    ".org": "Org Mode",
    ".rst": "reStructuredText",
    ".textile": "Textile",
}
"""What Hugo and Jekyll write articles in, besides."""

_NEVER_WALKED = {"node_modules", "__pycache__"}
_BUILT = {"_site", "public", "dist", "build", "vendor"}
"""Folders at the top that hold what was built of the others, or what others wrote."""
_ABOUT_THE_PROJECT = {
    "readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "security",
    "authors", "history",
}  # fmt: skip
_ERROR_PAGES = {"404", "403", "500", "50x", "offline", "search"}
_PUBLISHED = (
    "publishdate", "published_at", "pubdate", "date", "published", "created_at", "created",
)  # fmt: skip
_UPDATED = (
    "lastmod", "updated", "updateddate", "modified", "modified_at", "last_modified_at",
    "updated_at", "last_updated",
)  # fmt: skip
_EXPIRED = ("expirydate", "unpublishdate", "expires")
_NOT_FOR_EVERYONE = ("private", "unlisted", "hidden", "protected")
_INDEX = re.compile(r"/index\.html?$")
_MOST_DIGITS = 15
_SHOWN = 60
"""Characters of a value in a reason."""


def read_folder(path: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read every article below a folder, in the order of their paths.

    A symbolic link that leads out of the folder is not followed (CWE-59). Of two files with one
    address the second is refused. Raises SourceError if the site's configuration cannot be read.
    """
    root = path.resolve()
    if is_substack(root):
        yield from read_substack(root, defaults)
        return
    reader = _Reader(root, find_generator(root), defaults)
    addresses: dict[tuple[str, str], str] = {}
    for item in reader.items():
        url = (item.article or {}).get("url")
        if url:
            parts = urlsplit(url)
            key = (parts.netloc.removeprefix("www."), canonical_path(url))
            first = addresses.setdefault(key, item.where)
            if first != item.where:
                reason = f"has the same address as {first}: {url}"
                yield SourceItem(item.where, None, reason)
                continue
        yield item


def read_page(file: Path, place: Path, defaults: SourceDefaults) -> SourceItem:
    """Read one Markdown or HTML file.

    Place is its path relative to the site's root, from which its address is made unless its front
    matter has one.
    """
    reader = _Reader(file.parent, Generator(SiteFiles(file.parent)), defaults)
    return reader.read(file, PurePosixPath(place))


class _Excluded(Exception):  # noqa: N818  nothing is wrong with it
    """A file is no article that its site shows to everyone."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict, self.reason = verdict, reason


class _Reader:
    """Reads the files of one site."""

    def __init__(self, root: Path, generator: Generator, defaults: SourceDefaults) -> None:
        self._root, self._generator = root, generator
        is_zone_open = defaults.zone in (UTC, ZoneInfo("UTC"))  # not that of somebody's choice
        zone = _zone_of(generator.zone) if is_zone_open else None
        self._takes_yaml_times_for_utc = is_zone_open and generator.takes_yaml_times_for_utc
        site = defaults.site or generator.site
        base = generator.base
        if base and site and not urlsplit(site).path.rstrip("/").endswith(f"/{base}"):
            site = f"{site.rstrip('/')}/{base}/"
        self._defaults = replace(defaults, site=site, zone=zone or defaults.zone)
        self._places: dict[str, PurePosixPath] | None = None

    def items(self) -> Iterator[SourceItem]:
        first = next(found := self._items(), None)
        if first is None:
            reason = "it has no page of Markdown or HTML"
            yield SourceItem("the folder", None, reason, Verdict.WARNING)
        else:
            yield first
        yield from found

    def _items(self) -> Iterator[SourceItem]:
        for file in self._files():
            place = PurePosixPath(file.relative_to(self._root))
            is_file = file.is_file()
            if not self._is_inside(file):
                yield SourceItem(str(place), None, "is a link that leads out of the folder")
            elif file.is_dir() and not file.is_symlink():
                is_built = file.name in _BUILT
                reason = "is not read: it holds what was built" if is_built else "cannot be opened"
                verdict = Verdict.SKIPPED if is_built else Verdict.REFUSED
                yield SourceItem(f"{place}/", None, reason, verdict)
            elif is_file and file.suffix.lower() in _OTHER_MARKUP:
                reason = f"is in {_OTHER_MARKUP[file.suffix.lower()]}, which is not read"
                yield SourceItem(str(place), None, reason, Verdict.SKIPPED)
            elif is_file:
                yield self.read(file, place)

    def read(self, file: Path, place: PurePosixPath) -> SourceItem:
        where = str(place)
        try:
            return SourceItem(where, self._article(file, place))
        except _Excluded as excluded:
            return SourceItem(where, None, excluded.reason, excluded.verdict)
        except (SourceError, OSError, ValueError, RecursionError, etree.LxmlError) as error:
            return SourceItem(where, None, str(error) or "nests too deep to be read")

    def _article(self, file: Path, place: PurePosixPath) -> dict[str, Any]:
        """Read a file's article. Raises _Excluded if it is none, ValueError for what is wrong."""
        _exclude(_about_the_project(place))
        page, text = self._split(file, place)
        _exclude(self._generator.excluded(page))
        _exclude(self._privacy(page.fields))
        web_page = self._body_of(page, text)
        _exclude(web_page.excluded)
        page = Page(place, web_page.fields | page.fields)
        date = self._date(page)
        if date is None:
            is_article = self._generator.has_posts_alone
            reason = "has no date; front matter gives it one: date: 2026-01-31"
            raise _Excluded(Verdict.REFUSED if is_article else Verdict.SKIPPED, reason)
        path, url = self._address(page, date)
        if not url:
            raise ValueError("has no absolute address: tell the site's with --site")
        return self._submission(page, web_page.body, date, path, url)

    def _files(self) -> Iterator[Path]:
        """Find the files that can be articles, links that lead out, and folders that are not read.

        Raises SourceError if there is none of the folders that hold the generator's articles.
        """
        content = self._generator.content
        starts = [self._root / name for name in content] if content else [self._root]
        starts = [start for start in starts if start.is_dir() and self._is_inside(start)]
        if not starts:
            names = " or ".join(content)
            raise SourceError(f"it is a site of {self._generator.name} without a folder {names}")
        seen: set[Path] = set()
        while starts:
            folder = starts.pop(0)
            if folder not in seen:
                seen.add(folder)
                files, folders = self._entries(folder)
                yield from files
                starts = folders + starts

    def _entries(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """Give what is to be read or named of a folder, and the folders in it to go into."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return [folder], []
        files: list[Path] = []
        folders: list[Path] = []
        for entry in entries:
            path = Path(entry.path)
            suffix = path.suffix.lower()
            if entry.name.startswith(".") or entry.name in _NEVER_WALKED:
                continue
            if entry.is_dir(follow_symlinks=False):
                if folder != self._root or entry.name not in _BUILT:
                    folders.append(path)
                elif _has_pages(path):
                    files.append(path)
            elif suffix in PAGE_SUFFIXES | _OTHER_MARKUP.keys() or _is_linked_folder(path):
                files.append(path)
        return files, folders

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self._root)
        except (OSError, RuntimeError):  # a link to itself; the error differs by Python version
            return False

    def _split(self, file: Path, place: PurePosixPath) -> tuple[Page, str]:
        with file.open("rb") as stream:
            content = stream.read(MAX_PAGE_BYTES + 1)
        if len(content) > MAX_PAGE_BYTES:
            raise ValueError(f"is longer than {MAX_PAGE_BYTES // 2**20} MB")
        text = decode_page(content, is_html=place.suffix.lower() in HTML_SUFFIXES)
        fields, text = split_front_matter(self._generator.source(text))
        return Page(place, self._generator.metadata(place, fields)), text

    def _privacy(self, fields: Fields) -> tuple[Verdict, str] | None:
        """Tell of what a site does not show to everyone.

        draft: Hugo, Zola, Astro, Eleventy; published: Jekyll and Hexo; expiryDate: Hugo; password:
        hexo-blog-encrypt; the others as their names say.
        """
        status, visibility = text_in(fields, "status").lower(), text_in(fields, "visibility")
        expiry = self._first_date(fields, _EXPIRED)
        reasons = {
            "is a draft": is_true(fields.get("draft"))
            or is_true(fields.get("isdraft"))  # some themes of Astro
            or is_false(fields.get("published")),
            f"is not published: {status}": status in ("draft", "private", "hidden", "pending"),
            **{f"is {name}": is_true(fields.get(name)) for name in _NOT_FOR_EVERYONE},
            "is protected by a password": bool(text_in(fields, "password")),
            f"is for {visibility} alone": visibility.lower() not in ("", "public"),
            "has expired": expiry is not None and expiry <= self._defaults.now,
        }
        reason = next((reason for reason, is_so in reasons.items() if is_so), None)
        return (Verdict.PRIVATE, reason) if reason else None

    def _body_of(self, page: Page, text: str) -> WebPage:
        if page.is_html:
            web_page = read_web_page(text)
            if web_page.fields or web_page.excluded:  # built, with no tags left in it
                return web_page
            return WebPage({}, self._expand(page, text))
        if page.place.suffix.lower() == ".mdx":
            text = without_components(text)
        return WebPage({}, self._with_links(page, render_markdown(self._expand(page, text))))

    def _with_links(self, page: Page, body: str) -> str:
        """Fill in the addresses of links to files of the site."""
        if not (start := self._generator.internal_links):
            return body
        return re.sub(
            rf'(?<= href="){re.escape(start)}([^"]*+)',
            lambda link: html.escape(self._link_to(page, unquote(html.unescape(link[1])))),
            body,
        )

    def _expand(self, page: Page, text: str) -> str:
        tags = self._generator.tags_in_text
        fields = {name: text_in(page.fields, name) for name in page.fields}
        values = {f"page.{name}": value for name, value in fields.items()}
        values |= fields if self._generator.has_bare_fields else {}
        tags = replace(tags, values=values | dict(tags.values))
        return expand_shortcodes(text, tags, partial(self._link_to, page))

    def _date(self, page: Page) -> datetime | None:
        """Give a page's time of publication, with an offset; None if it says none."""
        date = self._first_date(page.fields, _PUBLISHED)
        if date is None:
            name = self._generator.date_in_name(page)
            date = self._read_date(name) if name else None
        return date

    def _first_date(self, fields: Fields, names: tuple[str, ...]) -> datetime | None:
        for name in names:
            text = text_in(fields, name)
            if text and not is_true(text):
                is_utc = self._takes_yaml_times_for_utc and isinstance(fields[name], YamlTime)
                return self._read_date(f"{text}Z" if is_utc else text)
        return None

    def _read_date(self, text: str) -> datetime:
        """Read a date, in the site's zone if it names none. Raises ValueError."""
        try:
            date = read_date(text)
        except ValueError as error:
            raise ValueError(f"the date {shortened(text, _SHOWN)} cannot be read") from error
        if self._defaults.time(date) is None:
            raise ValueError(f"the date {text} is none of the calendar")
        return date if date.tzinfo else date.replace(tzinfo=self._defaults.zone)

    def _address(self, page: Page, date: datetime) -> tuple[str, str]:
        """Give the path that the generator makes, and the whole address."""
        local = date if self._generator.keeps_offsets else date.astimezone(self._defaults.zone)
        path = self._generator.address(page, local)
        canonical = text_in(page.fields, "canonical_url", "canonical", "canonicalurl")
        address = _INDEX.sub("/", self._defaults.address(canonical))
        if address and self._is_own(address):
            return path, address
        return path, self._absolute(path)

    def _is_own(self, address: str) -> bool:
        """Tell whether an address is the site's, and not of where an article appeared first."""
        host = urlsplit(self._defaults.site).netloc.removeprefix("www.")
        is_export = self._generator.name == "Medium"
        return not host or is_export or urlsplit(address).netloc.removeprefix("www.") == host

    def _absolute(self, path: str) -> str:
        """Give the address of a path below the site's, which may have a path itself."""
        if path.startswith("/") and not path.startswith("//"):
            path = f"{self._defaults.site.rstrip('/')}{path}" if self._defaults.site else ""
        return self._defaults.address(path)

    def _submission(
        self, page: Page, body: str, date: datetime, path: str, url: str
    ) -> dict[str, Any]:
        fields = page.fields
        own_id = text_in(fields, "id")
        views = text_in(fields, "views_before", "views")
        try:
            updated = self._first_date(fields, _UPDATED)
        except ValueError:
            updated = None
        image = self._generator.image(page, image_in(fields))
        is_below_site = image.startswith("/") and not page.is_html
        return make_submission(
            source_id=own_id,
            own_id=own_id,
            defaults=self._defaults,
            url=url,
            title=text_in(fields, "title") or title_of(body),
            body=body,
            published=self._defaults.time(date),
            updated=self._defaults.time(updated),
            summary=text_in(fields, "summary", "description", "excerpt", "subtitle"),
            sections=self._generator.sections(page)[:1],
            tags=self._generator.tags(page),
            authors=texts_in(fields, "author", "authors"),
            language=text_in(fields, "language", "lang"),
            image=self._absolute(image) if is_below_site else self._defaults.address(image, url),
            views_before=int(views) if views.isdecimal() and len(views) <= _MOST_DIGITS else None,
            aliases=filter(None, map(self._absolute, self._generator.aliases(page, path))),
        )

    def _link_to(self, page: Page, name: str) -> str:
        """Give the path of another page, by the name that a tag in this one has of it."""
        name, _, fragment = name.partition("#")
        if self._places is None:
            self._places = {}
            for file in filter(self._is_inside, self._files()):
                place = PurePosixPath(file.relative_to(self._root))
                for known in (place.with_suffix(""), place):
                    for start in range(len(known.parts)):
                        self._places.setdefault("/".join(known.parts[start:]), place)
        wanted = name.strip("/").removesuffix("/index").removesuffix("/_index")
        found = self._places.get(wanted) or self._places.get(f"{wanted}/index")
        if not found or found == page.place:
            return f"#{fragment}" if fragment else ""
        try:
            other, _ = self._split(self._root / found, found)
            date = self._date(other) or self._read_date("2000-01-01")
            _, url = self._address(other, date)
        except (SourceError, OSError, ValueError):
            return ""
        return f"{url}#{fragment}" if fragment else url


def _is_linked_folder(path: Path) -> bool:
    try:
        return path.is_symlink() and path.is_dir()
    except (OSError, RuntimeError):
        return False


def _has_pages(folder: Path) -> bool:
    return any(path.suffix.lower() in PAGE_SUFFIXES for path in folder.glob("*"))


def _about_the_project(place: PurePosixPath) -> tuple[Verdict, str] | None:
    name = place.stem.lower()
    if len(place.parts) == 1 and name in _ABOUT_THE_PROJECT:
        return Verdict.SKIPPED, "is about the project, no article"
    if name in _ERROR_PAGES and place.suffix.lower() in HTML_SUFFIXES:
        return Verdict.SKIPPED, "is no article but a page of the site"
    return None


def _exclude(verdict_and_reason: tuple[Verdict, str] | None) -> None:
    if verdict_and_reason:
        raise _Excluded(*verdict_and_reason)


def _zone_of(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):
        return None
