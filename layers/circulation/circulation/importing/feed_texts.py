"""Texts, names, dates and pictures as feeds write them.

Titles: in Atom by their type (RFC 4287, section 3.1: text is literal, html and xhtml are markup);
in JSON Feed they are text. RSS does not say what its titles are (RSS Advisory Board, RSS Best
Practices, "item title"), so it is found out: character references are resolved once, and tags go
only where a formatting element is closed in the title or is empty, as in `A <b>new</b> clock`.
`Vec<T>`, `1 < 2` and `the <b> tag` stay.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit

from circulation.articles.fields import MAX_NAME
from circulation.importing.feed_items import FeedDate
from circulation.importing.items import SourceDefaults
from circulation.text import one_line, plain
from circulation.times import read_moment

_FORMATTING = re.compile(
    r"<(/?)(a|abbr|b|big|cite|code|del|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|tt|u)"
    r"(?:\s[^<>]*+)?>|<(?:br|img|wbr)(?:[\s/][^<>]*+)?>",
    flags=re.IGNORECASE,
)
_MAIL_AND_NAME = re.compile(r"[^\s@]++@\S++\s++\(([^()]++)\)")
# Two or more names as libraries write them: surname, initials.
_INVERTED_NAMES = re.compile(r"(?:[^,;.]++, (?:\w\.[ -]?)++(?:, ?|$)){2,}+")
_INVERTED_NAME = re.compile(r"([^,;.]++, (?:\w\.[ -]?)++)(?:, ?|$)")
_SECONDS = re.compile(r"\s*-?[0-9]{9,}(?:\.[0-9]*)?\s*")
_HAS_ZONE = re.compile(r"(?:[0-9]\s*(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})|\s[A-Za-z]{1,5})\s*$")
_HAS_CLOCK = re.compile(r"[0-9]:[0-9]{2}")
_ZONE_NAME = re.compile(r"\s([A-Z]{3,5})\s*$")
# Hours by which zones differ from UTC, of names that mean one zone alone, beside those of RFC 822.
_ZONES = {
    "AEDT": 11, "AEST": 10, "AZT": 4, "BST": 1, "CEST": 2, "CET": 1, "EEST": 3, "EET": 2, "HKT": 8,
    "JST": 9, "KST": 9, "MSK": 3, "NZDT": 13, "NZST": 12, "SAST": 2, "SGT": 8, "TRT": 3, "WEST": 1,
    "WET": 0,
}  # fmt: skip
_RECORDING = re.compile(
    r"\.(?:aac|flac|m4a|m4v|mp3|mp4|og[agv]|opus|wav|webm)", flags=re.IGNORECASE
)
_PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|webp)", flags=re.IGNORECASE)


def read_title(text: str, media_type: str, *, is_typed: bool) -> str:
    """Give a title as text; is_typed says whether the feed's format has types of titles."""
    if is_typed:
        return one_line(text) if media_type == "text/plain" else plain(text)
    closed = {match[2].lower() for match in _FORMATTING.finditer(text) if match[1]}
    opened = {match[2].lower() for match in _FORMATTING.finditer(text) if match[2] and not match[1]}
    marked = closed & opened
    bare = _FORMATTING.sub(
        lambda match: "" if not match[2] or match[2].lower() in marked else match[0], text
    )
    return one_line(unescape(bare))


def split_names(text: str) -> list[str]:
    """Give the names in the name of an author, which may be a list of them.

    A list is parted at semicolons, and one of surnames and initials (`Ng, A., Roy, B. C.`) after
    each; a name that is too long for one is parted at its commas.
    """
    name = one_line(text)
    if mail := _MAIL_AND_NAME.fullmatch(name):
        name = mail[1]
    if ";" in name:
        return [part.strip() for part in name.split(";")]
    if _INVERTED_NAMES.fullmatch(name):
        return [match[1].strip() for match in _INVERTED_NAME.finditer(name)]
    return [part.strip() for part in name.split(",")] if len(name) > MAX_NAME else [name]


def read_date(text: str, moment: datetime | None, defaults: SourceDefaults) -> FeedDate:
    """Read a date by its text and by the UTC time that a parser made of it, or None.

    A number, such as the seconds since 1970, is no date (RFC 822, RFC 3339). A time without a zone
    is one in the zone of the site.
    """
    if _SECONDS.fullmatch(text):
        return FeedDate(text)
    if moment is None:  # feedparser reads no date without a zone
        return read_iso_date(text)
    name = _ZONE_NAME.search(text)
    if name and name[1] in _ZONES:
        moment -= timedelta(hours=_ZONES[name[1]])
    elif not _HAS_ZONE.search(text) and _HAS_CLOCK.search(text):
        moment = moment.replace(tzinfo=defaults.zone)
    return FeedDate(text, moment)


def read_iso_date(text: str) -> FeedDate:
    """Read a date of JSON Feed (RFC 3339), also one without an offset, or one of RFC 822."""
    for read in (read_moment, parsedate_to_datetime):
        try:
            return FeedDate(text, read(text.strip()))
        except (ValueError, OverflowError):
            continue
    return FeedDate(text)


def utc_of(seconds: float) -> datetime | None:
    """Give the time of a number of seconds since 1970; None beyond the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def is_picture(url: str, media_type: str, medium: str = "") -> bool:
    """Say whether a file is a picture: by its type, its medium, or else its address's ending.

    Media RSS says of both that they are optional (https://www.rssboard.org/media-rss).
    """
    if media_type or medium:
        return media_type.startswith("image/") or (not media_type and medium == "image")
    return bool(_PICTURE.fullmatch(_ending_of(url)))


def is_recording(url: str, media_type: str, medium: str) -> bool:
    """Say likewise whether a file is audio or video."""
    if media_type or medium:
        is_typed = media_type.startswith(("audio/", "video/"))
        return is_typed or (not media_type and medium in ("audio", "video"))
    return bool(_RECORDING.fullmatch(_ending_of(url)))


def _ending_of(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path[path.rfind(".") :]
