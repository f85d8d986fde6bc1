"""A hit, read out of a request: which article was opened, and what the browser told of it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeGuard

from circulation.counting.traits import Traits
from circulation.errors import Fault, InvalidInput
from circulation.settings import Settings
from circulation.text import legal
from circulation.views.countries import country_code
from circulation.views.devices import form_factor
from circulation.views.hit import MAX_AGE, MAX_NONCE, Hit, OptOuts
from circulation.views.referrers import referrer_host
from circulation.web.request import Request
from circulation.web.viewer import Viewer

MAX_HIT_BYTES = 2_048

_AHEAD = re.compile("prefetch|preview|prerender", flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a page tells of itself when it is opened; whatever it does not tell is not known."""

    nonce: str = ""
    """The same in each attempt to send it."""
    referrer: str = ""
    """The address of the page that led here, or its host."""
    width: int | None = None
    """Of the window, in CSS pixels."""
    automated: bool = False
    """A program drives the browser."""
    age: timedelta = timedelta(0)
    """How long before this attempt to send it the page was opened."""


def claim_of(request: Request) -> Claim:
    """Read what the widget sends; what is no referrer, no width or no age is left out.

    Raises BodyTooLarge, MalformedBody, and InvalidInput for a bad nonce.
    """
    told = request.json(limit=MAX_HIT_BYTES)
    nonce, referrer, width = (told.get(name) for name in ("nonce", "referrer", "width"))
    nonce = "" if nonce is None else nonce
    if not isinstance(nonce, str) or len(nonce) > MAX_NONCE:
        raise InvalidInput(Fault("nonce", f"must be text of at most {MAX_NONCE} characters"))
    return Claim(
        nonce,
        referrer if isinstance(referrer, str) else "",
        width if _is_number(width) else None,
        age=_age(told.get("age")),
    )


def _age(milliseconds: object) -> timedelta:
    """Read how old a hit says it is, at most MAX_AGE; what is no age is as if it had just begun.

    It can only have a hit left out as late, so nobody gains by it.
    """
    if not _is_number(milliseconds) or milliseconds < 0:
        return timedelta(0)
    return timedelta(milliseconds=min(milliseconds, MAX_AGE // timedelta(milliseconds=1)))


def _is_number(value: object) -> TypeGuard[int]:
    """Tell whether a JSON value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def hit_of(request: Request, article: str, claim: Claim, viewer: Viewer, settings: Settings) -> Hit:
    """Make a hit of a claim that an article was opened.

    Of the referrer only the host is kept, of the width only the form factor.
    """
    headers = request.headers
    # Sec-Purpose: the Fetch standard; the others: older browsers.
    purposes = (headers.get(each, "") for each in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    objects = "1" in (headers.get("sec-gpc"), headers.get("dnt"))
    return Hit(
        article=article,
        address=viewer.address,
        user_agent=headers.get("user-agent", ""),
        nonce=legal(claim.nonce) or request.id,
        prefetched=any(_AHEAD.search(each) for each in purposes),
        automated=claim.automated,
        opted_out=objects and settings.opt_outs is OptOuts.UNCOUNTED,
        anonymous=objects and settings.opt_outs is OptOuts.ANONYMOUS,
        traits=Traits(
            referrer_host(claim.referrer, settings.own_sites),
            country_code(viewer.country),
            form_factor(claim.width),
        ),
        age=claim.age,
    )
