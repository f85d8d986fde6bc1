from collections.abc import Mapping
from datetime import datetime, timedelta

import boto3
import pytest

from circulation.store import Store
from circulation.store.tokens import KEEP
from circulation.tokens import sha256_of, text_of
from functions import authorize_publisher
from tests.builders import NOW, TOKEN, http_event


def allowed(header: str | None, at: datetime = NOW) -> bool:
    headers = {} if header is None else {"authorization": header}
    event = http_event("PUT /articles/{id}", headers=headers, at=at)
    return authorize_publisher.handler(event, None)["isAuthorized"]


def keep(tokens: Mapping[str, str]) -> None:
    boto3.client("ssm").put_parameter(
        Name="PublisherToken", Value=text_of(tokens), Type="String", Overwrite=True
    )


@pytest.mark.usefixtures("store")
def test_only_the_publishers_token_is_let_through() -> None:
    assert allowed(f"Bearer {TOKEN}") is True
    assert allowed("Bearer wrong") is False
    assert allowed(None) is False


def test_a_changed_token_is_known_after_five_minutes(store: Store) -> None:
    assert store.tokens.known(now=NOW) == {"publisher": sha256_of(TOKEN)}
    keep({"publisher": sha256_of("new")})
    assert allowed("Bearer new", NOW + KEEP - timedelta(seconds=1)) is False
    assert allowed("Bearer new", NOW + KEEP) is True


@pytest.mark.usefixtures("store")
def test_while_tokens_are_rotated_the_old_and_the_new_one_are_let_through() -> None:
    keep({"publisher": sha256_of(TOKEN), "cms": sha256_of("new")})
    assert allowed(f"Bearer {TOKEN}")
    assert allowed("Bearer new")
    keep({"cms": sha256_of("new")})
    assert not allowed(f"Bearer {TOKEN}", NOW + KEEP)
    assert allowed("Bearer new", NOW + KEEP)
