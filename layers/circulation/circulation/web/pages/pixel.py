"""The pixel: the smallest image that there is, for what is counted by loading it."""

from dataclasses import replace

from circulation.web.request import Request
from circulation.web.response import GIF, Response

# One transparent dot, as browsers have known it since GIF89a.
PIXEL = bytes.fromhex(
    "47494638396101000100800100000000ffffff21f904010a0001002c00000000010001000002024c01003b"
)
EMBEDDED = {"cross-origin-resource-policy": "cross-origin"}
"""Lets pages that isolate themselves embed the answer (the Fetch standard, section 3.7)."""


def refused_pixel(_request: Request, problem: Response) -> Response:
    """Answer with the pixel where a hit could not be taken."""
    return replace(pixel(problem.status), headers={**EMBEDDED, **problem.headers})


def pixel(status: int = 200, reason: str = "") -> Response:
    """Answer with the pixel, which nobody may keep; a reason is told as GoatCounter tells it."""
    headers = EMBEDDED | ({"x-goatcounter": reason} if reason else {})
    return Response(status, PIXEL, GIF, headers=headers)
