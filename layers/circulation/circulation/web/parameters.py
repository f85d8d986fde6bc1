"""Read a request's path, query and headers as the package's own values.

Every function raises InvalidInput for an invalid value, unless said otherwise.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar

from circulation.articles.fields import MAX_NAME
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.precondition import Precondition
from circulation.errors import Fault, InvalidInput, ListingNotFound
from circulation.popularity.periods import Period, parse_period
from circulation.popularity.windows import Among, Window
from circulation.segment import decode_segment
from circulation.text import one_line
from circulation.times import (
    day_of,
    days_between,
    days_until,
    format_time,
    hour_of,
    hours_until,
    parse_day,
    parse_time,
    start_of,
)
from circulation.web.json.articles import SHOWN, Shape
from circulation.web.request import Request

MAX_LIMIT = 100
MAX_DAYS = 366
HOURLY_DAYS = 30
DEFAULT_LIMIT = 20
DEFAULT_DAYS = 30
DEFAULT_HOURS = 24

MAX_WITHIN = timedelta(days=MAX_DAYS)

_SPAN = re.compile("([1-9][0-9]{0,3})([hd])")
_UNITS = {"h": "hours", "d": "days"}
_MONTH = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])")
_VERSION = re.compile('(?:W/)?"v([0-9]{1,12})-')

D = TypeVar("D")
T = TypeVar("T")


def listing(request: Request) -> Listing:
    """Read which listing is asked for: a section's, a tag's, an author's, or all articles."""
    listings = [
        Listing(kind, request.query[kind])
        for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR)
        if kind in request.query
    ]
    faults = [
        Fault(listing.kind, f"must have 1 to {MAX_NAME} characters")
        for listing in listings
        if not 1 <= len(listing.name) <= MAX_NAME
    ]
    if faults:
        raise InvalidInput(*faults)
    if len(listings) > 1:
        raise InvalidInput(Fault(listings[1].kind, "cannot be combined with another listing"))
    return listings[0] if listings else ALL


def limit(request: Request, default: int = DEFAULT_LIMIT) -> int:
    """Read how many articles are asked for, 1 to 100."""
    text = request.query.get("limit", str(default))
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise InvalidInput(Fault("limit", f"must be a whole number from 1 to {MAX_LIMIT}"))
    return int(text)


class Order(StrEnum):
    """How a list is sorted: the newest or the most read first."""

    PUBLISHED = "published"
    VIEWS = "views"


def order(request: Request) -> Order:
    """Read how a list is sorted, and check that the other parameters are for that order."""
    name = request.query.get("order", Order.PUBLISHED)
    if name not in set(Order):
        raise InvalidInput(Fault("order", f"must be one of {', '.join(Order)}"))
    ranked = name == Order.VIEWS
    wrong = ("tag", "author", "since", "until") if ranked else ("window",)
    other = Order.PUBLISHED if ranked else Order.VIEWS
    faults = [
        Fault(name, f"is for a list in the order {other}")
        for name in wrong
        if name in request.query
    ]
    if faults:
        raise InvalidInput(*faults)
    return Order(name)


def since(request: Request) -> datetime | None:
    """Read the earliest time of publication; None if there is no bound."""
    return _read_value(request, "since", _read_instant, None)


def until(request: Request) -> datetime | None:
    """Read the latest time of publication, for a date its end; None if there is no bound."""
    return _read_value(request, "until", partial(_read_instant, ends=True), None)


def shape(request: Request) -> Shape:
    """Read how articles are to be written: their fields, and their bodies as HTML or text."""
    body_format = request.query.get("format", "html")
    names = request.query.get("fields")
    fields = frozenset(name.strip() for name in names.split(",")) if names else None
    faults = [
        Fault("fields", f"{one_line(name)[:MAX_NAME]} is not a field of an article")
        for name in sorted((fields or frozenset()) - SHOWN)
    ]
    if body_format not in ("html", "text"):
        faults.append(Fault("format", "must be html or text"))
    if faults:
        raise InvalidInput(*faults)
    return Shape(fields and fields | {"id"}, as_text=body_format == "text")


def ids(request: Request) -> list[str]:
    """Read which ids are asked for, 1 to 100; repeated ones are left out."""
    article_ids = list(
        dict.fromkeys(
            article_id for article_id in request.query.get("ids", "").split(",") if article_id
        )
    )
    if not 1 <= len(article_ids) <= MAX_LIMIT or any(
        len(article_id) > MAX_NAME for article_id in article_ids
    ):
        reason = f"must be 1 to {MAX_LIMIT} ids, parted by commas; url asks for one page instead"
        raise InvalidInput(Fault("ids", reason))
    return article_ids


def window(request: Request) -> Window:
    """Read the window in which views are counted."""
    name = request.query.get("window", Window.DAY)
    if name not in set(Window):
        raise InvalidInput(Fault("window", f"must be one of {', '.join(Window)}"))
    return Window(name)


def window_or_period(request: Request) -> Window | Period:
    """Read the window in which views are counted, or a UTC day or month."""
    name = request.query.get("window", Window.DAY)
    if name in set(Window):
        return Window(name)
    try:
        return parse_period(name)
    except ValueError as error:
        choices = f"one of {', '.join(Window)}, a day such as 2026-11-27 or a month such as 2026-11"
        raise InvalidInput(Fault("window", f"must be {choices}")) from error


def among(request: Request) -> Among:
    """Read which of the ranked articles are wanted: those with a tag, and the new ones."""
    tag = request.query.get("tag")
    if tag is not None and not 1 <= len(tag) <= MAX_NAME:
        raise InvalidInput(Fault("tag", f"must have 1 to {MAX_NAME} characters"))
    return Among(tag, _read_value(request, "published_within", _read_span, None))


def section(request: Request) -> str | None:
    """Read which section is asked for; None is the whole site."""
    name = request.query.get("section")
    if name is not None and not 1 <= len(name) <= MAX_NAME:
        raise InvalidInput(Fault("section", f"must have 1 to {MAX_NAME} characters"))
    return name


def list_query(request: Request) -> dict[str, str]:
    """Give the query of a list, for the address of its next page.

    It has only known parameters, each in its shortest form: with everything that a client may send,
    the Link header would exceed what API Gateway allows.
    """
    query = {
        name: request.query[name]
        for name in ("section", "tag", "author", "order", "window", "limit", "format")
        if name in request.query
    }
    query |= {
        name: format_time(moment)
        for name, moment in (("since", since(request)), ("until", until(request)))
        if moment
    }
    fields = shape(request).fields
    return query | ({"fields": ",".join(sorted(fields))} if fields else {})


def listing_of_path(request: Request) -> Listing:
    """Read the listing in the path. Raises ListingNotFound if no listing can have that name."""
    for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR):
        if kind in request.path:
            name = decode_segment(request.path[kind])
            if len(name) > MAX_NAME or name != one_line(name):
                raise ListingNotFound(name)
            return Listing(kind, name)
    return ALL


def sitemap_part(request: Request) -> tuple[Listing, int] | None:
    """Read which part of which month's sitemap is asked for; None is the index."""
    text = request.query.get("month")
    if text is None:
        return None
    if not _MONTH.fullmatch(text):
        raise InvalidInput(Fault("month", "must be a month, such as 2026-03"))
    part = request.query.get("part", "1")
    if not re.fullmatch("[1-9][0-9]{0,4}", part):
        raise InvalidInput(Fault("part", "must be a whole number from 1"))
    return Listing(Kind.MONTH, text), int(part)


def precondition(request: Request) -> Precondition | None:
    """Read If-Match or If-None-Match as a precondition on the stored article; None without either.

    An ETag of an article contains its version; the views in it are not compared. If-None-Match can
    only be *, as versions would be of no use there.
    """
    match, none = (request.headers.get(name) for name in ("if-match", "if-none-match"))
    if match is not None:
        if match.strip() == "*":
            return Precondition(exists=True)
        versions = (_VERSION.match(tag.strip()) for tag in match.split(","))
        return Precondition(
            exists=True, versions=frozenset(int(version[1]) for version in versions if version)
        )
    if none is None:
        return None
    if none.strip() != "*":
        raise InvalidInput(Fault("If-None-Match", "must be *; for a version there is If-Match"))
    return Precondition(exists=False)


def days(request: Request) -> list[str]:
    """Read which UTC days are asked for, the last 30 by default."""
    last = _read_value(request, "to", parse_day, day_of(request.at))
    first = _read_value(request, "from", parse_day, days_until(last, DEFAULT_DAYS)[0])
    number = days_between(first, last)
    if number < 1:
        raise InvalidInput(Fault("from", "must not come after to"))
    if number > MAX_DAYS:
        raise InvalidInput(Fault("from", f"must be less than {MAX_DAYS} days before to"))
    return days_until(last, number)


def hours(request: Request) -> list[datetime]:
    """Read the starts of the UTC hours asked for, the last 24 by default, none in the future."""
    running = hour_of(request.at)
    read_hour = partial(_read_hour, running=running)
    last = min(running, _read_value(request, "to", partial(read_hour, of_day=23), running))
    first = _read_value(
        request, "from", partial(read_hour, of_day=0), hours_until(last, DEFAULT_HOURS)[0]
    )
    if first > last:
        raise InvalidInput(Fault("from", "must not come after to, nor after this hour"))
    return hours_until(last, 1 + (last - first) // timedelta(hours=1))


def _read_span(text: str) -> timedelta:
    """Parse a number of hours or days, such as 36h or 7d. Raises ValueError."""
    match = _SPAN.fullmatch(text)
    span = match and timedelta(**{_UNITS[match[2]]: int(match[1])})
    if not span or span > MAX_WITHIN:
        raise ValueError(f"must be a number of hours or days such as 36h or 7d, up to {MAX_DAYS}d")
    return span


def _read_instant(text: str, *, ends: bool = False) -> datetime:
    """Parse a time, or a UTC date as its beginning or end."""
    if len(text) > len("2025-12-26"):
        return parse_time(text)
    return start_of(parse_day(text)) + (timedelta(days=1, seconds=-1) if ends else timedelta(0))


def _read_hour(text: str, *, of_day: int, running: datetime) -> datetime:
    """Parse a time as the start of its hour, or a date as that hour of it.

    Running is the current hour. Raises ValueError.
    """
    is_day = len(text) <= len("2025-12-26")
    hour = start_of(parse_day(text)).replace(hour=of_day) if is_day else hour_of(parse_time(text))
    if days_between(day_of(hour), day_of(running)) > 1 + HOURLY_DAYS:
        raise ValueError(f"must be at most {HOURLY_DAYS} days back")
    return hour


def _read_value(request: Request, name: str, read: Callable[[str], T], default: D) -> T | D:
    try:
        return read(request.query[name]) if request.query.get(name) else default
    except ValueError as error:
        raise InvalidInput(Fault(name, str(error))) from error
