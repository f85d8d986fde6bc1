"""AuthorizePublisher: lets a request with a publisher's token through."""

from collections.abc import Mapping
from typing import Any

from circulation.authorizing import is_publisher
from circulation.container import container, warm_up
from circulation.web.request import request_of_event


def handler(event: Mapping[str, Any], _context: object) -> dict[str, bool]:
    """Answer with the simple response of an HTTP API's authorizer (payload format 2.0)."""
    request = request_of_event(event)
    tokens = container().store.tokens.known(now=request.at)
    told = request.headers.get("authorization", "")
    return {"isAuthorized": is_publisher(told, tokens.values())}


warm_up()
