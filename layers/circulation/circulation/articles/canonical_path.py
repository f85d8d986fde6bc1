"""Normalise a page's URL to the host and path that identify its article.

The scheme and the port are ignored.
"""

import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from circulation.articles.via import MARKERS

MAX_BYTES = 1_024
"""A longer path is cut and ends in its hash, as a key has at most 2,048 bytes."""

_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)/?$", flags=re.IGNORECASE)
# Parameters that newsletters, advertisements and social networks add to track where readers come
# from.
_TRACKING = re.compile(
    r"utm_.+|mtm_.+|pk_.+|piwik_.+|at_.+|mc_[ce]id|_hs(?:enc|mi)|hsctatracking|ref|ref_src"
    r"|[dfgmt]clid|fbclid|gbraid|wbraid|gclsrc|igshid|msclkid|twclid|ttclid|yclid|_openstat"
    r"|oly_(?:anon|enc)_id|vero_id|wickedid|cmpid|ocid|_ga|_gl",
    flags=re.IGNORECASE,
)


def canonical_path(url: str) -> str:
    """Give the canonical path of an address, or of its path alone: /news/264384 or /?id=264384.

    Percent-encodings, how letters with marks are composed (Unicode: NFC), doubled and trailing
    slashes, the name of an index page, tracking parameters, the order of parameters, and the
    fragment make no difference. Upper and lower case do. Raises ValueError if the address cannot be
    parsed.
    """
    parts = urlsplit(url.strip())
    path = re.sub(r"/{2,}", "/", f"/{unquote(parts.path, errors='replace')}")
    if not path.isascii():
        path = unicodedata.normalize("NFC", path)
    path = _INDEX.sub("/", path).rstrip("/") or "/"
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="replace")
        if not _TRACKING.fullmatch(name) and (name, value) not in MARKERS
    )
    path_and_query = quote(path, safe="/") + (f"?{urlencode(query)}" if query else "")
    if len(path_and_query) <= MAX_BYTES:
        return path_and_query
    digest = hashlib.blake2b(path_and_query.encode(), digest_size=16).hexdigest()
    return f"{path_and_query[: MAX_BYTES - 33]}~{digest}"


def host_of(url: str) -> str:
    """Give the host of an address, in lower case and without "www."; empty for a path alone."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
