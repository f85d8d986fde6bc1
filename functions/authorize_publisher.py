"""AuthorizePublisher: lets a request with a publisher's token through, and says whose it is."""

from collections.abc import Mapping
from typing import Any

from circulation.access.authorizing import authorize
from circulation.metrics import REQUESTS_REFUSED, emit
from circulation.runtime import container, warm_up
from circulation.web.publisher import context_of
from circulation.web.request import request_of_event


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer with the simple response of an HTTP API's authorizer (payload format 2.0)."""
    request, tokens = request_of_event(event), container().tokens
    token = authorize(request.headers.get("authorization", ""), tokens, now=request.at)
    if token is None:
        if tokens.is_failing:  # it may be a publisher's all the same
            emit("AuthorizePublisher", {REQUESTS_REFUSED: 1})
        return {"isAuthorized": False}
    return {"isAuthorized": True, "context": context_of(token)}


warm_up()
