"""What a request asks for: its path, query and headers, read into the core's words."""

import re

from circulation.article import is_id
from circulation.errors import ArticleNotFound, Fault, InvalidInput
from circulation.listing import ALL, Kind, Listing
from circulation.view import MAX_NONCE, Hit
from circulation.web.request import Request

MAX_HIT_BYTES = 2_048
MAX_LIMIT = 100
DEFAULT_LIMIT = 20

_AHEAD = re.compile("prefetch|preview|prerender", flags=re.IGNORECASE)


def article_id(request: Request) -> str:
    """Read the article's id out of the path. Raises ArticleNotFound when it can be no id."""
    told = request.path["id"]
    if not is_id(told):
        raise ArticleNotFound(told)
    return told


def hit(request: Request, *, respect_opt_outs: bool) -> Hit:
    """Read the claim that an article was opened.

    Raises BodyTooLarge, MalformedBody, and InvalidInput for a nonce that is none.
    """
    nonce = request.json(limit=MAX_HIT_BYTES).get("nonce") or request.id
    if not isinstance(nonce, str) or len(nonce) > MAX_NONCE:
        raise InvalidInput(Fault("nonce", f"must be text of at most {MAX_NONCE} characters"))
    headers = request.headers
    # Sec-Purpose: the Fetch standard; the other two: older browsers.
    purposes = (headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    return Hit(
        article=article_id(request),
        address=request.address,
        user_agent=headers.get("user-agent", ""),
        nonce=nonce,
        prefetched=any(_AHEAD.search(each) for each in purposes),
        opted_out=respect_opt_outs and "1" in (headers.get("sec-gpc"), headers.get("dnt")),
    )


def listing(request: Request) -> Listing:
    """Read which listing is asked for: a section's, a tag's, an author's, or all articles."""
    named = [
        Listing(kind, request.query[kind])
        for kind in (Kind.SECTION, Kind.TAG, Kind.AUTHOR)
        if request.query.get(kind)
    ]
    if len(named) > 1:
        raise InvalidInput(Fault(named[1].kind, "cannot be combined with another listing"))
    return named[0] if named else ALL


def limit(request: Request) -> int:
    """Read how many articles are asked for, 1 to 100."""
    told = request.query.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch("[0-9]{1,3}", told) or not 1 <= int(told) <= MAX_LIMIT:
        raise InvalidInput(Fault("limit", f"must be a whole number from 1 to {MAX_LIMIT}"))
    return int(told)
