"""The publisher who sends a request: what the authorizer passes on, and the check of the scope."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from circulation.errors import ScopeMissing, TokenRequired

if TYPE_CHECKING:
    # The authorizer, which answers no request itself, loads nothing of the frame of those that do.
    from collections.abc import Mapping

    from circulation.access.tokens import Scope, Token
    from circulation.web.handler import Route
    from circulation.web.request import Request
    from circulation.web.response import Response


def context_of(token: Token) -> dict[str, str]:
    """Give the context that an authorizer answers with; scopes are as in OAuth (RFC 6749, 3.3)."""
    return {"publisher": token.name, "scopes": " ".join(sorted(token.scopes))}


def requiring(scope: Scope, routes: Mapping[str, Route]) -> dict[str, Route]:
    """Guard routes, so that they answer only requests that the authorizer let in with the scope.

    API Gateway calls the authorizer first; this also protects from requests that bypass it. The
    guarded routes raise TokenRequired and ScopeMissing.
    """
    return {key: partial(_answer_guarded, scope, route) for key, route in routes.items()}


def _answer_guarded(scope: Scope, route: Route, request: Request) -> Response:
    if request.scopes is None:
        raise TokenRequired
    if scope not in request.scopes:
        raise ScopeMissing(scope)
    return route(request)
