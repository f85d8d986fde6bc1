"""Canonical paths: what is left of a page's address once all that does not choose the page is gone.

A publication is one site, so that scheme, host and port say nothing.
"""

import hashlib
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

MAX_BYTES = 1_024
"""A longer path is cut and ends in its hash: a key has at most 2,048 bytes."""

_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", flags=re.IGNORECASE)
# Parameters that newsletters, advertisements and social networks add to find out who sent a reader.
_TRACKING = re.compile(
    r"utm_.+|mtm_.+|pk_.+|piwik_.+|at_.+|mc_[ce]id|_hs(?:enc|mi)|hsctatracking|ref|ref_src"
    r"|[dfgmt]clid|fbclid|gbraid|wbraid|gclsrc|igshid|msclkid|twclid|ttclid|yclid|_openstat"
    r"|oly_(?:anon|enc)_id|vero_id|wickedid|cmpid|ocid|_ga|_gl",
    flags=re.IGNORECASE,
)


def canonical_path(url: str) -> str:
    """Give the canonical path of an address, or of its path alone: /news/264384 or /?id=264384.

    Folded are percent-encodings, doubled and closing slashes, an index page's name, tracking
    parameters, the order of parameters, and the fragment. Letters stay as they are.
    Raises ValueError for what is no address.
    """
    parts = urlsplit(url.strip())
    path = re.sub(r"/{2,}", "/", f"/{unquote(parts.path, errors='replace')}")
    path = _INDEX.sub("/", path).rstrip("/") or "/"
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="replace")
        if not _TRACKING.fullmatch(name)
    )
    told = quote(path, safe="/") + (f"?{urlencode(query)}" if query else "")
    if len(told) <= MAX_BYTES:
        return told
    return f"{told[: MAX_BYTES - 33]}~{hashlib.blake2b(told.encode(), digest_size=16).hexdigest()}"
