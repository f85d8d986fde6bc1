"""What an imported article is known by: the source's own permanent id, else its address.

The id that a source proposes is the source's own if that is a valid id (a WordPress post's number,
also as it stands in `?p=42`, a Ghost post's id), else the end of its address as a slug, and sixteen
hex digits of a hash of the source's id or, without one, of the whole address. Whether the article
is there already, perhaps under another id, is decided where it is published.
"""

import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

from circulation.articles.canonical_path import canonical_path
from circulation.articles.fields import MAX_SOURCE_ID
from circulation.ids import id_hash, is_id
from circulation.text import one_line

_SLUG_LENGTH = 40
# An absolute URI (RFC 3986), such as https://…, tag:… or urn:uuid:…, which is unique everywhere.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def propose_id(own_id: str, source_id: str, url: str) -> str:
    """Propose an article's id.

    Own_id is a short id that the source keeps, any text or empty; source_id is the permanent id of
    the item (scoped_id), or empty; url is the item's absolute address, or empty.
    """
    for text in (own_id, source_id, post_number(source_id)):
        if is_id(text):
            return text
    place = urlsplit(url)
    key = source_id or f"{place.netloc.removeprefix('www.')}{canonical_path(url)}#{place.fragment}"
    last = canonical_path(url).partition("?")[0].rpartition("/")[2] if url else ""
    words = re.sub(r"%[0-9a-f]{2}", "-", re.sub(r"\.[a-z]{2,5}$", "", last.lower()))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{slug[:_SLUG_LENGTH].strip('-') or 'item'}-{id_hash(key)}"


def scoped_id(source_id: str, host: str) -> str:
    """Make an item's permanent id unique among all sources.

    A URI is unique already. Other texts, such as the number 42, are so within one source alone:
    the source's host is put before them. Of a text that is too long a hash is taken.
    """
    text = one_line(source_id)
    scoped = text if not text or _URI.fullmatch(text) else f"{host}:{text}"
    return scoped if len(scoped) <= MAX_SOURCE_ID else f"{host}:{id_hash(text)}"


def post_number(source_id: str) -> str:
    """Give the number of a WordPress post out of its permanent id, `https://…/?p=42`; or nothing.

    https://developer.wordpress.org/reference/functions/get_the_guid/
    """
    try:
        parts = urlsplit(source_id)
        numbers = parse_qs(parts.query).get("p", [])
    except ValueError:
        return ""
    is_guid = parts.scheme in ("http", "https") and len(numbers) == 1
    return numbers[0] if is_guid and re.fullmatch(r"[1-9][0-9]{0,18}", numbers[0]) else ""
