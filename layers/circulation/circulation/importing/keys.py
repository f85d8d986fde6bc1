"""Keys of importing: the versions of feeds that were synced."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circulation.aws.table import Key

_URL_LENGTH = 1_000
"""Characters; a sort key has at most 1,024 bytes (DynamoDB: Constraints)."""


def sync_key(url: str) -> Key:
    """Give the key of the last synced version of the feed at an address."""
    return {"pk": "SYNC", "sk": url[:_URL_LENGTH]}
