import hashlib
from datetime import datetime, timedelta

import boto3
import pytest

from circulation.store import Store
from circulation.store.tokens import KEEP
from functions import authorize_publisher
from tests.builders import NOW, TOKEN, http_event


def allowed(header: str | None, at: datetime = NOW) -> bool:
    headers = {} if header is None else {"authorization": header}
    event = http_event("PUT /articles/{id}", headers=headers, at=at)
    return authorize_publisher.handler(event, None)["isAuthorized"]


@pytest.mark.usefixtures("store")
def test_only_the_publishers_token_is_let_through() -> None:
    assert allowed(f"Bearer {TOKEN}") is True
    assert allowed("Bearer wrong") is False
    assert allowed(None) is False


def test_a_changed_token_is_known_after_five_minutes(store: Store) -> None:
    assert store.tokens.sha256(now=NOW) == hashlib.sha256(TOKEN.encode()).hexdigest()
    changed = hashlib.sha256(b"new").hexdigest()
    boto3.client("ssm").put_parameter(
        Name="PublisherToken", Value=changed, Type="String", Overwrite=True
    )
    assert allowed("Bearer new", NOW + KEEP - timedelta(seconds=1)) is False
    assert allowed("Bearer new", NOW + KEEP) is True
