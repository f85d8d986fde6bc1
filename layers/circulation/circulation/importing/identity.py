"""The id of an imported article: the same each time the source is read.

1. The source's own id if it is a valid id: a WordPress post's number, a Ghost post's id.
2. Else the last part of the address if it is a number of four or more digits: 264384 of
   https://news.example/politics/264384.html.
3. Else the last part of the address as a slug, and eight hex digits of a hash of the canonical
   path and the fragment, which tells apart two articles whose addresses end alike or that are on
   one page.
4. Without an address, a hash of the source's own id.
"""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

from circulation.articles.canonical_path import canonical_path
from circulation.ids import is_id

_SLUG_LENGTH = 50


def stable_id(own: str, url: str) -> str:
    """Give an article's id.

    Own is the source's id for the item, any text or empty; url is the item's absolute address, or
    empty.
    """
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
