"""What every generator has in common, and what is done for a folder of no known generator."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from circulation.importing.front_matter import Fields
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict
from circulation.importing.page_fields import is_false, text_in, texts_in
from circulation.importing.shortcodes import Tags

HTML_SUFFIXES = {".html", ".htm"}
# 2026-01-31-name.md, as Jekyll, Zola, Eleventy and Hugo have it; _ stands for - in Zola.
_DATED_NAME = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[-_](.+))?")
# RFC 3986, section 3.3: what stands in a path as it is.
_PATH = "/:@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Page:
    """A file of a site: where it stands below the site's folder, and its metadata."""

    place: PurePosixPath
    fields: Fields

    @property
    def is_html(self) -> bool:
        """Whether it is HTML, not Markdown."""
        return self.place.suffix.lower() in HTML_SUFFIXES

    @property
    def stem(self) -> str:
        """The file's name without its suffix, or that of the folder which it is the index of."""
        name = self.place.stem
        return self.place.parent.name if name.lower() == "index" else name

    @property
    def folder(self) -> PurePosixPath:
        """The folder of the file, or of the folder which it is the index of."""
        parent = self.place.parent
        return parent.parent if self.place.stem.lower() == "index" else parent

    @property
    def is_index(self) -> bool:
        """Whether it stands for its folder."""
        return self.place.stem.lower() == "index"


class Generator:
    """The rules of a generator; these are for a folder of Markdown and HTML of none that is known.

    Attributes: content has the folders that articles stand in, none for all; site is the site's
    address if its configuration says it, base the path below it that all pages have, and zone the
    name of its time zone; tags_in_text says which tags work in its pages; internal_links is what
    links to files of the site begin with; has_bare_fields that tags name the fields of a page
    without "page."; keeps_offsets that addresses have the day where an article was dated, not that
    in the site's zone;
    takes_yaml_times_for_utc that a time of YAML without an offset and quotes is in UTC (YAML 1.1);
    and has_posts_alone that what is not excluded is an article, even without a date.
    """

    name = "no known generator"
    content: tuple[str, ...] = ()
    tags_in_text = Tags()
    internal_links = ""
    has_bare_fields = False
    keeps_offsets = False
    takes_yaml_times_for_utc = False
    has_posts_alone = False

    def __init__(self, files: SiteFiles) -> None:
        self.files = files
        self.site = ""
        self.base = ""
        self.zone = ""

    def source(self, text: str) -> str:
        """Give a page's text with its front matter in the form that front_matter reads."""
        return text

    def metadata(self, place: PurePosixPath, fields: Fields) -> Fields:  # noqa: ARG002
        """Give a page's front matter with what the site sets for it elsewhere."""
        return fields

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell why a page is no article that the site shows; None if it is one."""
        if "_drafts" in page.place.parts[:-1]:
            return Verdict.PRIVATE, "is a draft"
        if page.place.stem == "_index":
            return Verdict.SKIPPED, "is the page of a section, no article"
        return None

    def date_in_name(self, page: Page) -> str:
        """Give the date in a file's name; empty if there is none."""
        return dated_name(page.stem)[0]

    def address(self, page: Page, date: datetime) -> str:  # noqa: ARG002
        """Give a page's path below the site's, or its absolute address.

        Date is the page's own, with an offset.

        Raises ValueError, with a reason, if it cannot be known.
        """
        permalink = text_in(page.fields, "permalink")
        own = text_in(page.fields, "url") or fill_in(permalink, {})
        if "{{" in own:
            raise ValueError(f"its permalink {own} has to be run to be known")
        if own:
            return own
        slug = text_in(page.fields, "slug")
        if page.is_html and not page.is_index:
            return site_path(*page.folder.parts, f"{slug or page.place.stem}{page.place.suffix}")
        return site_path(*page.folder.parts, slug or page.stem, "")

    def image(self, page: Page, reference: str) -> str:  # noqa: ARG002
        """Give the address of a page's picture, relative to the page; empty if it is not known."""
        return reference

    def aliases(self, page: Page, address: str) -> list[str]:  # noqa: ARG002
        """Give the former addresses of a page; address is its own path."""
        return texts_in(page.fields, "aliases", "alias", "redirect_from")

    def sections(self, page: Page) -> list[str]:
        """Give the sections of a page; the first is the article's."""
        return texts_in(page.fields, "section", "category", "categories")

    def tags(self, page: Page) -> list[str]:
        """Give the tags of a page, besides its other sections."""
        found = [
            *texts_in(page.fields, "categories"),
            *texts_in(page.fields, "tags", "tag", "keywords"),
        ]
        sections = self.sections(page)
        return [*sections[1:], *(tag for tag in found if tag not in sections[:1])]


def dated_name(name: str) -> tuple[str, str]:
    """Part 2026-01-31-name into its date and its name; the date is empty if it has none."""
    parts = _DATED_NAME.fullmatch(name)
    return (parts[1], parts[2] or "") if parts else ("", name)


def site_path(*parts: str) -> str:
    """Join names to a path from the site's root; an empty last one ends it in a slash."""
    path = "/".join(["", *parts])
    return re.sub(r"/{2,}", "/", quote(path, safe=_PATH, errors="replace"))


def ascii_slug(text: str) -> str:
    """Write text in lower-case letters, digits and hyphens."""
    plain = without_accents(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def without_accents(text: str) -> str:
    """Write text in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


def fill_in(template: str, values: Mapping[str, str]) -> str:
    """Fill in the placeholders of a permalink, such as /:year/:title/.

    Raises ValueError for one that is not known.
    """
    names = "|".join(sorted(map(re.escape, values), key=len, reverse=True)) or "(?!)"

    def value_of(placeholder: re.Match[str]) -> str:
        name = placeholder[1]
        if name is None:
            raise ValueError(f"its permalink {template} has a placeholder that is not known")
        return values[name]

    return re.sub(rf":(?:({names})|(?=[A-Za-z_]))", value_of, template)


def date_values(date: datetime) -> dict[str, str]:
    """Give the parts of a date that permalinks of several generators name alike."""
    return {
        "year": f"{date.year:04}",
        "month": f"{date.month:02}",
        "day": f"{date.day:02}",
        "hour": f"{date.hour:02}",
        "minute": f"{date.minute:02}",
        "second": f"{date.second:02}",
    }


def setting_is_off(fields: Fields, *names: str) -> bool:
    """Tell whether one of the named settings is false or "never"."""
    return any(is_false(fields.get(name)) or text_in(fields, name) == "never" for name in names)


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def first_folder(files: SiteFiles, candidates: Iterable[str]) -> str:
    """Give the first of the folders that the site has; empty if it has none."""
    return next((name for name in candidates if name and files.has(name)), "")
