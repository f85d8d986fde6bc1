"""Items of a source, and their fields cut to the limits of a submission."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from circulation.articles.fields import (
    LANGUAGE,
    MAX_ALIASES,
    MAX_NAME,
    MAX_NAMES,
    MAX_SUMMARY,
    MAX_TITLE,
    MAX_URL,
)
from circulation.articles.sanitising import sanitise
from circulation.importing.identity import propose_id, scoped_id
from circulation.text import beginning, displayed, one_line, plain, shortened
from circulation.times import FIRST, LAST, format_time
from circulation.urls import address_or_none

# What stands for a picture in sanitised HTML, which has attribute values in double quotes.
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
_ALTERNATIVE = re.compile(r'<img(?: (?!alt=)[a-z]+="[^"]*")*+ alt="([^"]+)"')

TITLE_LENGTH = 80
"""Characters of a title that is made from the beginning of an article that has none."""


class SourceError(Exception):
    """A source cannot be read at all; the message is one line that is safe in a log or terminal."""

    def __init__(self, reason: str) -> None:
        super().__init__(displayed(reason))


class Verdict(StrEnum):
    """What becomes of an item of a source."""

    ARTICLE = "article"
    """It is submitted."""
    PRIVATE = "private"
    """An article that its site does not show to everyone: a draft, a post for members."""
    SKIPPED = "skipped"
    """No article: a page, an attachment, a comment, a list."""
    REFUSED = "refused"
    """An article that cannot be taken."""
    WARNING = "warning"
    """No item: something about the source that the publisher should know."""


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
    verdict: Verdict = Verdict.REFUSED
    """Refused if there is no article, unless said otherwise."""

    def __post_init__(self) -> None:
        if self.article is not None:
            object.__setattr__(self, "verdict", Verdict.ARTICLE)
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
    now: datetime = FIRST
    """When the source is read: what has expired by then is private, and what has no time is first
    seen then."""

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
    source_id: str = "",
    own_id: str = "",
    aliases: Iterable[str] = (),
    body_is_summary: bool = False,
    shared_url: bool = False,
    first_seen: datetime | None = None,
) -> dict[str, Any]:
    """Make a submission's fields, each cut to its limit; empty fields are left out.

    The first section is the article's; the others become tags. An article without a title gets one
    by make_title. An update that is not later than the publication, an invalid language tag
    and an image address that is too long are left out. Times are as SourceDefaults.time writes
    them.

    An author whose name is a mail address is left out. Source_id is the permanent id that the
    source gives the item, such as an RSS guid, and own_id a short one that can be ours
    (identity.propose_id). Aliases are other addresses of the article, such as former ones.
    Body_is_summary says that the source gives no more than a summary of the article, and shared_url
    that other articles have the same address. First_seen is the time of an article that has no
    publication time: of those, the first to be seen stays.
    """
    undated = published is None and first_seen is not None
    published = defaults.time(first_seen) if undated else published
    host = urlsplit(url or defaults.site).netloc.removeprefix("www.")
    permanent_id = scoped_id(source_id, host)
    section, *others = [*clean_names(sections)] or [defaults.section]
    fields = {
        "id": propose_id(own_id, permanent_id, url),
        "section": section,
        "title": shortened(one_line(title), MAX_TITLE) or make_title(body, url or defaults.site),
        "body": body,
        "url": url,
        "published": published,
        "updated": updated if updated and published and updated > published else None,
        "summary": shortened(one_line(summary), MAX_SUMMARY),
        "author": [name for name in clean_names(authors) if not _MAIL.fullmatch(name)],
        "tags": [tag for tag in clean_names([*others, *tags]) if tag != section],
        "language": language if LANGUAGE.fullmatch(language) else "",
        "image": image if len(image) <= MAX_URL else "",
        "views_before": views_before,
        "source_ids": [permanent_id] if permanent_id else [],
        "aliases": [alias for alias in aliases if len(alias) <= MAX_URL][:MAX_ALIASES],
        "body_is_summary": body_is_summary or None,
        "shared_url": shared_url or None,
        "undated": undated or None,
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def make_title(body: str, url: str) -> str:
    """Make the title of an article that has none, as it is shown at url.

    It is the beginning of the text, or what the first picture is said to show, or the end of the
    address in words.
    """
    try:
        shown = sanitise(body, url)
    except ValueError:  # the article will be refused for it
        shown = ""
    picture = _ALTERNATIVE.search(shown)
    end = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2], errors="replace")
    words = re.sub(r"[-_]+", " ", re.sub(r"\.[a-z]{2,5}$", "", end))
    candidates = (plain(picture[1]) if picture else "", one_line(words))
    return beginning(shown, TITLE_LENGTH) or next(
        (shortened(text, TITLE_LENGTH) for text in candidates if text), ""
    )


def clean_names(texts: Iterable[str]) -> list[str]:
    """Make valid names of sections, tags or authors: no duplicates, at most MAX_NAMES."""
    names = (shortened(one_line(text).strip("/").replace("/", "-"), MAX_NAME) for text in texts)
    return list(dict.fromkeys(name for name in names if name not in ("", "*", ".", "..")))[
        :MAX_NAMES
    ]
