"""The ping queue: feeds that changed, for the hub to be told, each until it is."""

import json
from collections.abc import Sequence
from functools import cache

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from circulation.errors import StoreUnavailable
from circulation.store.table import session

# A publisher waits for this, and can do without it: one short attempt.
_CONFIG = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})


class PingQueue:
    """Sends to the SQS queue that wakes PingHub."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = cache(lambda: session().create_client("sqs", config=_CONFIG))

    def send(self, feeds: Sequence[str]) -> None:
        """Queue the addresses of some feeds in one message. Raises StoreUnavailable.

        Whatever the queue has against it: nobody waits for an answer that says more.
        """
        try:
            self._client().send_message(
                QueueUrl=self._url, MessageBody=json.dumps({"feeds": list(feeds)})
            )
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable(str(error)) from error
