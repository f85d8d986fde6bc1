"""The pixel: the smallest possible image, for hits that are made by loading an image."""

from dataclasses import replace

from circulation.web.request import Request
from circulation.web.response import GIF, Response

# One transparent pixel in GIF89a.
PIXEL = bytes.fromhex(
    "47494638396101000100800100000000ffffff21f904010a0001002c00000000010001000002024c01003b"
)
EMBEDDED = {"cross-origin-resource-policy": "cross-origin"}
"""Lets cross-origin isolated pages embed the answer (the Fetch standard, section 3.7)."""


def refused_pixel(_request: Request, problem: Response) -> Response:
    """Answer with the pixel if a hit was refused."""
    return replace(pixel(problem.status), headers={**EMBEDDED, **problem.headers})


def pixel(status: int = 200, reason: str = "") -> Response:
    """Answer with the pixel, uncached; a reason goes into the header that GoatCounter uses."""
    headers = EMBEDDED | ({"x-goatcounter": reason} if reason else {})
    return Response(status, PIXEL, GIF, headers=headers)
