"""What is found in a source, item by item, and the words of one cut to what may be submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urljoin, urlsplit

from circulation.article import MAX_NAME, MAX_NAMES, MAX_SUMMARY, MAX_TITLE
from circulation.text import beginning, one_line, shortened
from circulation.times import format_time

TITLE_LENGTH = 80
"""Of a title that is made of the beginning of a text that has none."""


class SourceError(Exception):
    """A source that cannot be read at all, in one line."""


@dataclass(frozen=True, slots=True)
class Found:
    """One item: as it would be submitted, or why it is none."""

    where: str
    """What names it to the publisher: its title, address, or place in the file."""
    article: dict[str, Any] | None
    reason: str = ""
    """Why it is not taken; empty where it is."""
    skipped: bool = False
    """It is no published article: a draft, a page, an attachment. Nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a source does not say itself."""

    site: str = ""
    """The address that relative ones are resolved against."""
    section: str = "news"
    """The section of what has none."""
    zone: tzinfo = UTC
    """The zone of times without an offset."""

    def address(self, told: str, base: str = "") -> str:
        """Make an address absolute; empty where there is nothing to resolve it against."""
        url = urljoin(urljoin(self.site, base), told.strip()) if told else ""
        return url if urlsplit(url).scheme in ("http", "https") else ""

    def time(self, moment: datetime | None) -> str | None:
        """Write a time that may have no offset."""
        if moment is None:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return format_time(aware.astimezone(UTC))


def submission(  # noqa: PLR0913  the fields of an article
    *,
    article_id: str,
    ground: Ground,
    url: str,
    title: str,
    body: str,
    published: str | None,
    updated: str | None = None,
    summary: str = "",
    sections: Iterable[str] = (),
    tags: Iterable[str] = (),
    authors: Iterable[str] = (),
    language: str = "",
    image: str = "",
    views_before: int | None = None,
) -> dict[str, Any]:
    """Make what would be submitted, each field cut to what may be; what is missing stays out.

    The first section is the article's, and the others are tags. A text without a title gets its
    first words for one. An update that is not later than the publication is none.
    """
    section, *others = [*names(sections)] or [ground.section]
    told = {
        "id": article_id,
        "section": section,
        "title": shortened(one_line(title), MAX_TITLE) or beginning(body, TITLE_LENGTH),
        "body": body,
        "url": url,
        "published": published,
        "updated": updated if updated and published and updated > published else None,
        "summary": shortened(one_line(summary), MAX_SUMMARY),
        "author": names(authors),
        "tags": [each for each in names([*others, *tags]) if each != section],
        "language": language,
        "image": image,
        "views_before": views_before,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def names(told: Iterable[str]) -> list[str]:
    """Make names that a section, tag or author may have of some texts, each once."""
    made = (shortened(one_line(each).replace("/", "-"), MAX_NAME) for each in told)
    return list(dict.fromkeys(each for each in made if each not in ("", "*", ".", "..")))[
        :MAX_NAMES
    ]
