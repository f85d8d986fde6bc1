"""The requests of calls without the SDK are those that the SDK sends."""

import json
import string
from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulation.aws.connection import Answer
from circulation.aws.direct_client import DirectClient
from circulation.aws.sdk import make_session
from circulation.aws.table import Change, Table

ANSWER = b'{"Items":[],"Responses":{"T":[]},"UnprocessedKeys":{}}'
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
OWN = {"authorization", "content-length", "x-amz-date", "accept-encoding", "host", "user-agent"}
"""The headers that depend on the moment and on how the body is spelt, or are the connection's."""

TEXTS = st.text(max_size=20)
VALUES = (
    st.recursive(
        TEXTS | st.integers() | st.booleans() | st.binary(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=6,
    )
    | st.sets(TEXTS, min_size=1)
    | st.sets(st.binary(max_size=9), min_size=1)
)
KEYS = st.fixed_dictionaries({"pk": TEXTS, "sk": TEXTS})
NAMES = st.text(string.ascii_letters, min_size=1, max_size=5)


class Body:
    """What the SDK reads an answer from."""

    def stream(self) -> list[bytes]:
        return [ANSWER]


class Roads:
    """A table on each road, and the last request of each: its headers and its body."""

    def __init__(self) -> None:
        session = make_session()
        session.set_credentials("key", "secret", "token")
        client = session.create_client("dynamodb", "eu-central-1")
        client.meta.events.register("before-send.dynamodb", self._note_sdk)
        endpoint = "http://dynamodb.eu-central-1.amazonaws.com"
        self.by_sdk = Table(client, "T")
        opened: Any = lambda *_: self  # noqa: E731
        direct: Any = DirectClient(endpoint, ENVIRONMENT, lambda: client, open_connection=opened)
        self.direct = Table(direct, "T")
        self.sent: list[tuple[dict[str, str], Any]] = []

    def _note_sdk(self, request: Any, **_: object) -> AWSResponse:
        headers = {
            name.lower(): value if isinstance(value, str) else value.decode()
            for name, value in request.headers.items()
        }
        self._note(headers, request.body)
        return AWSResponse(request.url, 200, {}, Body())

    def exchange(self, request: bytes) -> Answer:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")[1:]
        self._note(dict(line.split(":", 1) for line in lines), body)
        return Answer(200, ANSWER, keeps_open=False)

    def close(self) -> None:
        """There is nothing to close."""

    def _note(self, headers: dict[str, str], body: bytes) -> None:
        left = {name: value for name, value in headers.items() if name not in OWN}
        self.sent.append((left, json.loads(body)))

    def compare(self, call: Callable[[Table], Any]) -> None:
        self.sent.clear()
        call(self.by_sdk)
        call(self.direct)
        theirs, ours = self.sent
        assert ours == theirs


@pytest.fixture
def roads() -> Roads:
    return Roads()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=KEYS,
    keys=st.lists(KEYS, min_size=1, max_size=5),
    values=st.dictionaries(NAMES, VALUES, min_size=1, max_size=4),
    consistent=st.booleans(),
    limit=st.none() | st.integers(1, 9),
    only=st.lists(NAMES, unique=True, max_size=3),
)
def test_a_request_is_the_one_that_the_sdk_makes(
    roads: Roads,
    key: dict[str, str],
    keys: list[dict[str, str]],
    values: dict[str, Any],
    consistent: bool,
    limit: int | None,
    only: list[str],
) -> None:
    roads.compare(lambda table: table.get(key, consistent=consistent))
    roads.compare(lambda table: list(table.get_many(keys, consistent=consistent)))
    roads.compare(lambda table: table.update(key, Change.setting(values, condition="#a = :b")))
    roads.compare(
        lambda table: list(
            table.query(key["pk"], after=key["sk"], limit=limit, only=only, consistent=consistent)
        )
    )
