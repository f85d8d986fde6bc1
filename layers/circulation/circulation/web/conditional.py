"""Conditional requests (RFC 9110, section 13), HEAD, and content codings."""

import gzip
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

from circulation.web.request import Request
from circulation.web.response import Response

MIN_GZIP_BYTES = 500
"""Below this a packet is a packet, and gzip only costs."""

GZIP = "gzip"
BROTLI = "br"

VARY = "accept-encoding, origin"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rf"(?:{'|'.join(_DAYS)}), (\d\d) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) GMT",
    flags=re.ASCII,
)
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def negotiated(request: Request, response: Response) -> Response:
    """Give the answer to a GET or HEAD as the client asked for it: whole, encoded, or 304.

    The ETag is a strong one, of the content and its encoding (RFC 9110, section 8.8.3.3).
    """
    worthwhile = len(response.body) >= MIN_GZIP_BYTES
    coding = coding_for(request, brotli=bool(response.brotli)) if worthwhile else ""
    content = content_hash(response.body)
    version = f"v{response.version}-" if response.version else ""
    tag = entity_tag(f"{version}{content}", coding)
    # API Gateway adds its CORS headers only to requests that name an Origin.
    vary = f"{VARY}, accept" if response.negotiated else VARY
    headers = {**response.headers, "etag": tag, "vary": vary}
    if is_fresh(request, tag):
        return not_modified(replace(response, headers=headers))
    body = response.brotli if coding == BROTLI else response.body
    if coding == GZIP:
        body = gzip.compress(response.body, compresslevel=6, mtime=0)
    return encoded(request, replace(response, headers=headers, body=body), coding)


def encoded(request: Request, response: Response, coding: str) -> Response:
    """Give an answer whose body is coded, or is not; HEAD gets everything but the body."""
    headers = dict(response.headers)
    if coding:
        headers["content-encoding"] = coding
    if request.method == "HEAD":
        headers["content-length"] = str(len(response.body))
        response = replace(response, body=b"")
    return replace(response, headers=headers)


def not_modified(response: Response) -> Response:
    """Give the 304 to a client that has the answer."""
    return replace(response, status=304, body=b"", content_type="")


def entity_tag(content: str, coding: str) -> str:
    """Write the strong ETag of a content and its coding."""
    return f'"{content}-{coding}"' if coding else f'"{content}"'


def content_hash(body: bytes) -> str:
    """Name a content by its bytes."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def entity_tags(request: Request) -> list[str]:
    """Give the ETags of the answers that the client has, each as a strong one."""
    return _TAG.findall(request.headers.get("if-none-match", ""))


def is_fresh(request: Request, tag: str, modified: datetime | None = None) -> bool:
    """Tell whether the client has this very answer; tags are compared weakly (section 13.1.2).

    If-None-Match wins: beside it, or without a time of change, If-Modified-Since is not looked at.
    """
    told = request.headers.get("if-none-match")
    if told is not None:
        return told.strip() == "*" or tag in entity_tags(request)
    since = read_http_date(request.headers.get("if-modified-since", ""))
    return modified is not None and since is not None and modified <= since


def http_date(moment: datetime) -> str:
    """Write an instant as HTTP does: Sat, 14 Mar 2026 15:09:26 GMT (RFC 9110, section 5.6.7)."""
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    clock = f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"
    return f"{day}, {moment.day:02} {month} {moment.year:04} {clock} GMT"


def read_http_date(text: str) -> datetime | None:
    """Read an instant as HTTP writes it; None where it is none."""
    told = _DATE.fullmatch(text.strip())
    if not told:
        return None
    day, month, year, hour, minute, second = told.groups()
    date = (int(year), 1 + _MONTHS.index(month), int(day))
    try:
        return datetime(*date, int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None


def coding_for(request: Request, *, brotli: bool = False) -> str:
    """Read Accept-Encoding (RFC 9110, section 12.5.3): br, gzip, or empty for neither.

    Brotli is only for what is there in it, and for who names it; gzip also for who takes anything.
    """
    weights = _weights(request.headers.get("accept-encoding", ""))
    if brotli and weights.get(BROTLI, 0.0) > 0:
        return BROTLI
    return GZIP if weights.get(GZIP, weights.get("*", 0.0)) > 0 else ""


def prefers(request: Request, media_type: str, otherwise: str) -> bool:
    """Read Accept (RFC 9110, section 12.5.1): whether one media type is named above another."""
    weights = _weights(request.headers.get("accept", ""))
    return weights.get(media_type, 0.0) > weights.get(otherwise, 0.0)


def _weights(header: str) -> dict[str, float]:
    """Read what a client takes with its weights, 1 unless told (RFC 9110, section 12.4.2)."""
    weights = {}
    for each in header.lower().split(","):
        name, *parts = (part.strip() for part in each.split(";"))
        told = [part.removeprefix("q=") for part in parts if part.startswith("q=")]
        weight = told[0] if told else "1"
        weights[name] = float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 1.0
    return weights
