"""Keys of importing: the versions of feeds that were taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circulation.aws.table import Key

_URL_LENGTH = 1_000
"""A sort key has at most 1,024 bytes."""


def sync_key(url: str) -> Key:
    """Give the key of the version of a feed that was taken in last."""
    return {"pk": "SYNC", "sk": url[:_URL_LENGTH]}
