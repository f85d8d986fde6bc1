"""What is found in a source, item by item, and the words of one cut to what may be submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from circulation.articles.fields import (
    LANGUAGE,
    MAX_NAME,
    MAX_NAMES,
    MAX_SUMMARY,
    MAX_TITLE,
    MAX_URL,
)
from circulation.text import beginning, displayed, one_line, shortened
from circulation.times import FIRST, LAST, format_time
from circulation.urls import address_or_none

TITLE_LENGTH = 80
"""Of a title that is made of the beginning of a text that has none."""


class SourceError(Exception):
    """A source that cannot be read at all, in one line, which a log or a terminal can show."""

    def __init__(self, reason: str) -> None:
        super().__init__(displayed(reason))


@dataclass(frozen=True, slots=True)
class Found:
    """One item: as it would be submitted, or why it is none.

    Where and why are made fit for a log or a terminal here, whatever the source wrote.
    """

    where: str
    """What names it to the publisher: its title, address, or place in the file."""
    article: dict[str, Any] | None
    reason: str = ""
    """Why it is not taken; empty where it is."""
    skipped: bool = False
    """It is no published article: a draft, a page, an attachment. Nothing is wrong with it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", displayed(self.where))
        object.__setattr__(self, "reason", displayed(self.reason))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a source does not say itself."""

    site: str = ""
    """The address that relative ones are resolved against."""
    section: str = "news"
    """The section of what has none."""
    zone: tzinfo = UTC
    """The zone of times without an offset."""

    def address(self, reference: str, base: str = "") -> str:
        """Make an address absolute, by a base or else the site; empty where it comes to none."""
        if not reference.strip():
            return ""
        return address_or_none(reference, address_or_none(base, self.site) or self.site) or ""

    def time(self, moment: datetime | None) -> str | None:
        """Write a time that may have no offset, None for one that is no time of the calendar."""
        if moment is None:
            return None
        try:
            utc = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (OverflowError, ValueError):  # the calendar's ends in another zone
            return None
        return format_time(utc) if FIRST <= utc <= LAST else None


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
    first words for one. An update that is not later than the publication is none. A language or an
    image that no article may have is left out.
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
        "language": language if LANGUAGE.fullmatch(language) else "",
        "image": image if len(image) <= MAX_URL else "",
        "views_before": views_before,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def names(told: Iterable[str]) -> list[str]:
    """Make names that a section, tag or author may have of some texts, each once."""
    made = (shortened(one_line(each).replace("/", "-"), MAX_NAME) for each in told)
    return list(dict.fromkeys(each for each in made if each not in ("", "*", ".", "..")))[
        :MAX_NAMES
    ]
