import pytest

from circulation.authorizing import is_publisher
from circulation.tokens import sha256_of, text_of, tokens_of

SHA256 = sha256_of("secret")
OTHER = sha256_of("other")


@pytest.mark.parametrize("header", ["Bearer secret", "bearer  secret "])
def test_the_publishers_token_is_let_through(header: str) -> None:
    assert is_publisher(header, [SHA256])
    assert is_publisher(header, [OTHER, SHA256])


@pytest.mark.parametrize(
    "header",
    ["", "secret", "Basic secret", "Bearer", "Bearer ", "Bearer Secret", f"Bearer {SHA256}"],
)
def test_anything_else_is_not(header: str) -> None:
    assert not is_publisher(header, [SHA256, OTHER])


def test_tokens_are_kept_by_name_and_a_hash_alone_is_the_first_ones() -> None:
    assert tokens_of(SHA256.upper()) == {"publisher": SHA256}
    tokens = {"publisher": SHA256, "cms": OTHER}
    assert tokens_of(text_of(tokens)) == tokens
