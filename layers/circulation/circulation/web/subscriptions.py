"""Requests about subscriptions: what a form or a program sends, and whose page may send it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from circulation.articles.fields import MAX_NAME
from circulation.errors import (
    BodyTooLarge,
    CirculationError,
    Fault,
    InvalidInput,
    MalformedBody,
    OriginRefused,
)
from circulation.mail.ask import MAX_SECTIONS, Ask
from circulation.mail.mailbox import MAX_ADDRESS, Mailbox, read_mailbox
from circulation.mail.subscriber import Choices, Frequency
from circulation.text import one_line
from circulation.times import milliseconds
from circulation.web.pages.mail_pages import Filled
from circulation.web.viewer import ANY_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Collection

    from circulation.web.request import Request
    from circulation.web.response import Response

MAX_BODY = 16 * 1024
MAX_FIELDS = 200
QUICKEST = timedelta(seconds=2)
"""Nobody fills a form in faster."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a body by name, as text; one that is sent several times has several."""

    fields: dict[str, list[str]]

    def first(self, name: str) -> str:
        """Give the first value of a field; empty if it was not sent."""
        return self.fields.get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the form."""

    mailbox: Mailbox
    choices: Choices
    is_machine: bool
    """Whether the form was sent faster than anybody fills it in."""


def wants_page(request: Request) -> bool:
    """Tell whether a browser displays the answer: it sent a form, or asks for HTML."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept or (_media_type(request) == FORM and "json" not in accept)


def check_form_origin(request: Request, allowed: frozenset[str], api_url: str) -> None:
    """Check that a form is sent from an allowed origin or from the API's own. Raises OriginRefused.

    The pages here have no referrer, so that a browser writes `null` for their origin (Fetch
    standard, "append a request Origin header"); what it says of the site then decides. A program
    sends neither.
    """
    origin = request.headers.get("origin", "").lower()
    own = {_origin_of(request.base_url), _origin_of(api_url)}
    if ANY_ORIGIN in allowed or (origin and origin in allowed | own):
        return
    site = request.headers.get("sec-fetch-site", "same-origin")
    if origin not in ("", "null") or site not in ("same-origin", "none"):
        raise OriginRefused


def read_sent(
    request: Request, names: Collection[str] = ("address", "frequency", "opened")
) -> Sent:
    """Read the body, a form or a JSON object, as fields; names are those of a JSON object's texts.

    Raises BodyTooLarge and MalformedBody.
    """
    if len(request.body) > MAX_BODY:
        raise BodyTooLarge(MAX_BODY)
    if _media_type(request) == FORM:
        try:
            text = request.body.decode()
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError as error:
            raise MalformedBody("The body is not a form in UTF-8 with few fields.") from error
        return Sent({name: list(map(_without_surrogates, fields[name])) for name in fields})
    data = request.json(limit=MAX_BODY)
    sections = data.get("sections", [])
    if not isinstance(sections, list):
        raise InvalidInput(Fault("sections", "must be a list of names"))
    values: dict[str, list[object]] = {name: [data[name]] for name in names if name in data}
    values |= {"section": sections} if sections else {}
    fields = {name: [_without_surrogates(str(value)) for value in values[name]] for name in values}
    return Sent(fields)


def read_typed(sent: Sent, known: Collection[str], request: Request) -> Typed:
    """Read what was typed. Raises InvalidInput; known are the sections that there are."""
    faults = []
    try:
        mailbox = read_mailbox(sent.first("address"))
    except ValueError as error:
        faults.append(Fault("address", str(error)))
    try:
        choices = read_choices(sent, known)
    except InvalidInput as error:
        faults.extend(error.faults)
    if faults:
        raise InvalidInput(*faults)
    return Typed(mailbox, choices, is_machine(sent, request))


def is_machine(sent: Sent, request: Request) -> bool:
    """Tell whether a form was sent faster than anybody fills it in; one may not say when.

    A time to come says nothing: it is of a clock that is ahead.
    """
    opened = sent.first("opened")
    return bool(re.fullmatch(r"[0-9]{1,15}", opened, flags=re.ASCII)) and (
        0 <= milliseconds(request.at) - int(opened) < QUICKEST / timedelta(milliseconds=1)
    )


def read_choices(
    sent: Sent, known: Collection[str], chosen: frozenset[str] = frozenset()
) -> Choices:
    """Read how often and which sections; all that are known, or none named, stand for all.

    The form offers those that are known and those that were chosen before, whatever their names
    are; others must be of characters that are seen. Raises InvalidInput.
    """
    faults = []
    frequency = sent.first("frequency") or Frequency.DAILY
    if frequency not in set(Frequency):
        faults.append(Fault("frequency", f"must be one of {', '.join(Frequency)}"))
    names = frozenset(sent.fields.get("section", []))
    if len(names) > MAX_SECTIONS or not all(map(_is_name, names.difference(known, chosen))):
        reason = f"must be at most {MAX_SECTIONS} names of 1 to {MAX_NAME} characters"
        faults.append(Fault("section", reason))
    if not names and sent.first("choosing") == "sections":
        faults.append(Fault("section", "must be at least one"))
    if faults:
        raise InvalidInput(*faults)
    is_all = bool(known) and names >= frozenset(known)
    return Choices(Frequency(frequency), frozenset() if is_all else names)


def ask_of(request: Request, typed: Typed, network: str, api_url: str) -> Ask:
    """Make what goes to the letter queue; network is a keyed hash."""
    base_url = request.public_url(api_url)
    return Ask(request.id, typed.mailbox, typed.choices, request.at, network, base_url)


def filled_of(request: Request, problem: Response, known: Collection[str]) -> Filled:
    """Read again what was typed, with the fields that cannot be taken, to show the form anew.

    Known are the sections that the form offers.
    """
    errors = json.loads(problem.body)["errors"]
    faults = frozenset(error["field"] for error in errors)
    try:
        sent = read_sent(request)
    except CirculationError:
        return Filled(faults=faults)
    try:
        choices = read_choices(sent, known)
    except InvalidInput:
        choices = Choices()
    return Filled(sent.first("address")[:MAX_ADDRESS], choices, faults)


def _is_name(name: str) -> bool:
    return 1 <= len(name) <= MAX_NAME and name == one_line(name) and name.isprintable()


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _origin_of(url: str) -> str:
    return "/".join(url.lower().split("/", 3)[:3])


def _without_surrogates(text: str) -> str:
    """Replace lone surrogates, which JSON can have, by what no address and no name has."""
    return text.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")
