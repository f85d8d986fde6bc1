"""If-None-Match (RFC 9110, section 13), HEAD, and gzip."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

from circulation.web.request import Request
from circulation.web.response import Response

MIN_GZIP_BYTES = 500
"""Below this a packet is a packet, and gzip only costs."""

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def negotiated(request: Request, response: Response) -> Response:
    """Give the answer to a GET or HEAD as the client asked for it: whole, encoded, or 304.

    The ETag is a strong one, of the content and its encoding (RFC 9110, section 8.8.3.3).
    """
    zipped = _takes_gzip(request.headers) and len(response.body) >= MIN_GZIP_BYTES
    etag = _etag(response.body, "-gzip" if zipped else "")
    headers = {**response.headers, "etag": etag, "vary": "accept-encoding"}
    if _is_fresh(request.headers.get("if-none-match", ""), etag):
        return replace(response, status=304, body=b"", content_type="", headers=headers)
    if zipped:
        body = gzip.compress(response.body, compresslevel=6, mtime=0)
        headers["content-encoding"] = "gzip"
        response = replace(response, body=body)
    if request.method == "HEAD":
        headers["content-length"] = str(len(response.body))
        response = replace(response, body=b"")
    return replace(response, headers=headers)


def _etag(body: bytes, suffix: str) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}{suffix}"'


def _is_fresh(if_none_match: str, etag: str) -> bool:
    """Tell whether the client has this very answer; tags are compared weakly (section 13.1.2)."""
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)


def _takes_gzip(headers: Mapping[str, str]) -> bool:
    """Read Accept-Encoding (RFC 9110, section 12.5.3): gzip or * with a weight above 0."""
    weights = {}
    for each in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = each.partition(";")
        weights[coding.strip()] = weight.replace(" ", "")
    weight = weights.get("gzip", weights.get("*", "q=0"))
    return not re.fullmatch(r"q=0(\.0*)?", weight)
