"""Our own client over a connection that answers at once, as a hook answers the SDK's requests."""

import time
from typing import Any

from circulation.aws.connection import Answer
from circulation.aws.direct_client import DirectClient

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "access",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class _Answered:
    """Takes a request that is made and signed, and gives the one answer after a time."""

    def __init__(self, body: bytes, latency: float) -> None:
        self._answer = Answer(200, body, keeps_open=True)
        self._latency = latency

    def is_closed(self) -> bool:
        return False

    def exchange(self, _request: bytes) -> Answer:
        if self._latency:
            time.sleep(self._latency)
        return self._answer


def answered_directly(body: bytes, latency: float = 0) -> Any:  # noqa: ANN401  in botocore's place
    """Give a client without the SDK; latency is the seconds that each call takes."""

    def no_sdk() -> Any:  # noqa: ANN401
        raise AssertionError("every answer is plain")

    def opened(*_: object) -> Any:  # noqa: ANN401
        return _Answered(body, latency)

    endpoint = "http://dynamodb.us-east-1.amazonaws.com"
    return DirectClient(endpoint, ENVIRONMENT, no_sdk, open_connection=opened)
