"""Astro: https://docs.astro.build/en/guides/content-collections/ and …/guides/routing/."""

import re
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath

from circulation.importing.generators.generator import Generator, Page, site_path
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict
from circulation.importing.page_fields import text_in

CONFIGURATIONS = tuple(f"astro.config.{suffix}" for suffix in ("mjs", "js", "ts", "cjs", "mts"))
_COLLECTION = re.compile(r"""getCollection\(\s*+["']([\w-]++)["']""")
_DYNAMIC = re.compile(r"\[(?:\.\.\.)?\w+\]\.astro")


class Astro(Generator):
    """The rules of Astro.

    Its articles stand in collections, of which a page of the site, such as
    src/pages/blog/[...slug].astro, makes addresses.
    """

    name = "Astro"
    content = ("src/content", "src/pages", "src/data")

    def __init__(self, files: SiteFiles) -> None:
        super().__init__(files)
        self.site = files.setting("site", *CONFIGURATIONS)
        self.base = files.setting("base", *CONFIGURATIONS).strip("/")
        self._routes: dict[str, str] = {}
        for file in files.matching("src/pages/**/*.astro"):
            place = PurePosixPath(file.relative_to(files.root / "src/pages"))
            if not _DYNAMIC.fullmatch(place.name) or "[" in str(place.parent):
                continue
            for collection in _COLLECTION.findall(files.text(f"src/pages/{place}")):
                self._routes.setdefault(collection, str(place.parent))

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell of what Astro builds no page of: names that begin with an underscore."""
        if any(part.startswith("_") for part in page.place.parts):
            return Verdict.SKIPPED, "is not built by Astro: its name begins with _"
        return super().excluded(page)

    def address(self, page: Page, date: datetime) -> str:  # noqa: ARG002  it has no part in it
        """Give the address of a page, or of an entry by its collection's route, slug or path."""
        parts = page.place.parts
        if parts[1] == "pages":
            return site_path(*page.folder.parts[2:], page.stem, "")
        collection = parts[2] if len(parts) > 3 else ""  # noqa: PLR2004  src/content/blog/a.md
        route = self._routes.get(collection, collection)
        folders = [slug_of(part) for part in page.folder.parts[3:]]
        own = text_in(page.fields, "slug")
        path = own or "/".join([*folders, slug_of(page.stem)])
        return site_path(route.strip("."), path, "")

    def image(self, page: Page, reference: str) -> str:  # noqa: ARG002
        """Give the address of a picture; one of the sources is published under another name."""
        return reference if reference.startswith(("/", "http:", "https:")) else ""


def slug_of(text: str) -> str:
    """Write a name as github-slugger does, which Astro makes the ids of entries with."""
    letters = (
        letter
        for letter in text.lower().replace(" ", "-")
        if letter in "-_" or unicodedata.category(letter)[0] in "LMN"
    )
    return "".join(letters)
