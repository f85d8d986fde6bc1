"""Hexo: https://hexo.io/docs/permalinks, …/docs/front-matter, …/docs/configuration.

Hexo itself shifts a date that names its offset by the time zone of its configuration; here it is
the instant that is written.
"""

import hashlib
import re
from datetime import datetime
from pathlib import PurePosixPath

from circulation.importing.front_matter import mapping_of
from circulation.importing.generators.generator import (
    Generator,
    Page,
    date_values,
    fill_in,
    site_path,
)
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict
from circulation.importing.page_fields import is_false, text_in, text_of, texts_in
from circulation.urls import address_or_none

CONFIGURATION = "_config.yml"
POSTS = "_posts"
_CLOSED_ALONE = re.compile(r"[\w-]++:(?:[ \t].*+)?\n(?:(?!---).*+\n)*+---[ \t]*+\n")


class Hexo(Generator):
    """The rules of Hexo."""

    name = "Hexo"
    has_posts_alone = True

    def __init__(self, files: SiteFiles) -> None:
        super().__init__(files)
        config = files.data(CONFIGURATION)
        self._source = PurePosixPath(text_in(config, "source_dir") or "source")
        self.content = (str(self._source),)
        url = text_in(config, "url").rstrip("/")
        self.site = f"{url}/" if address_or_none(url) else ""
        self.base = text_in(config, "root").strip("/")
        self.zone = text_in(config, "timezone")
        self._permalink = text_in(config, "permalink") or ":year/:month/:day/:title/"
        self._permalink_values = {
            name: text_of(value)
            for name, value in mapping_of(config.get("permalink_defaults")).items()
        }
        self._category = text_in(config, "default_category") or "uncategorized"
        self._file_name = PurePosixPath(text_in(config, "new_post_name") or ":title.md").stem
        self._pretty = mapping_of(config.get("pretty_urls"))

    def source(self, text: str) -> str:
        """Open front matter that only its end marks, as Hexo made it until 2015."""
        return f"---\n{text}" if _CLOSED_ALONE.match(text) else text

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell of drafts, and of pages, which are no posts."""
        folder = page.place.relative_to(self._source).parts[0]
        if folder in (POSTS, "_drafts"):
            return super().excluded(page)
        if folder.startswith("_"):
            return Verdict.SKIPPED, "stands in a folder that Hexo does not build"
        return Verdict.SKIPPED, "is a page, no post"

    def date_in_name(self, page: Page) -> str:
        """Give the date in a file's name where new_post_name has one."""
        return self._in_name(page)[0]

    def address(self, page: Page, date: datetime) -> str:
        """Give the address by the page's own permalink, else by the site's."""
        own = text_in(page.fields, "permalink")
        title = self._in_name(page)[1]
        categories = self._categories(page) or [[]]
        names = {name: text_of(value) for name, value in page.fields.items() if text_of(value)}
        values = (
            self._permalink_values
            | names
            | date_values(date)
            | {
                "i_month": str(date.month),
                "i_day": str(date.day),
                "timestamp": str(int(date.timestamp() * 1000)),
                "title": title,
                "name": title.rpartition("/")[2],
                "post_title": slugize(text_in(page.fields, "title")),
                "category": "/".join(map(slugize, categories[-1])) or self._category,
                "hash": hashlib.sha1(  # noqa: S324  as Hexo names its posts
                    f"{title}{int(date.timestamp())}".encode()
                ).hexdigest()[:12],
            }
        )
        path = own or fill_in(self._permalink, values)
        if is_false(self._pretty.get("trailing_html")):
            path = re.sub(r"\.html$", "", path)
        return site_path(path)

    def sections(self, page: Page) -> list[str]:
        """Give the categories; those of a list are each a part of the one before it."""
        paths = self._categories(page)
        return list(dict.fromkeys(name for path in paths for name in path)) or texts_in(
            page.fields, "category", "section"
        )

    def tags(self, page: Page) -> list[str]:
        """Give the other categories and the tags."""
        return [*self.sections(page)[1:], *texts_in(page.fields, "tags", "tag")]

    def _categories(self, page: Page) -> list[list[str]]:
        """Give the paths of categories: one of a text or a list, or those of a list of lists."""
        value = page.fields.get("categories")
        entries = value if isinstance(value, list) else [value]
        if any(isinstance(entry, list) for entry in entries):
            lists = [entry if isinstance(entry, list) else [entry] for entry in entries]
        else:
            lists = [entries]
        paths = ([text for text in map(text_of, path) if text] for path in lists)
        return [path for path in paths if path]

    def _in_name(self, page: Page) -> tuple[str, str]:
        """Give the date and the title in a file's name, as new_post_name sets it together."""
        place = page.place.relative_to(self._source).with_suffix("")
        name = "/".join(place.parts[1:])
        parts = {
            ":title": r"(?P<title>.+)", ":year": r"(?P<year>\d{4})", ":month": r"(?P<month>\d\d)",
            ":day": r"(?P<day>\d\d)", ":i_month": r"(?P<month>\d{1,2})",
            ":i_day": r"(?P<day>\d{1,2})",
        }  # fmt: skip
        pattern = "".join(
            parts.get(piece, re.escape(piece))
            for piece in re.split(r"(:i_month|:i_day|:title|:year|:month|:day)", self._file_name)
        )
        match = re.fullmatch(pattern, name)
        found = match.groupdict() if match else {}
        title = found.get("title") or slugize(name)
        is_dated = {"year", "month", "day"} <= found.keys()
        return "-".join(found[part] for part in ("year", "month", "day")) if is_dated else "", title


def slugize(text: str) -> str:
    """Write a name as it stands in Hexo's addresses."""
    return re.sub(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+", "-", text).strip("-")
