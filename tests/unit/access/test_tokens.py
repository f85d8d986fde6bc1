import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.access.tokens import Scope, Token, find_matching, is_name, sha256_of
from tests.builders import NOW

LETTERS = string.ascii_lowercase + string.digits


def token(secret: str) -> Token:
    return Token(secret, sha256_of(secret), frozenset(Scope), NOW)


@given(st.text(LETTERS, min_size=1, max_size=1), st.text(LETTERS + "-", max_size=29))
def test_a_name_is_letters_digits_and_hyphens(first: str, rest: str) -> None:
    assert is_name(first + rest)


@pytest.mark.parametrize(
    "text", ["", "-a", "a" * 31, "A", "ə", "٣", "a b", "a\n", "a#b", "a/b", "a\x1b[0m", "a_b"]
)
def test_anything_else_is_no_name(text: str) -> None:
    assert not is_name(text)


@given(st.sets(st.text(max_size=8), max_size=8), st.text(max_size=8))
def test_a_token_matches_itself_and_no_other(secrets: set[str], asked: str) -> None:
    found = find_matching(sha256_of(asked), map(token, sorted(secrets)))
    assert (found.name if found else None) == (asked if asked in secrets else None)


def test_every_token_is_compared_whichever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return one == other

    monkeypatch.setattr("circulation.access.tokens.hmac.compare_digest", compare)
    for secret in ("a", "b", "c", "none"):
        compared.clear()
        find_matching(sha256_of(secret), [token("a"), token("b"), token("c")])
        assert len(compared) == 3
