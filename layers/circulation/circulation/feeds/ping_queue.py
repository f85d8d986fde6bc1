"""The ping queue: feeds that changed, for the hub to be told, each until it is."""

import json
from collections.abc import Sequence
from functools import cache

from circulation.aws.table import CALL_ERRORS, client_of
from circulation.errors import StoreUnavailable

TIMEOUT = 1.0
"""Seconds: a publisher waits for this, and can do without it, so that there is one attempt."""


class PingQueue:
    """Sends to the SQS queue that wakes PingHub."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = cache(lambda: client_of("sqs", attempts=1, timeout=TIMEOUT))

    def send(self, feeds: Sequence[str]) -> None:
        """Queue the addresses of some feeds in one message. Raises StoreUnavailable.

        Whatever the queue has against it: nobody waits for an answer that says more.
        """
        try:
            self._client().send_message(
                QueueUrl=self._url, MessageBody=json.dumps({"feeds": list(feeds)})
            )
        except CALL_ERRORS as error:
            raise StoreUnavailable(str(error)) from error
