"""A hit, read out of a request: which article was opened, and what the browser told of it."""

import re

from circulation.countries import country_code
from circulation.devices import form_factor
from circulation.errors import Fault, InvalidInput
from circulation.referrers import referrer_host
from circulation.settings import Settings
from circulation.text import legal
from circulation.view import MAX_NONCE, Hit, OptOuts
from circulation.web.request import Request
from circulation.web.viewer import Viewer

MAX_HIT_BYTES = 2_048

_AHEAD = re.compile("prefetch|preview|prerender", flags=re.IGNORECASE)


def hit_of(request: Request, viewer: Viewer, settings: Settings) -> Hit:
    """Read the claim that an article was opened.

    Of the referrer only the host is kept, of the width only the form factor; what is no referrer
    or no width is left out. Raises ArticleNotFound, BodyTooLarge, MalformedBody, and
    InvalidInput for a bad nonce.
    """
    told = request.json(limit=MAX_HIT_BYTES)
    nonce, referrer, width = (told.get(name) for name in ("nonce", "referrer", "width"))
    nonce = "" if nonce is None else nonce
    if not isinstance(nonce, str) or len(nonce) > MAX_NONCE:
        raise InvalidInput(Fault("nonce", f"must be text of at most {MAX_NONCE} characters"))
    headers = request.headers
    # Sec-Purpose: the Fetch standard; the other two: older browsers.
    purposes = (headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    objects = "1" in (headers.get("sec-gpc"), headers.get("dnt"))
    return Hit(
        article=request.article_id,
        address=viewer.address,
        user_agent=headers.get("user-agent", ""),
        nonce=legal(nonce) or request.id,
        prefetched=any(_AHEAD.search(each) for each in purposes),
        opted_out=objects and settings.opt_outs is OptOuts.UNCOUNTED,
        anonymous=objects and settings.opt_outs is OptOuts.ANONYMOUS,
        referrer=referrer_host(referrer, settings.own_sites) if isinstance(referrer, str) else None,
        country=country_code(viewer.country),
        form_factor=form_factor(width) if isinstance(width, int) else None,
    )
