"""The id of an article that comes from elsewhere: the same whenever it is read again.

1. The source's own id where it can be one: a WordPress post's number, a Ghost post's id.
2. Else the last part of the address where that is a number of four or more digits: 264384 of
   https://news.example/politics/264384.html.
3. Else the last part of the address as a slug, and eight hex digits of a hash of the canonical
   path and the fragment: two articles whose addresses end alike, and two on one page, stay apart.
4. Without an address, the hash of what the source calls the item.
"""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

from circulation.articles.canonical_path import canonical_path
from circulation.ids import is_id

_SLUG_LENGTH = 50


def stable_id(own: str, url: str) -> str:
    """Give the id of an item by its own id, which may be any text or none, and its address."""
    if is_id(own):
        return own
    if not url:
        return f"item-{_hash(own)}"
    path, fragment = canonical_path(url), urlsplit(url).fragment
    last = re.sub(r"\.[a-z]{2,5}$", "", path.partition("?")[0].rpartition("/")[2].lower())
    if re.fullmatch(r"\d{4,}", last) and is_id(last) and not fragment:
        return last
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"%[0-9a-f]{2}", "-", plain)).strip("-")
    place = f"{path}#{fragment}" if fragment else path
    return f"{slug[:_SLUG_LENGTH].strip('-') or 'item'}-{_hash(place)}"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=4).hexdigest()
