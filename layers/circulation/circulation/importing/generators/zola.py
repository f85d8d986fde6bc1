"""Zola: https://www.getzola.org/documentation/content/page/ and …/content/overview/."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from circulation.importing.front_matter import Fields, mapping_of, split_front_matter
from circulation.importing.generators.generator import (
    Generator,
    Page,
    ascii_slug,
    dated_name,
    setting_is_off,
    site_path,
)
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict
from circulation.importing.page_fields import is_true, text_in, text_of, texts_in
from circulation.importing.shortcodes import Tags

CONFIGURATIONS = ("zola.toml", "config.toml")


class Zola(Generator):
    """The rules of Zola."""

    name = "Zola"
    content = ("content",)
    internal_links = "@/"
    tags_in_text = Tags(calls=True, in_code=True)

    def __init__(self, files: SiteFiles) -> None:
        super().__init__(files)
        config = files.data(*CONFIGURATIONS)
        self.site = text_in(config, "base_url")
        self._languages = {name.lower() for name in mapping_of(config.get("languages"))}
        slugify = mapping_of(config.get("slugify"))
        self._paths = text_in(slugify, "paths") or "on"
        self._keeps_dates = text_in(slugify, "paths_keep_dates") == "true"
        self._drafts = set(self._draft_sections())

    def metadata(self, place: PurePosixPath, fields: Fields) -> Fields:  # noqa: ARG002
        """Take the taxonomies, and what a theme reads (extra), for fields of the page."""
        return mapping_of(fields.get("extra")) | mapping_of(fields.get("taxonomies")) | fields

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell of what Zola does not render, and of the pages of sections."""
        if page.place.stem.partition(".")[0] == "_index":
            return Verdict.SKIPPED, "is the page of a section, no article"
        if setting_is_off(page.fields, "render"):
            return Verdict.SKIPPED, "is not rendered"
        if not self._drafts.isdisjoint(page.place.parents):
            return Verdict.PRIVATE, "stands in a section that is a draft"
        return super().excluded(page)

    def date_in_name(self, page: Page) -> str:
        """Give the date in the name of the file, or of the folder that it stands for."""
        return dated_name(self._language_of(page)[1].stem)[0]

    def address(self, page: Page, date: datetime) -> str:  # noqa: ARG002  it has no part in it
        """Give the address by path, else by the folders and the slug or the name without date."""
        language, page = self._language_of(page)
        path = text_in(page.fields, "path")
        if path:
            return site_path(language, path, "")
        folders = [self._slug(part) for part in page.folder.parts[1:]]
        if page.place.stem == "_index":
            return site_path(language, *folders, "")
        name = page.stem if self._keeps_dates else dated_name(page.stem)[1]
        slug = self._slug(text_in(page.fields, "slug") or name or page.stem)
        return site_path(language, *folders, slug, "")

    def aliases(self, page: Page, address: str) -> list[str]:  # noqa: ARG002
        """Give the aliases, which count from the site's root."""
        return [site_path(alias) for alias in texts_in(page.fields, "aliases")]

    def _draft_sections(self) -> Iterator[PurePosixPath]:
        """Give the folders of sections that are drafts; Zola leaves out all that is in them.

        https://www.getzola.org/documentation/content/section/#front-matter
        """
        for file in self.files.matching("content/**/_index*.md"):
            place = PurePosixPath(file.relative_to(self.files.root))
            try:
                fields, _ = split_front_matter(self.files.text(str(place)))
            except ValueError:
                continue  # it is named when the file itself is read
            if is_true(fields.get("draft")) and self._language_of(Page(place, fields))[0] == "":
                yield place.parent

    def _slug(self, text: str) -> str:
        if self._paths == "on":
            return ascii_slug(text)
        return text.replace(" ", "_") if self._paths == "safe" else text

    def _language_of(self, page: Page) -> tuple[str, Page]:
        """Give a page's language, none for the main one, and the page without it in its name."""
        stem, dot, code = page.place.stem.rpartition(".")
        if dot and code.lower() in self._languages:
            return code, Page(page.place.with_name(f"{stem}{page.place.suffix}"), page.fields)
        return "", page


def is_zola(files: SiteFiles) -> bool:
    """Tell a site by its zola.toml, or a config.toml that says base_url; Hugo's says baseURL."""
    return files.has("zola.toml") or bool(text_of(files.data("config.toml").get("base_url")))
