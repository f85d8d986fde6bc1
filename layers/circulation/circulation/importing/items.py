"""Items of a source, and their fields cut to the limits of a submission."""

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
"""Characters of a title that is made from the beginning of an article that has none."""


class SourceError(Exception):
    """A source cannot be read at all; the message is one line that is safe in a log or terminal."""

    def __init__(self, reason: str) -> None:
        super().__init__(displayed(reason))


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One item of a source: the article to submit, or the reason why it is not taken.

    The texts where and reason are made safe for a log or a terminal (text.displayed).
    """

    where: str
    """What identifies it to the publisher: its title, address, or place in the file."""
    article: dict[str, Any] | None
    reason: str = ""
    """Why it is not taken; empty if it is."""
    skipped: bool = False
    """It is no published article: a draft, a page, an attachment. Nothing is wrong with it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", displayed(self.where))
        object.__setattr__(self, "reason", displayed(self.reason))


@dataclass(frozen=True, slots=True)
class SourceDefaults:
    """Values for what a source leaves out."""

    site: str = ""
    """The absolute address of the site, against which relative addresses are resolved."""
    section: str = "news"
    """The section of articles that have none."""
    zone: tzinfo = UTC
    """The time zone of times without an offset."""

    def address(self, reference: str, base: str = "") -> str:
        """Resolve an address against a base, or else against the site; empty if that gives none."""
        if not reference.strip():
            return ""
        return address_or_none(reference, address_or_none(base, self.site) or self.site) or ""

    def time(self, moment: datetime | None) -> str | None:
        """Write a time in UTC (RFC 3339); None if there is none from times.FIRST to times.LAST."""
        if moment is None:
            return None
        try:
            utc = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (OverflowError, ValueError):  # an end of the calendar, in another zone
            return None
        return format_time(utc) if FIRST <= utc <= LAST else None


def make_submission(  # noqa: PLR0913  the fields of an article
    *,
    article_id: str,
    defaults: SourceDefaults,
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
    """Make a submission's fields, each cut to its limit; empty fields are left out.

    The first section is the article's; the others become tags. An article without a title gets the
    beginning of its body. An update that is not later than the publication, an invalid language tag
    and an image address that is too long are left out. Times are as SourceDefaults.time writes
    them.
    """
    section, *others = [*clean_names(sections)] or [defaults.section]
    fields = {
        "id": article_id,
        "section": section,
        "title": shortened(one_line(title), MAX_TITLE) or beginning(body, TITLE_LENGTH),
        "body": body,
        "url": url,
        "published": published,
        "updated": updated if updated and published and updated > published else None,
        "summary": shortened(one_line(summary), MAX_SUMMARY),
        "author": clean_names(authors),
        "tags": [tag for tag in clean_names([*others, *tags]) if tag != section],
        "language": language if LANGUAGE.fullmatch(language) else "",
        "image": image if len(image) <= MAX_URL else "",
        "views_before": views_before,
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def clean_names(texts: Iterable[str]) -> list[str]:
    """Make valid names of sections, tags or authors: no duplicates, at most MAX_NAMES."""
    names = (shortened(one_line(text).replace("/", "-"), MAX_NAME) for text in texts)
    return list(dict.fromkeys(name for name in names if name not in ("", "*", ".", "..")))[
        :MAX_NAMES
    ]
