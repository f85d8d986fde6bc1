"""The letter queue: single mails that somebody asked for on a page."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from circulation.aws.faults import passing_faults_as_unavailable
from circulation.aws.sdk import client_of


class LetterQueue:
    """The SQS queue, by its URL, that invokes SendLetter."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = cache(lambda: client_of("sqs"))

    def send(self, kind: str, letter: Mapping[str, Any]) -> None:
        """Queue one letter; kind says what is to be done with it. Raises StoreUnavailable."""
        body = json.dumps({kind: letter})
        with passing_faults_as_unavailable():
            self._client().send_message(QueueUrl=self._url, MessageBody=body)
