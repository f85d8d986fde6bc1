"""Vercount's API, as its scripts call it: version 2 at /api/v2/log, version 1 at /log."""

from typing import Any

from circulation.counting.counts import Total
from circulation.web.page_url import checked_url
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_BYTES = 10_240
"""Of a body: the address of a page, and a little more that is not read."""


def logged_url(request: Request) -> str:
    """Read the address of the page that was opened. Raises MalformedBody and InvalidInput."""
    return checked_url(request.json(limit=MAX_BYTES).get("url"))


def numbers(request: Request, site: Total, views: int | None) -> Response:
    """Answer with the numbers of a page and of its site, as the version that is asked does.

    Views are None, and 0 in the answer, where no article is published.
    """
    told: dict[str, Any] = {
        "site_uv": site.visitors,
        "site_pv": site.views,
        "page_pv": views or 0,
    }
    if "/v2/" in request.route:
        did = "updated" if request.method == "POST" else "retrieved"
        done = f"Data {did} successfully" if views is not None else "No article is published here"
        told = {"status": "success", "message": done, "data": told}
    return json_response(told)
