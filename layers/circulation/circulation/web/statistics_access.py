"""Who may see which statistics: whoever bears a token or a share link's key, or everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circulation.access.authorizing import authorize
from circulation.access.grant import By, Extent, Grant
from circulation.access.share import grant_of
from circulation.access.tokens import Scope, sha256_of
from circulation.errors import (
    NotShared,
    ScopeMissing,
    ShareEnded,
    StoreUnavailable,
    TokenRequired,
)
from circulation.statistics.rollup import SubjectKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from circulation.access.shares import Shares
    from circulation.access.token_hashes import Tokens
    from circulation.statistics.rollup import Subject
    from circulation.web.request import Request
    from circulation.web.response import Response

NO_REFERRER = {"referrer-policy": "no-referrer"}
"""The address of a page may have a key in it, which no other site is to learn."""


def admit(
    request: Request,
    tokens: Callable[[], Tokens],
    shares: Callable[[], Shares],
    *,
    is_public: bool,
) -> Grant:
    """Say what a request may see: a token decides, else the key in `share`, else the publication.

    A token and a key are looked up only where the request bears one. Raises TokenRequired for none
    or a wrong one, ScopeMissing, ShareEnded, and StoreUnavailable if the table fails and they are
    not among those that were read before.
    """
    authorization = request.headers.get("authorization", "")
    if authorization:
        return _grant_of_token(authorization, tokens(), request)
    if "share" in request.query:
        return _grant_of_share(request.query["share"], shares(), request)
    if is_public:
        return Grant(By.PUBLIC)
    raise TokenRequired


def require(grant: Grant, extent: Extent, name: str = "") -> None:
    """Raise NotShared unless the grant opens the site, a section or an article."""
    if not grant.allows(extent, name):
        raise NotShared


def require_subject(grant: Grant, subject: Subject) -> None:
    """Raise NotShared unless the grant opens a section or, for any other subject, the site."""
    if subject.kind is SubjectKind.SECTION:
        require(grant, Extent.SECTION, subject.name)
    else:
        require(grant, Extent.SITE)


def keep_private(grant: Grant, response: Response) -> Response:
    """Make the answer to a grant: none that a secret opened is stored or names its address."""
    max_age = response.max_age if grant.by is By.PUBLIC else None
    return replace(response, max_age=max_age, headers={**response.headers, **NO_REFERRER})


def _grant_of_token(authorization: str, tokens: Tokens, request: Request) -> Grant:
    token = authorize(authorization, tokens, now=request.at)
    if token is None:
        if tokens.is_failing:
            raise StoreUnavailable("a token could not be looked up")
        raise TokenRequired
    if Scope.READ not in token.scopes:
        raise ScopeMissing(Scope.READ)
    return Grant(By.TOKEN)


def _grant_of_share(key: str, shares: Shares, request: Request) -> Grant:
    share = shares.find(sha256_of(key), now=request.at)
    if share is None and shares.is_failing:
        raise StoreUnavailable("a share link could not be looked up")
    if share is None or not share.is_open(now=request.at):
        raise ShareEnded
    return grant_of(share, key)
