"""What a request asks for: its path, query and headers, read into the core's words."""

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
from circulation.popularity.windows import Window
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

_VERSION = re.compile('(?:W/)?"v([0-9]{1,12})-')

D = TypeVar("D")
T = TypeVar("T")


def listing(request: Request) -> Listing:
    """Read which listing is asked for: a section's, a tag's, an author's, or all articles."""
    named = [
        Listing(kind, request.query[kind])
        for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR)
        if kind in request.query
    ]
    faults = [
        Fault(each.kind, f"must have 1 to {MAX_NAME} characters")
        for each in named
        if not 1 <= len(each.name) <= MAX_NAME
    ]
    if faults:
        raise InvalidInput(*faults)
    if len(named) > 1:
        raise InvalidInput(Fault(named[1].kind, "cannot be combined with another listing"))
    return named[0] if named else ALL


def limit(request: Request, default: int = DEFAULT_LIMIT) -> int:
    """Read how many articles are asked for, 1 to 100."""
    told = request.query.get("limit", str(default))
    if not re.fullmatch("[0-9]{1,3}", told) or not 1 <= int(told) <= MAX_LIMIT:
        raise InvalidInput(Fault("limit", f"must be a whole number from 1 to {MAX_LIMIT}"))
    return int(told)


class Order(StrEnum):
    """What a list is sorted by, the newest or the most first."""

    PUBLISHED = "published"
    VIEWS = "views"


def order(request: Request) -> Order:
    """Read how a list is sorted."""
    told = request.query.get("order", Order.PUBLISHED)
    if told not in set(Order):
        raise InvalidInput(Fault("order", f"must be one of {', '.join(Order)}"))
    ranked = told == Order.VIEWS
    wrong = ("tag", "author", "since", "until") if ranked else ("window",)
    other = Order.PUBLISHED if ranked else Order.VIEWS
    faults = [
        Fault(name, f"is for a list in the order {other}")
        for name in wrong
        if name in request.query
    ]
    if faults:
        raise InvalidInput(*faults)
    return Order(told)


def since(request: Request) -> datetime | None:
    """Read from when on articles are asked for."""
    return _read(request, "since", _instant, None)


def until(request: Request) -> datetime | None:
    """Read up to when articles are asked for; a date is its whole day."""
    return _read(request, "until", partial(_instant, ends=True), None)


def shape(request: Request) -> Shape:
    """Read how articles are to be shown: their fields, and their bodies as HTML or text."""
    told = request.query.get("format", "html")
    names = request.query.get("fields")
    fields = frozenset(name.strip() for name in names.split(",")) if names else None
    faults = [
        Fault("fields", f"{one_line(name)[:MAX_NAME]} is not a field of an article")
        for name in sorted((fields or frozenset()) - SHOWN)
    ]
    if told not in ("html", "text"):
        faults.append(Fault("format", "must be html or text"))
    if faults:
        raise InvalidInput(*faults)
    return Shape(fields and fields | {"id"}, as_text=told == "text")


def ids(request: Request) -> list[str]:
    """Read the ids that are asked for, 1 to 100, each once."""
    told = list(dict.fromkeys(each for each in request.query.get("ids", "").split(",") if each))
    if not 1 <= len(told) <= MAX_LIMIT or any(len(each) > MAX_NAME for each in told):
        reason = f"must be 1 to {MAX_LIMIT} ids, parted by commas; url asks for one page instead"
        raise InvalidInput(Fault("ids", reason))
    return told


def window(request: Request) -> Window:
    """Read how far back views are counted."""
    told = request.query.get("window", Window.DAY)
    if told not in set(Window):
        raise InvalidInput(Fault("window", f"must be one of {', '.join(Window)}"))
    return Window(told)


def section(request: Request) -> str | None:
    """Read which section is asked for; None is the whole site."""
    told = request.query.get("section")
    if told is not None and not 1 <= len(told) <= MAX_NAME:
        raise InvalidInput(Fault("section", f"must have 1 to {MAX_NAME} characters"))
    return told


def list_query(request: Request) -> dict[str, str]:
    """Give what a list was asked for, as the address of its next page repeats it.

    Only what is known, each in its shortest form: whatever else was asked for would make the header
    that it stands in longer than API Gateway lets through.
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
    """Read the listing that the path names. Raises ListingNotFound when the name can be none."""
    for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR):
        if kind in request.path:
            name = decode_segment(request.path[kind])
            if len(name) > MAX_NAME or name != one_line(name):
                raise ListingNotFound(name)
            return Listing(kind, name)
    return ALL


def page_number(request: Request) -> int | None:
    """Read which page of many is asked for, from 1; None is all of them together."""
    told = request.query.get("page")
    if told is not None and not re.fullmatch("[1-9][0-9]{0,3}", told):
        raise InvalidInput(Fault("page", "must be a whole number from 1"))
    return int(told) if told else None


def precondition(request: Request) -> Precondition | None:
    """Read what If-Match or If-None-Match says of the article that is to be replaced.

    An ETag of the article says which version it was; the views in it are not compared. Raises
    InvalidInput for another If-None-Match than *, which would say nothing of use here.
    """
    match, none = (request.headers.get(name) for name in ("if-match", "if-none-match"))
    if match is not None:
        if match.strip() == "*":
            return Precondition(exists=True)
        versions = (_VERSION.match(each.strip()) for each in match.split(","))
        return Precondition(
            exists=True, versions=frozenset(int(each[1]) for each in versions if each)
        )
    if none is None:
        return None
    if none.strip() != "*":
        raise InvalidInput(Fault("If-None-Match", "must be *; for a version there is If-Match"))
    return Precondition(exists=False)


def days(request: Request) -> list[str]:
    """Read which UTC days are asked for, the last 30 unless told otherwise."""
    last = _read(request, "to", parse_day, day_of(request.at))
    first = _read(request, "from", parse_day, days_until(last, DEFAULT_DAYS)[0])
    number = days_between(first, last)
    if number < 1:
        raise InvalidInput(Fault("from", "must not come after to"))
    if number > MAX_DAYS:
        raise InvalidInput(Fault("from", f"must be less than {MAX_DAYS} days before to"))
    return days_until(last, number)


def hours(request: Request) -> list[datetime]:
    """Read which UTC hours are asked for, the last 24 unless told otherwise, none of them ahead."""
    running = hour_of(request.at)
    hour = partial(_hour, running=running)
    last = min(running, _read(request, "to", partial(hour, of_day=23), running))
    first = _read(request, "from", partial(hour, of_day=0), hours_until(last, DEFAULT_HOURS)[0])
    if first > last:
        raise InvalidInput(Fault("from", "must not come after to, nor after this hour"))
    return hours_until(last, 1 + (last - first) // timedelta(hours=1))


def _instant(text: str, *, ends: bool = False) -> datetime:
    """Read a time, or a UTC date: its beginning, or its end."""
    if len(text) > len("2025-12-26"):
        return parse_time(text)
    return start_of(parse_day(text)) + (timedelta(days=1, seconds=-1) if ends else timedelta(0))


def _hour(text: str, *, of_day: int, running: datetime) -> datetime:
    """Read an hour: the one that a time falls in, or that hour of a date."""
    is_day = len(text) <= len("2025-12-26")
    told = start_of(parse_day(text)).replace(hour=of_day) if is_day else hour_of(parse_time(text))
    if days_between(day_of(told), day_of(running)) > 1 + HOURLY_DAYS:
        raise ValueError(f"must be at most {HOURLY_DAYS} days back")
    return told


def _read(request: Request, name: str, read: Callable[[str], T], default: D) -> T | D:
    try:
        return read(request.query[name]) if request.query.get(name) else default
    except ValueError as error:
        raise InvalidInput(Fault(name, str(error))) from error
