"""The publisher behind a request: what the authorizer tells of a token, and what it is good for."""

from collections.abc import Callable, Mapping
from functools import partial

from circulation.access.tokens import Scope, Token
from circulation.errors import ScopeMissing, TokenRequired
from circulation.web.request import Request
from circulation.web.response import Response

Route = Callable[[Request], Response]


def context_of(token: Token) -> dict[str, str]:
    """Give what an authorizer answers of a token; the scopes as OAuth has them (RFC 6749, 3.3)."""
    return {"publisher": token.name, "scopes": " ".join(sorted(token.scopes))}


def requiring(scope: Scope, routes: Mapping[str, Route]) -> dict[str, Route]:
    """Guard routes, so that they answer nobody whom the authorizer did not let in with the scope.

    The gateway asks the authorizer first; whatever leads past it leads no further than here. The
    routes raise TokenRequired and ScopeMissing.
    """
    return {key: partial(_guarded, scope, route) for key, route in routes.items()}


def _guarded(scope: Scope, route: Route, request: Request) -> Response:
    if request.scopes is None:
        raise TokenRequired
    if scope not in request.scopes:
        raise ScopeMissing(scope)
    return route(request)
