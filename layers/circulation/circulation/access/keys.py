"""Keys of access: the publishers' tokens and the share links."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circulation.aws.table import Key

TOKENS = "TOKEN"
"""The partition of the publishers' tokens."""

SHARES = "SHARE"
"""The partition of the share links."""


def token_key(name: str) -> Key:
    """Give the key of a publisher's token."""
    return {"pk": TOKENS, "sk": name}


def share_key(name: str) -> Key:
    """Give the key of a share link."""
    return {"pk": SHARES, "sk": name}
