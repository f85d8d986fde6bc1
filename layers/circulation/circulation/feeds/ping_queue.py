"""The ping queue: addresses of changed feeds, each to be sent to the hub."""

import json
from collections.abc import Sequence
from functools import cache

from circulation.aws.sdk import CALL_ERRORS, client_of
from circulation.errors import StoreUnavailable

TIMEOUT = 1.0
"""Seconds. A publisher waits for this and can do without it, so there is only one attempt."""


class PingQueue:
    """Sends to the SQS queue that triggers PingHub."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = cache(lambda: client_of("sqs", attempts=1, timeout=TIMEOUT))

    def send(self, feeds: Sequence[str]) -> None:
        """Queue the addresses of feeds in one message. Raises StoreUnavailable for any failure."""
        try:
            self._client().send_message(
                QueueUrl=self._url, MessageBody=json.dumps({"feeds": list(feeds)})
            )
        except CALL_ERRORS as error:
            raise StoreUnavailable(str(error)) from error
