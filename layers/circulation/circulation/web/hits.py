"""Read a hit from a request: which article was opened, and what the browser says about it."""

import re
from datetime import timedelta
from typing import NamedTuple, TypeGuard

from circulation.counting.traits import Traits
from circulation.errors import Fault, InvalidInput
from circulation.settings import Settings
from circulation.text import legal
from circulation.views.countries import country_code
from circulation.views.devices import form_factor
from circulation.views.hit import MAX_AGE, MAX_NONCE, Hit, OptOuts
from circulation.views.referrers import referrer_host
from circulation.views.sources import campaign_of, read_marks, source_of
from circulation.views.visitor import article_nonce
from circulation.web.request import Request
from circulation.web.viewer import Viewer

MAX_HIT_BYTES = 16_384
"""A page's own address may have 8 KiB, and that of the one before it as much: a view is never lost
for them."""

_AHEAD = re.compile("prefetch|preview|prerender", flags=re.IGNORECASE)


class Claim(NamedTuple):
    """What a page says about itself when it is opened; fields without a value are unknown."""

    nonce: str = ""
    """The same in every attempt to send the hit."""
    referrer: str | None = None
    """The address of the page that linked here, its host alone, or its path alone if it is on the
    same site; empty if no page did."""
    query: str = ""
    """The query of the page's address, or the part of it that tells of the link."""
    width: int | None = None
    """Of the window, in CSS pixels."""
    automated: bool = False
    """Whether a program drives the browser."""
    age: timedelta = timedelta(0)
    """How long before this attempt to send it the page was opened."""


def claim_of(request: Request) -> Claim:
    """Read the body that the widget sends; whatever is invalid but the nonce is ignored.

    Raises BodyTooLarge, MalformedBody, and InvalidInput for an invalid nonce.
    """
    claim = request.json(limit=MAX_HIT_BYTES)
    nonce, referrer, width = (claim.get(name) for name in ("nonce", "referrer", "width"))
    nonce = "" if nonce is None else nonce
    if not isinstance(nonce, str) or len(nonce) > MAX_NONCE:
        raise InvalidInput(Fault("nonce", f"must be text of at most {MAX_NONCE} characters"))
    return Claim(
        nonce,
        referrer if isinstance(referrer, str) else None,
        _read_query(claim.get("query")),
        width if _is_number(width) else None,
        age=_read_age(claim.get("age")),
    )


def _read_query(parameters: object) -> str:
    """Join the parameters of a page's address, such as ["utm_source=a", "via=mail"], to a query."""
    if not isinstance(parameters, list):
        return ""
    return "&".join(parameter for parameter in parameters if isinstance(parameter, str))


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

    Of the referrer only the host and the source are used, of the width only the form factor, and of
    the query only the source and the campaign.
    """
    headers = request.headers
    marks = read_marks(claim.query)
    own_sites = (*settings.own_sites, headers.get("origin", ""))
    # Sec-Purpose: the Fetch standard; the others: older browsers.
    purposes = (headers.get(name, "") for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    objects = "1" in (headers.get("sec-gpc"), headers.get("dnt"))
    return Hit(
        article=article,
        address=viewer.address,
        user_agent=headers.get("user-agent", ""),
        nonce=article_nonce(article, legal(claim.nonce) or request.id),
        prefetched=any(_AHEAD.search(purpose) for purpose in purposes),
        automated=claim.automated,
        own=_is_own(viewer, settings),
        opted_out=objects and settings.opt_outs is OptOuts.UNCOUNTED,
        anonymous=objects and settings.opt_outs is OptOuts.ANONYMOUS,
        traits=Traits(
            referrer_host(claim.referrer or "", own_sites),
            country_code(viewer.country),
            form_factor(claim.width),
            source_of(claim.referrer, marks, own_sites),
            campaign_of(marks),
        ),
        age=claim.age,
    )


def _is_own(viewer: Viewer, settings: Settings) -> bool:
    """Tell whether a viewer is in one of the publication's own networks, where it has any."""
    if not settings.own_networks:
        return False
    from circulation.views.own_networks import is_own  # noqa: PLC0415  see decision 4

    return is_own(viewer.address, settings.own_networks)
