"""Ids: the names of articles, which publishers choose."""

import re

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", flags=re.ASCII)

_RESERVED = {"batch", "by-url"}
"""What stands in an id's place in the paths of the API."""


def is_id(text: str) -> bool:
    """Tell whether the text can be an article's id."""
    return _ID.fullmatch(text) is not None and text not in _RESERVED
