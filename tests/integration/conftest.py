"""The store on both roads to DynamoDB: calls made by the SDK, and calls made without it."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.exceptions import BotoCoreError

from circulation.aws.connection import Answer, Connection
from circulation.runtime import Container, container
from tests.conftest import EmptyResources

ENDPOINT = "http://dynamodb.eu-central-1.amazonaws.com"


class HookedConnection:
    """A connection that is answered by the hooks of the SDK's client, as the SDK's requests are.

    They are those of moto or of the tables in memory, and those that a test registers.
    """

    def __init__(self, *_: object) -> None:
        """It goes nowhere."""

    def exchange(self, request: bytes) -> Answer:
        head, _, body = request.partition(b"\r\n\r\n")
        _, *lines = head.decode().split("\r\n")
        headers = HTTPHeaders()
        for name, _, value in (line.partition(":") for line in lines):
            headers[name] = value
        operation = headers["x-amz-target"].partition(".")[2]
        prepared = AWSPreparedRequest("POST", f"{ENDPOINT}/", headers, body, stream_output=False)
        events: Any = container().client.meta.events
        try:
            answer = events.emit_until_response(
                f"before-send.dynamodb.{operation}", request=prepared
            )[1]
        except BotoCoreError as error:
            raise OSError(str(error)) from error
        return Answer(answer.status_code, answer.content, keeps_open=False)

    def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture(params=["sdk", "direct"])
def store(
    request: pytest.FixtureRequest,
    empty_resources: EmptyResources,  # noqa: ARG001  for which a test is marked
    monkeypatch: pytest.MonkeyPatch,
) -> Container:
    """The store, with every call made by the SDK to moto, and with the hot ones made without it.

    Those are answered by the tables in memory, so that what holds on one engine holds on both.
    """
    if request.param == "sdk":
        made: Container = request.getfixturevalue("store_on_moto")
        return made
    request.getfixturevalue("store_on_wire")
    monkeypatch.setenv("DIRECT_ENDPOINT", ENDPOINT)
    monkeypatch.setattr(Connection, "open", HookedConnection)
    container.cache_clear()
    return container()
