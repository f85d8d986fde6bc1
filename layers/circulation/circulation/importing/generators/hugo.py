"""Hugo: https://gohugo.io/content-management/urls/ and …/front-matter/, …/page-bundles/."""

import re
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from posixpath import join, normpath
from typing import Any

from circulation.importing.front_matter import Fields, lower_names, mapping_of, split_front_matter
from circulation.importing.generators.generator import (
    MONTHS,
    WEEKDAYS,
    Generator,
    Page,
    date_values,
    fill_in,
    setting_is_off,
    site_path,
)
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict
from circulation.importing.page_fields import is_true, text_in, text_of, texts_in
from circulation.importing.shortcodes import Tags

CONFIGURATIONS = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for suffix in ("toml", "yaml", "yml", "json")
)
_SLICE = re.compile(r":sections\[(?:([0-9]+)|([0-9]*):(last|[0-9]*)|(last))\]")


class Hugo(Generator):
    """The rules of Hugo."""

    name = "Hugo"
    tags_in_text = Tags(in_code=True)
    keeps_offsets = True

    def __init__(self, files: SiteFiles) -> None:
        super().__init__(files)
        self._config = files.data(*CONFIGURATIONS)
        self.site = text_in(self._config, "baseurl")
        self.zone = text_in(self._config, "timezone")
        self.content = (text_in(self._config, "contentdir") or "content",)
        languages = mapping_of(self._config.get("languages")) or files.data(
            *(f"config/_default/languages.{suffix}" for suffix in ("toml", "yaml", "json"))
        )
        self._languages = {name: mapping_of(value) for name, value in languages.items()}
        self._language = text_in(self._config, "defaultcontentlanguage").lower() or "en"
        for settings in self._languages.values():
            folder = text_in(settings, "contentdir")
            if folder and folder not in self.content:
                self.content += (folder,)
        permalinks = mapping_of(self._config.get("permalinks")) or files.data(
            *(f"config/_default/permalinks.{suffix}" for suffix in ("toml", "yaml", "json"))
        )
        self._permalinks = permalinks | mapping_of(permalinks.get("page"))
        self._sections: dict[PurePosixPath, Fields] = {}

    def metadata(self, place: PurePosixPath, fields: Fields) -> Fields:
        """Add what is set for all pages below a section (cascade), and what params holds."""
        inside = self._below_content(place)
        sources = [self._config.get("cascade")]
        folders = [PurePosixPath(), *reversed(PurePosixPath(inside).parents[:-1])]
        start = place.parts[: len(place.parts) - len(inside.parts)]
        sources += [
            self._section(PurePosixPath(*start) / folder).get("cascade") for folder in folders
        ]
        inherited: Fields = {}
        for source in sources:
            for entry in source if isinstance(source, list) else [source]:
                inherited |= _cascaded(entry, inside)
        fields = inherited | fields
        return lower_names(mapping_of(fields.get("params"))) | fields

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell of what Hugo does not build or list."""
        build = mapping_of(page.fields.get("build")) or mapping_of(page.fields.get("_build"))
        if is_true(page.fields.get("headless")) or setting_is_off(build, "render"):
            return Verdict.SKIPPED, "is not rendered: it is part of other pages"
        if text_in(build, "render") == "link":
            return Verdict.SKIPPED, "is not rendered"
        if setting_is_off(build, "list"):
            return Verdict.PRIVATE, "is not listed"
        bundle = next(
            (
                folder
                for folder in page.place.parents
                if folder != page.place.parent or not page.is_index
                if self._is_bundle(folder)
            ),
            None,
        )
        if bundle:
            return Verdict.SKIPPED, "is a part of the page of its folder"
        return super().excluded(page)

    def date_in_name(self, page: Page) -> str:
        """Give the date in a file's name where the configuration asks for it (:filename)."""
        sources = texts_in(mapping_of(self._config.get("frontmatter")), "date")
        return super().date_in_name(page) if ":filename" in sources else ""

    def address(self, page: Page, date: datetime) -> str:
        """Give the address by url, else by the section's permalink, slug and file name."""
        language, page = self._language_of(page)
        prefix = self._prefix(language)
        url = text_in(page.fields, "url")
        if url:
            url = url if url.endswith("/") or re.search(r"\.\w+$", url) else f"{url}/"
            if "://" in url or url.startswith("/"):
                return url
            return f"/{prefix}/{url}" if prefix else f"/{url}"
        folders = self._below_content(page.folder).parts
        template = text_of(self._permalinks.get(folders[0].lower())) if folders else ""
        slug = text_in(page.fields, "slug")
        if template:
            path = slug_of(self._fill_in(template, page, date))
        else:
            path = "/".join([*map(slug_of, folders), slug_of(slug or page.stem)])
        path = f"{prefix}/{path.strip('/')}"
        is_file = is_true(self._config.get("uglyurls")) and not page.is_index
        return site_path(f"{path}.html") if is_file else site_path(path, "")

    def aliases(self, page: Page, address: str) -> list[str]:
        """Give the aliases; one without a slash before it stands beside the page."""
        prefix = self._prefix(self._language_of(page)[0])
        return [
            (f"/{prefix}{alias}" if prefix and not alias.startswith(f"/{prefix}/") else alias)
            if alias.startswith("/")
            else normpath(join(address, "..", alias))
            for alias in texts_in(page.fields, "aliases")
        ]

    def image(self, page: Page, reference: str) -> str:
        """Give the address of a picture: a file beside the page, else one below the site's."""
        if reference.startswith("/") or "://" in reference:
            return reference
        is_beside = self.files.has(str(page.place.parent / reference))
        return reference if is_beside else f"/{reference}"

    def _fill_in(self, template: str, page: Page, date: datetime) -> str:
        sections = self._section_of(page)
        title = slug_of(text_in(page.fields, "title"))
        slug = slug_of(text_in(page.fields, "slug"))
        name = slug_of(page.stem)
        parts = [slug_of(section) for section in sections]
        template = _SLICE.sub(lambda match: _sliced(parts, match), template)
        return fill_in(
            template,
            date_values(date)
            | {
                "monthname": MONTHS[date.month - 1],
                "weekday": str(date.isoweekday() % 7),
                "weekdayname": WEEKDAYS[date.weekday()],
                "yearday": str(date.timetuple().tm_yday),
                "section": parts[0],
                "sections": "/".join(parts),
                "title": title,
                "slug": slug or title,
                "slugorfilename": slug or name,
                "slugorcontentbasename": slug or name,
                "filename": name,
                "contentbasename": name,
            },
        )

    def _section_of(self, page: Page) -> tuple[str, ...]:
        """Give the folders of a page's section: the first, or a deeper one that has an _index."""
        for folder in (page.folder, *page.folder.parents):
            parts = self._below_content(folder).parts
            names = (str(folder / f"_index.{suffix}") for suffix in ("md", "html", "markdown"))
            if len(parts) <= 1 or self.files.has(*names):
                return parts
        return ()

    def _below_content(self, place: PurePosixPath) -> PurePosixPath:
        for folder in self.content:
            if place.is_relative_to(folder):
                return place.relative_to(folder)
        return place

    def _language_of(self, page: Page) -> tuple[str, Page]:
        """Give a page's language, and the page without it in its name (post.fr.md)."""
        stem, dot, code = page.place.stem.rpartition(".")
        if dot and code.lower() in {*self._languages, self._language}:
            return code.lower(), Page(
                page.place.with_name(f"{stem}{page.place.suffix}"), page.fields
            )
        for code, settings in self._languages.items():
            folder = text_in(settings, "contentdir")
            if folder and page.place.is_relative_to(folder):
                return code, page
        return self._language, page

    def _prefix(self, language: str) -> str:
        in_folder = is_true(self._config.get("defaultcontentlanguageinsubdir"))
        return language if language != self._language or in_folder else ""

    def _is_bundle(self, folder: PurePosixPath) -> bool:
        return self._below_content(folder).parts != () and self.files.has(
            *(str(folder / f"index.{suffix}") for suffix in ("md", "html", "markdown"))
        )

    def _section(self, folder: PurePosixPath) -> Fields:
        if folder not in self._sections:
            text = self.files.text(str(folder / "_index.md"), str(folder / "_index.html"))
            try:
                self._sections[folder] = lower_names(split_front_matter(text)[0])
            except ValueError as error:
                raise ValueError(f"{folder / '_index.md'}: {error}") from error
        return self._sections[folder]


def is_hugo(files: SiteFiles) -> bool:
    """Tell a site by its configuration and the folder of its content."""
    if not files.has(*CONFIGURATIONS):
        return False
    folder = text_in(files.data(*CONFIGURATIONS), "contentdir")
    return files.has(folder or "content")


def slug_of(text: str) -> str:
    """Write a name as it stands in Hugo's addresses: in lower case, with hyphens for spaces."""
    slug = re.sub(r"%(?![0-9a-f]{2})|[^\w\s./#+~@%\\-]", "", text.lower()).strip()
    return re.sub(r"[\s-]+", lambda run: "-" if re.search(r"\s", run[0]) else run[0], slug)


def _sliced(parts: list[str], match: re.Match[str]) -> str:
    index, first, last, is_last = match.groups()
    if is_last:
        chosen = parts[-1:]
    elif index:
        chosen = parts[int(index) : int(index) + 1]
    else:
        end = len(parts) if not last else len(parts) - 1 if last == "last" else int(last)
        chosen = parts[int(first or 0) : end]
    return "/".join(chosen)


def _cascaded(entry: Any, place: PurePosixPath) -> Fields:  # noqa: ANN401
    """Give the fields of a cascade that reaches a page: one for all, or for what it targets."""
    fields = mapping_of(entry)
    target = mapping_of(fields.pop("_target", None)) or mapping_of(fields.pop("target", None))
    fields.pop("target", None)
    pattern = text_in(target, "path")
    if text_in(target, "kind") not in ("", "page"):
        return {}
    path = f"/{place.with_suffix('')}"
    if pattern and not any(
        fnmatchcase(path.lower(), form.lower().replace("{", "").replace("}", ""))
        for form in (pattern, pattern.replace("**", "*"), f"{pattern}/*")
    ):
        return {}
    return fields
