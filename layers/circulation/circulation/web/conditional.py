"""Conditional requests (RFC 9110, section 13), HEAD, and content codings."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from circulation.web.request import Request
from circulation.web.response import Response

MIN_GZIP_BYTES = 500
"""Smaller bodies fit one packet; compressing them saves nothing."""

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


def negotiate(request: Request, response: Response) -> Response:
    """Adapt the answer to a GET or HEAD to the request: with 304, or the body in a coding.

    The ETag is a strong one, of the content and its coding (RFC 9110, section 8.8.3.3).
    """
    worthwhile = len(response.body) >= MIN_GZIP_BYTES
    coding = coding_for(request, brotli=bool(response.brotli)) if worthwhile else ""
    content = content_hash(response.body)
    version = f"v{response.version}-" if response.version else ""
    tag = entity_tag(f"{version}{content}", coding)
    # API Gateway adds its CORS headers only if the request has an Origin.
    vary = f"{VARY}, accept" if response.negotiated else VARY
    headers = {**response.headers, "etag": tag, "vary": vary}
    if is_fresh(request, tag):
        return not_modified(replace(response, headers=headers))
    body = response.brotli if coding == BROTLI else response.body
    if coding == GZIP:
        import gzip  # noqa: PLC0415  few answers of RecordView are long enough

        body = gzip.compress(response.body, compresslevel=6, mtime=0)
    return apply_coding(request, replace(response, headers=headers, body=body), coding)


def apply_coding(request: Request, response: Response, coding: str) -> Response:
    """Finish an answer whose body is in a coding, or in none (empty); HEAD loses only the body."""
    headers, body = dict(response.headers), response.body
    if coding:
        headers["content-encoding"] = coding
    if request.method == "HEAD":
        headers["content-length"], body = str(len(body)), b""
    return replace(response, headers=headers, body=body)


def not_modified(response: Response) -> Response:
    """Turn an answer into the 304 for a client that has it."""
    return replace(response, status=304, body=b"", content_type="")


def entity_tag(content: str, coding: str) -> str:
    """Write the strong ETag of a content, by its hash or name, in a coding."""
    return f'"{content}-{coding}"' if coding else f'"{content}"'


def content_hash(body: bytes) -> str:
    """Give the hash of a body, in hex."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def entity_tags(request: Request) -> list[str]:
    """Read the ETags in If-None-Match, weak ones as strong ones."""
    return _TAG.findall(request.headers.get("if-none-match", ""))


def is_fresh(request: Request, tag: str, modified: datetime | None = None) -> bool:
    """Say whether the client has the answer with this ETag; weak comparison (section 13.1.2).

    If-None-Match takes precedence: If-Modified-Since is only used without it, and if there is a
    time of the last change.
    """
    if_none_match = request.headers.get("if-none-match")
    if if_none_match is not None:
        return if_none_match.strip() == "*" or tag in entity_tags(request)
    since = request.headers.get("if-modified-since")
    if modified is None or since is None:
        return False
    known = read_http_date(since)
    return known is not None and modified <= known


def http_date(moment: datetime) -> str:
    """Format an instant for HTTP: Sat, 14 Mar 2026 15:09:26 GMT (RFC 9110, section 5.6.7)."""
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    clock = f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"
    return f"{day}, {moment.day:02} {month} {moment.year:04} {clock} GMT"


def read_http_date(text: str) -> datetime | None:
    """Parse an instant as HTTP formats it; None if it is invalid."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    day, month, year, hour, minute, second = match.groups()
    date = (int(year), 1 + _MONTHS.index(month), int(day))
    try:
        return datetime(*date, int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None


def coding_for(request: Request, *, brotli: bool = False) -> str:
    """Choose a coding by Accept-Encoding (RFC 9110, section 12.5.3): br, gzip, or empty for none.

    Brotli is chosen if the body is available in it and the client names it; gzip also for "*".
    """
    weights = _read_weights(request.headers.get("accept-encoding", ""))
    if brotli and weights.get(BROTLI, 0.0) > 0:
        return BROTLI
    return GZIP if weights.get(GZIP, weights.get("*", 0.0)) > 0 else ""


def prefers(request: Request, media_type: str, otherwise: str) -> bool:
    """Say whether Accept (RFC 9110, section 12.5.1) prefers one media type to another."""
    weights = _read_weights(request.headers.get("accept", ""))
    return weights.get(media_type, 0.0) > weights.get(otherwise, 0.0)


@lru_cache(maxsize=128)  # clients of a kind send the same, and an answer asks more than once
def _read_weights(header: str) -> Mapping[str, float]:
    """Read the weights of a header, 1 by default (RFC 9110, section 12.4.2)."""
    weights = {}
    for entry in header.lower().split(","):
        name, *parts = (part.strip() for part in entry.split(";"))
        qualities = [part.removeprefix("q=") for part in parts if part.startswith("q=")]
        weight = qualities[0] if qualities else "1"
        weights[name] = float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 1.0
    return weights
