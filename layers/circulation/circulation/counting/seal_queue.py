"""The seal queue: portions of a day to seal, each delivered until it is sealed."""

import json
from collections.abc import Sequence
from functools import cache

from circulation.aws.table import client_of, passing_faults_as_unavailable


class SealQueue:
    """The SQS queue, by its URL, that invokes SealArticles."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = cache(lambda: client_of("sqs"))

    def send(self, day: str, articles: Sequence[str]) -> None:
        """Queue one portion, the ids of articles to seal for a day. Raises StoreUnavailable."""
        body = json.dumps({"day": day, "articles": list(articles)})
        with passing_faults_as_unavailable():
            self._client().send_message(QueueUrl=self._url, MessageBody=body)
