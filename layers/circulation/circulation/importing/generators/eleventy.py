"""Eleventy: https://www.11ty.dev/docs/permalinks/, …/docs/dates/, …/docs/data-template-dir/."""

import re
from datetime import datetime
from pathlib import PurePosixPath

from circulation.importing.front_matter import Fields, lower_names
from circulation.importing.generators.generator import (
    Generator,
    Page,
    ascii_slug,
    dated_name,
    first_folder,
    site_path,
    without_accents,
)
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict
from circulation.importing.page_fields import is_false, is_true, text_in
from circulation.importing.shortcodes import Tags

CONFIGURATIONS = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs",
    "eleventy.config.ts",
)  # fmt: skip
_EXPRESSION = re.compile(r"\{\{-?\s*+([^{}|]*[^{}|\s])\s*+((?:\|[^{}|]*+)*+)-?\}\}")
_COMMENT = re.compile(r"\{#(?:[^#]|#(?!\}))*+#\}")
_COLLECTIONS = {"all", "post", "posts", "page", "pages"}
"""Tags that name a collection for templates and say nothing to readers."""


class Eleventy(Generator):
    """The rules of Eleventy."""

    name = "Eleventy"
    tags_in_text = Tags(outputs=True, in_code=True)
    has_bare_fields = True

    def __init__(self, files: SiteFiles) -> None:
        super().__init__(files)
        folder = files.setting("input", *CONFIGURATIONS)
        folder = folder.removeprefix("./").strip("/")
        folder = folder if first_folder(files, [folder]) else ""
        self._input = PurePosixPath(folder)
        self.content = (folder,) if folder else ()
        self.base = files.setting("pathPrefix", *CONFIGURATIONS).strip("/")
        engine = files.setting("markdownTemplateEngine", *CONFIGURATIONS)
        self._has_nunjucks = engine == "njk"
        self._folders: dict[PurePosixPath, Fields] = {}

    def source(self, text: str) -> str:
        """Drop the comments of Nunjucks, where the configuration says that it writes the pages.

        https://mozilla.github.io/nunjucks/templating.html#comments
        """
        return _COMMENT.sub("", text) if self._has_nunjucks else text

    def metadata(self, place: PurePosixPath, fields: Fields) -> Fields:
        """Add the data files in JSON of the page and of its folders; a nearer one wins.

        Those in JavaScript are not run.
        """
        folders = [folder for folder in place.parents if folder.is_relative_to(self._input)]
        inherited: Fields = {}
        for folder in reversed(folders):
            if folder.parts:
                inherited |= self._data(folder / folder.name)
        return inherited | self._data(place.with_suffix("")) | fields

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell of what Eleventy does not write, or not put into its collections."""
        if is_false(page.fields.get("permalink")):
            return Verdict.SKIPPED, "is not written: its permalink is false"
        if is_true(page.fields.get("eleventyexcludefromcollections")):
            return Verdict.SKIPPED, "is excluded from collections"
        if any(part.startswith("_") for part in page.place.parts[:-1]):
            return Verdict.SKIPPED, "stands in a folder that Eleventy does not build"
        return super().excluded(page)

    def address(self, page: Page, date: datetime) -> str:
        """Give the address by the permalink, else by the file's place without the date."""
        template = text_in(page.fields, "permalink")
        stem = self._stem(page)
        if not template:
            folder, _, name = stem.rpartition("/")
            is_folder = name in ("index", folder.rpartition("/")[2])
            return site_path(folder if is_folder else stem, "")
        values = {
            "page.fileSlug": dated_name(page.stem)[1] or page.stem,
            "page.filePathStem": stem,
            "page.date": date.date().isoformat(),
            "page.date.getFullYear()": f"{date.year:04}",
        } | {name: text_in(page.fields, name) for name in page.fields}

        def value_of(expression: re.Match[str]) -> str:
            name, filters = expression[1], expression[2].replace(" ", "")
            value = values.get(name) or values.get(name.lower())
            if not value or filters not in ("", "|slugify", "|slug", "|url"):
                raise ValueError(f"its permalink {template} has to be run to be known")
            return slugify(value) if "slug" in filters else value

        path = _EXPRESSION.sub(value_of, template)
        if "{{" in path or "{%" in path:
            raise ValueError(f"its permalink {template} has to be run to be known")
        return site_path(re.sub(r"(?:^|(?<=/))index\.html$", "", path))

    def tags(self, page: Page) -> list[str]:
        """Give the tags without those that only name a collection."""
        return [tag for tag in super().tags(page) if tag.lower() not in _COLLECTIONS]

    def _stem(self, page: Page) -> str:
        """Give the path of a file below the input folder, without its suffix."""
        return f"/{page.place.relative_to(self._input).with_suffix('')}"

    def _data(self, place: PurePosixPath) -> Fields:
        if place not in self._folders:
            self._folders[place] = lower_names(
                self.files.data(f"{place}.json") | self.files.data(f"{place}.11tydata.json")
            )
        return self._folders[place]


def slugify(text: str) -> str:
    """Write text as Eleventy's filter slugify does for Latin letters.

    Raises ValueError for others, which it writes in Latin ones.
    """
    words = re.sub(r"(\w)['\u2019](\w)", r"\1\2", text).replace("&", " and ")
    if any(letter.isalpha() for letter in re.sub(r"[a-z]", "", without_accents(words))):
        raise ValueError(f"its permalink of {text} has to be run to be known")
    return ascii_slug(words)
