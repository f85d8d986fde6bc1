"""Read a hit from a request: which article was opened, and what the browser says about it."""

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
    """What a page says about itself when it is opened; fields without a value are unknown."""

    nonce: str = ""
    """The same in every attempt to send the hit."""
    referrer: str = ""
    """The address of the page that linked here, or its host."""
    width: int | None = None
    """Of the window, in CSS pixels."""
    automated: bool = False
    """Whether a program drives the browser."""
    age: timedelta = timedelta(0)
    """How long before this attempt to send it the page was opened."""


def claim_of(request: Request) -> Claim:
    """Read the body that the widget sends; an invalid referrer, width or age is ignored.

    Raises BodyTooLarge, MalformedBody, and InvalidInput for an invalid nonce.
    """
    claim = request.json(limit=MAX_HIT_BYTES)
    nonce, referrer, width = (claim.get(name) for name in ("nonce", "referrer", "width"))
    nonce = "" if nonce is None else nonce
    if not isinstance(nonce, str) or len(nonce) > MAX_NONCE:
        raise InvalidInput(Fault("nonce", f"must be text of at most {MAX_NONCE} characters"))
    return Claim(
        nonce,
        referrer if isinstance(referrer, str) else "",
        width if _is_number(width) else None,
        age=_read_age(claim.get("age")),
    )


def _read_age(milliseconds: object) -> timedelta:
    """Read the age of a hit, at most MAX_AGE; an invalid one is 0, as if the hit had just begun.

    An age can only make a hit too late to count, so a false one gains nothing.
    """
    if not _is_number(milliseconds) or milliseconds < 0:
        return timedelta(0)
    return timedelta(milliseconds=min(milliseconds, MAX_AGE // timedelta(milliseconds=1)))


def _is_number(value: object) -> TypeGuard[int]:
    """Say whether a JSON value is a whole number; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def hit_of(request: Request, article: str, claim: Claim, viewer: Viewer, settings: Settings) -> Hit:
    """Make a hit from a request and the claim of a page.

    Of the referrer only the host is used, and of the width only the form factor.
    """
    headers = request.headers
    # Sec-Purpose: the Fetch standard; the others: older browsers.
    purposes = (headers.get(name, "") for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    objects = "1" in (headers.get("sec-gpc"), headers.get("dnt"))
    return Hit(
        article=article,
        address=viewer.address,
        user_agent=headers.get("user-agent", ""),
        nonce=legal(claim.nonce) or request.id,
        prefetched=any(_AHEAD.search(purpose) for purpose in purposes),
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
