"""Ids: the names of articles, which publishers choose."""

import hashlib
import re

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", flags=re.ASCII)

CANARY = "circulation-canary"
"""What `circulation doctor --canary` counts views of (counting.canary); no article can have it."""

_RESERVED = {"batch", "by-url", CANARY}
"""What stands in an id's place in the paths of the API, and is no article."""


def is_id(text: str) -> bool:
    """Tell whether the text can be an article's id."""
    return _ID.fullmatch(text) is not None and text not in _RESERVED


def is_counted_id(text: str) -> bool:
    """Tell whether views may be counted under the text: an article's id, or the canary's."""
    return text == CANARY or is_id(text)


def id_hash(text: str) -> str:
    """Give 16 hex digits that tell ids apart whose words are alike: 64 bits of a text's hash."""
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()
