import hashlib

import pytest

from circulation.authorizing import is_publisher

SHA256 = hashlib.sha256(b"secret").hexdigest()


@pytest.mark.parametrize("header", ["Bearer secret", "bearer  secret "])
def test_the_publishers_token_is_let_through(header: str) -> None:
    assert is_publisher(header, SHA256)
    assert is_publisher(header, SHA256.upper())


@pytest.mark.parametrize(
    "header",
    ["", "secret", "Basic secret", "Bearer", "Bearer ", "Bearer Secret", f"Bearer {SHA256}"],
)
def test_anything_else_is_not(header: str) -> None:
    assert not is_publisher(header, SHA256)
