"""Read which statistics are asked for: a period, what it is compared with, and of what.

Every function raises InvalidInput for an invalid value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from circulation.articles.fields import MAX_NAME
from circulation.errors import Fault, InvalidInput
from circulation.statistics.figures import Against, Span, Unit
from circulation.statistics.rollup import THE_SITE, Subject, SubjectKind
from circulation.statistics.rows import DEFAULT_ROWS, Sort
from circulation.statistics.spans import NoSpan, check, range_of, span_of
from circulation.times import parse_day
from circulation.web.parameters import limit

if TYPE_CHECKING:
    from circulation.statistics.spans import Calendar
    from circulation.web.request import Request

C = TypeVar("C", bound=StrEnum)


class Form(StrEnum):
    """How numbers are written."""

    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a request for statistics asks for."""

    subject: Subject
    span: Span
    against: Against
    sort: Sort
    limit: int
    form: Form


def choice(request: Request, calendar: Calendar) -> Choice:
    """Read the whole of it, with every fault of it named; without parameters it is today."""
    faults: list[Fault] = []

    def read(name: str, kind: type[C], default: C) -> C:
        text = request.query.get(name) or default
        if text not in set(kind):
            faults.append(Fault(name, f"must be one of {', '.join(kind)}"))
            return default
        return kind(text)

    against = read("compare", Against, Against.USUAL)
    sort = read("sort", Sort, Sort.VIEWS)
    form = read("format", Form, Form.JSON)
    unit = read("period", Unit, _likely_unit(request))
    today = calendar.date_of(request.at)
    subject, rows, chosen = THE_SITE, DEFAULT_ROWS, span_of(Unit.DAY, today)
    try:
        chosen = span(request, unit, calendar)
    except InvalidInput as error:
        faults += error.faults
    try:
        subject = subject_of(request)
    except InvalidInput as error:
        faults += error.faults
    try:
        rows = limit(request, DEFAULT_ROWS)
    except InvalidInput as error:
        faults += error.faults
    if faults:
        raise InvalidInput(*faults)
    return Choice(subject, chosen, against, sort, rows, form)


def span(request: Request, unit: Unit, calendar: Calendar) -> Span:
    """Read the period: the day, week, month or year of `date`, or the range `from` to `to`."""
    today = calendar.date_of(request.at)
    if unit is not Unit.RANGE:
        faults = [
            Fault(name, "is for the period range")
            for name in ("from", "to")
            if name in request.query
        ]
        if faults:
            raise InvalidInput(*faults)
        day = _date(request, "date", today)
        return span_of(unit, day, first_weekday=calendar.first_weekday)
    if "date" in request.query:
        raise InvalidInput(Fault("date", "is for another period than range"))
    if "from" not in request.query:
        raise InvalidInput(Fault("from", "is needed for the period range"))
    try:
        return range_of(_date(request, "from", today), _date(request, "to", today))
    except NoSpan as error:
        raise InvalidInput(Fault("from", str(error))) from error


def subject_of(request: Request) -> Subject:
    """Read of what: a section, an author or a tag; without them the whole site."""
    subjects = [
        Subject(kind, request.query[kind])
        for kind in (SubjectKind.SECTION, SubjectKind.AUTHOR, SubjectKind.TAG)
        if kind in request.query
    ]
    faults = [
        Fault(subject.kind, f"must have 1 to {MAX_NAME} characters")
        for subject in subjects
        if not 1 <= len(subject.name) <= MAX_NAME
    ]
    if len(subjects) > 1:
        faults.append(Fault(subjects[1].kind, f"cannot be combined with {subjects[0].kind}"))
    if faults:
        raise InvalidInput(*faults)
    return subjects[0] if subjects else THE_SITE


def query_of(chosen: Choice) -> dict[str, str]:
    """Give the parameters that ask for the same, in their shortest form; the format is left out."""
    unit, first, last = chosen.span.unit, chosen.span.first, chosen.span.last
    query = {"period": str(unit)}
    query |= {"from": f"{first}", "to": f"{last}"} if unit is Unit.RANGE else {"date": f"{first}"}
    if chosen.against is not Against.USUAL:
        query["compare"] = str(chosen.against)
    if chosen.subject != THE_SITE:
        query[str(chosen.subject.kind)] = chosen.subject.name
    if chosen.sort is not Sort.VIEWS:
        query["sort"] = str(chosen.sort)
    return query


def _likely_unit(request: Request) -> Unit:
    return Unit.RANGE if "from" in request.query or "to" in request.query else Unit.DAY


def _date(request: Request, name: str, default: date) -> date:
    text = request.query.get(name)
    try:
        return check(date.fromisoformat(parse_day(text)) if text else default)
    except ValueError as error:
        raise InvalidInput(Fault(name, str(error))) from error
