"""Jekyll: https://jekyllrb.com/docs/permalinks/, …/posts/, …/collections/.

Defaults of front matter: https://jekyllrb.com/docs/configuration/front-matter-defaults/
"""

import re
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from circulation.importing.front_matter import Fields, lower_names, mapping_of
from circulation.importing.generators.generator import (
    MONTHS,
    WEEKDAYS,
    Generator,
    Page,
    date_values,
    dated_name,
    fill_in,
    site_path,
)
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict
from circulation.importing.markdown import code_parts
from circulation.importing.page_fields import is_true, text_in, text_of, texts_in
from circulation.importing.shortcodes import Tags

CONFIGURATIONS = ("_config.yml", "_config.yaml", "_config.toml")
STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_POSTS = "_posts"
_BLOCKS = "address|article|aside|blockquote|center|details|div|figure|footer|header|main|section"
_OPENING = re.compile(
    rf"^([ ]{{0,3}}<(?:{_BLOCKS})\b[^<>]*?)\s+markdown=[\"']?(?:1|block)[\"']?([^<>]*>)",
    flags=re.MULTILINE,
)
_CLOSING = re.compile(rf"[ \t]*</(?:{_BLOCKS})>")


class Jekyll(Generator):
    """The rules of Jekyll."""

    name = "Jekyll"
    takes_yaml_times_for_utc = True

    def __init__(self, files: SiteFiles) -> None:
        super().__init__(files)
        config = files.data(*CONFIGURATIONS)
        self.site = text_in(config, "url")
        self.base = text_in(config, "baseurl").strip("/")
        base = f"/{self.base}" if self.base else ""
        values = {"site.baseurl": base, "site.url": self.site.rstrip("/")}
        self.tags_in_text = Tags(outputs=True, in_code=True, values=values)
        self.zone = text_in(config, "timezone")
        self._permalink = text_in(config, "permalink") or "date"
        self._excluded = texts_in(config, "exclude")
        defaults = config.get("defaults")
        self._defaults = [
            lower_names(entry)
            for entry in (defaults if isinstance(defaults, list) else [])
            if isinstance(entry, dict)
        ]
        collections = config.get("collections")
        self._collections = {
            text_of(name): lower_names(settings) if isinstance(settings, dict) else {}
            for name, settings in (
                collections.items()
                if isinstance(collections, dict)
                else ((name, None) for name in collections or [])
            )
        }

    def source(self, text: str) -> str:
        """Part the Markdown in an element that says markdown="1" from its tags.

        So it is read as Markdown. https://kramdown.gettalong.org/syntax.html#html-blocks
        """
        if "markdown=" not in text:
            return text
        return "".join(
            part if is_code else _CLOSING.sub(r"\n\n\g<0>\n\n", _OPENING.sub(r"\1\2\n\n", part))
            for is_code, part in code_parts(text)
        )

    def metadata(self, place: PurePosixPath, fields: Fields) -> Fields:
        """Add the defaults of the configuration whose scope the page is in; a nearer one wins."""
        kind = self._kind(place)
        matching: list[tuple[int, Fields]] = []
        for entry in self._defaults:
            scope = mapping_of(entry.get("scope"))
            path, kinds = text_in(scope, "path").strip("/"), text_in(scope, "type")
            is_in = (
                fnmatchcase(str(place), path) or fnmatchcase(str(place), f"{path}/*")
                if "*" in path
                else place.is_relative_to(path)
            )
            if is_in and kinds.rstrip("s") in ("", kind.rstrip("s")):
                matching.append((len(path), mapping_of(entry.get("values"))))
        for _, values in sorted(matching, key=lambda pair: -pair[0]):
            fields = values | fields
        return fields

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell of what Jekyll does not build, and of what is a page of the site, no post."""
        if any(
            page.place.is_relative_to(path.strip("/")) or fnmatchcase(str(page.place), path)
            for path in self._excluded
        ):
            return Verdict.SKIPPED, "is excluded by the configuration"
        if text_in(page.fields, "redirect_to"):
            return Verdict.SKIPPED, "is no page but leads to another one"
        kind = self._kind(page.place)
        if kind == "posts" and not dated_name(page.place.stem)[0]:
            return (
                Verdict.SKIPPED,
                "is not built by Jekyll: its name has no date (2026-01-31-name.md)",
            )
        underscored = any(
            part.startswith("_") and part not in (_POSTS, "_drafts")
            for part in page.place.parts[:-1]
        )
        if underscored and not is_true(self._collections.get(kind, {}).get("output")):
            return Verdict.SKIPPED, "stands in a folder that Jekyll does not build"
        return super().excluded(page)

    def date_in_name(self, page: Page) -> str:
        """Give the date in the name of a post."""
        return dated_name(page.place.stem)[0]

    def address(self, page: Page, date: datetime) -> str:
        """Give the address by the page's permalink, else by that of its collection or the site."""
        kind = self._kind(page.place)
        own = text_in(page.fields, "permalink")
        if kind == "posts":
            template = own or STYLES.get(self._permalink, self._permalink)
            path = fill_in(template, self._post_values(page, date))
        elif kind in self._collections:
            template = own or text_in(self._collections[kind], "permalink")
            template = template or (
                "/:collection/:path/"
                if self._permalink == "pretty" or self._permalink.endswith("/")
                else "/:collection/:path:output_ext"
            )
            path = fill_in(template, self._collection_values(page, date, kind))
        else:
            path = fill_in(own, self._page_values(page)) if own else self._page_path(page)
        return site_path(path)

    def image(self, page: Page, reference: str) -> str:
        """Give the address of a picture, which is below the site's as themes write it."""
        is_whole = reference.startswith("/") or "://" in reference or not reference
        return super().image(page, reference) if is_whole else f"/{reference}"

    def sections(self, page: Page) -> list[str]:
        """Give the categories: those of the folders, then those of the page, parted by spaces."""
        return list(dict.fromkeys([*self._folders(page), *_words(page, "category", "categories")]))

    def tags(self, page: Page) -> list[str]:
        """Give the tags, parted by spaces."""
        return [*self.sections(page)[1:], *_words(page, "tag", "tags")]

    def _kind(self, place: PurePosixPath) -> str:
        """Give the collection of a page: posts, drafts, another one, or pages for none."""
        for part in (self.files.root.name, *place.parts[:-1]):
            if part in (_POSTS, "_drafts"):
                return part[1:]
            if part.startswith("_") and part[1:] in self._collections:
                return part[1:]
        return "pages"

    def _folders(self, page: Page) -> list[str]:
        parts = page.place.parts
        return list(parts[: parts.index(_POSTS)]) if _POSTS in parts[:-1] else []

    def _post_values(self, page: Page, date: datetime) -> dict[str, str]:
        name = dated_name(page.place.stem)[1] or page.place.stem
        slug = text_in(page.fields, "slug") or name
        categories = [category.lower() for category in self.sections(page)]
        year, week, _ = date.isocalendar()
        weekday = WEEKDAYS[date.weekday()]
        return date_values(date) | {
            "short_year": f"{date.year % 100:02}",
            "i_month": str(date.month),
            "short_month": MONTHS[date.month - 1][:3],
            "long_month": MONTHS[date.month - 1],
            "i_day": str(date.day),
            "y_day": f"{date.timetuple().tm_yday:03}",
            "w_year": f"{year:04}",
            "week": f"{week:02}",
            "w_day": str(date.isoweekday()),
            "short_day": weekday[:3],
            "long_day": weekday,
            "title": slugify(slug, is_pretty=True),
            "slug": slugify(slug),
            "name": slugify(name),
            "categories": "/".join(dict.fromkeys(categories)),
            "slugified_categories": "/".join(dict.fromkeys(map(slugify, categories))),
            "collection": "posts",
            "path": name,
            "output_ext": ".html",
        }

    def _collection_values(self, page: Page, date: datetime, kind: str) -> dict[str, str]:
        place = page.place
        start = place.parts.index(f"_{kind}") + 1
        return self._post_values(page, date) | {
            "collection": kind,
            "path": "/".join([*place.parts[start:-1], place.stem]),
            "title": slugify(text_in(page.fields, "slug") or place.stem, is_pretty=True),
        }

    def _page_values(self, page: Page) -> dict[str, str]:
        return {
            "path": "".join(f"/{part}" for part in page.place.parent.parts),
            "basename": page.place.stem,
            "output_ext": ".html",
        }

    def _page_path(self, page: Page) -> str:
        if page.is_index:
            return site_path(*page.place.parent.parts, "")
        template = STYLES.get(self._permalink, self._permalink)
        is_file = template.endswith((":output_ext", ".html"))
        ending = "/" if template.endswith("/") else ".html" if is_file else ""
        return f"{'/'.join(page.place.with_suffix('').parts)}{ending}"


def slugify(text: str, *, is_pretty: bool = False) -> str:
    """Write a name as Jekyll's filter slugify does: in lower case and without signs, or pretty.

    The pretty form leaves upper case and the signs that addresses may have.
    """
    if is_pretty:
        return re.sub(r"[^\w._~!$&'()+,;=@-]+", "-", text).strip("-")
    return re.sub(r"[\W_]+", "-", text).strip("-").lower()


def _words(page: Page, singular: str, plural: str) -> list[str]:
    """Give one name, and a list of names, or those of a text, which spaces part."""
    one = text_in(page.fields, singular)
    value: Any = page.fields.get(plural)
    several = text_of(value).split() if isinstance(value, str) else texts_in(page.fields, plural)
    return list(dict.fromkeys([*([one] if one else []), *several]))


def is_jekyll(files: SiteFiles) -> bool:
    """Tell a site by its configuration, or by a folder _posts, at most two levels down."""
    root = files.root
    return (
        files.has(*CONFIGURATIONS)
        or root.name == _POSTS
        or any(any(root.glob(pattern)) for pattern in (_POSTS, f"*/{_POSTS}", f"*/*/{_POSTS}"))
    )
