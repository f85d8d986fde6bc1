"""Publisher tokens: several, each with a name, of which only the SHA-256 is kept."""

import hashlib
import re
from collections.abc import Mapping

FIRST = "publisher"
"""The name of the token that a deployment begins with."""
MAX_TOKENS = 40
"""With names and hashes they fill the 4 KB of an SSM parameter (Quotas: Parameter Store)."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}", flags=re.ASCII)


def is_name(text: str) -> bool:
    """Tell whether the text can name a token."""
    return _NAME.fullmatch(text) is not None


def sha256_of(token: str) -> str:
    """Give what is kept of a token, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def tokens_of(text: str) -> dict[str, str]:
    """Read name:sha256,name:sha256; a hash alone is the first token's."""
    tokens = {}
    for each in text.split(","):
        name, _, sha256 = each.strip().rpartition(":")
        tokens[name or FIRST] = sha256.lower()
    return tokens


def text_of(tokens: Mapping[str, str]) -> str:
    """Write tokens as they are kept."""
    return ",".join(f"{name}:{sha256}" for name, sha256 in tokens.items())
