"""What front matter, and the head of an HTML page, say of an article: read from whatever they hold.

Sites write the same thing in many ways: an author as text, as a list or as a mapping with a name; a
picture as an address or as a mapping with one.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from dateutil.parser import parse

from circulation.importing.front_matter import Fields
from circulation.text import one_line
from circulation.times import without_leap_second

_MAX_DATE = 100
"""Characters of a date; dates in words have fewer."""
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
# Hours east of UTC of the zones that have a name in dates: RFC 5322, section 4.3, and those of
# Europe, which no other zone shares.
_ZONES = {
    "UTC": 0, "UT": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3,
}  # fmt: skip
_DIGITS = re.compile(r"[0-9]+")
_LENGTHS_OF_DIGITS = {8, 12, 14}
"""Of dates that are digits alone: YYYYMMDD, with hours and minutes, with seconds."""
# Two days of which no part is alike: what a date leaves out is taken from them, and so shows.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001  a date without a zone

_IMAGES = (
    "image", "cover", "thumbnail", "heroimage", "hero_image", "hero", "featured_image",
    "featuredimage", "feature_image", "featured", "ogimage", "og_image", "socialimage",
    "cover_image", "coverimage", "banner", "images",
)  # fmt: skip
_ADDRESSES = ("path", "src", "url", "image", "teaser", "file", "relative")


def text_of(value: Any) -> str:  # noqa: ANN401  whatever front matter holds
    """Give a single value as text on one line; empty for a list or a mapping."""
    return one_line(value) if isinstance(value, str) else ""


def text_in(fields: Fields, *names: str) -> str:
    """Give the first of the named fields that is text."""
    return next(filter(None, (text_of(fields.get(name)) for name in names)), "")


def texts_in(fields: Fields, *names: str) -> list[str]:
    """Give the texts of the first of the named fields that has any: a list, or parts at commas."""
    for name in names:
        texts = [*_texts_of(fields.get(name))]
        if texts:
            return texts
    return []


def _texts_of(value: Any) -> Iterator[str]:  # noqa: ANN401
    match value:
        case str():
            yield from filter(None, map(one_line, value.split(",")))
        case list():
            for entry in value:
                yield from _names_of(entry)
        case dict():
            yield from _names_of(value)


def _names_of(entry: Any) -> Iterator[str]:  # noqa: ANN401
    """Give the name in an entry of a list: a text, which may hold a comma, or a mapping."""
    if isinstance(entry, dict):
        entry = next(
            (
                name
                for key in ("name", "title", "display_name", "label")
                if (name := entry.get(key))
            ),
            None,
        )
    if text_of(entry):
        yield text_of(entry)


def is_true(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value says yes: true, also as text."""
    return text_of(value).lower() in _YES


def is_false(value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value says no: false, also as text."""
    return text_of(value).lower() in _NO


def image_in(fields: Fields) -> str:
    """Give the address of an article's picture, as it is written; empty if there is none.

    It is text, a mapping (image: {path: …}, cover: {image: …}, header: {image: …}) or a list.
    """
    header = fields.get("header")
    candidates: Iterable[Any] = [
        *(fields.get(name) for name in _IMAGES),
        header if isinstance(header, dict) else None,
    ]
    return next(filter(None, map(_image_of, candidates)), "")


def _image_of(value: Any) -> str:  # noqa: ANN401
    match value:
        case list():
            return next(filter(None, map(_image_of, value[:10])), "")
        case dict():
            names = (text_of(value.get(name)) for name in _ADDRESSES)
            return next(filter(None, (name for name in names if not is_true(name))), "")
        case _:
            text = text_of(value)
            return "" if text.lower() in _YES | _NO else text


def read_date(text: str) -> datetime:
    """Read a date, with or without a time and a zone, in a format of any generator.

    Raises ValueError for what is no whole date, and for a time in a zone of an unknown name.
    """
    digits = _DIGITS.fullmatch(text)
    if len(text) > _MAX_DATE or (digits and len(text) not in _LENGTHS_OF_DIGITS):
        raise ValueError("no date")
    text = without_leap_second(text)
    try:
        first, second = (parse(text, default=day, tzinfos=_zone_of) for day in _DEFAULTS)
    # Besides its own errors, dateutil raises those of its number conversions and look-ups.
    except (ArithmeticError, LookupError, TypeError, AttributeError) as error:
        raise ValueError("no date") from error
    if first.replace(tzinfo=None) != second.replace(tzinfo=None):
        raise ValueError("no whole date")
    return first


def _zone_of(name: str | None, offset: int | None) -> tzinfo | None:
    """Give the zone of a time by its name or its offset in seconds; None if it has neither."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    if name.upper() not in _ZONES:
        raise ValueError("no zone that is known")
    return timezone(timedelta(hours=_ZONES[name.upper()]))
