"""Vercount's API as its scripts call it: version 2 at /api/v2/log, version 1 at /log."""

from typing import Any

from circulation.counting.counts import Total
from circulation.web.page_url import checked_url
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_BYTES = 10_240
"""Bytes of a body: the address of a page, and a little more that is not read."""


def logged_url(request: Request) -> str:
    """Read the address of the page that was opened. Raises MalformedBody and InvalidInput."""
    return checked_url(request.json(limit=MAX_BYTES).get("url"))


def numbers(request: Request, site: Total, views: int | None) -> Response:
    """Answer with the numbers of a page and its site, in the version of the route.

    Views are None, and 0 in the answer, if no article is published at the page.
    """
    body: dict[str, Any] = {
        "site_uv": site.visitors,
        "site_pv": site.views,
        "page_pv": views or 0,
    }
    if "/v2/" in request.route:
        verb = "updated" if request.method == "POST" else "retrieved"
        message = (
            f"Data {verb} successfully" if views is not None else "No article is published here"
        )
        body = {"status": "success", "message": message, "data": body}
    return json_response(body)
