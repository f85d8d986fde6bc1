"""The seal queue: what is to be sealed of a day, each job delivered until it is done."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache

from circulation.aws.faults import passing_faults_as_unavailable
from circulation.aws.sdk import client_of


@dataclass(frozen=True, slots=True)
class PortionJob:
    """Articles to seal for a day."""

    day: str
    articles: Sequence[str]


@dataclass(frozen=True, slots=True)
class PartitionJob:
    """One of the 16 ledger partitions of an article's day to recount, from where that stopped."""

    day: str
    article: str
    partition: str
    """A hex digit."""


def read_job(body: str) -> PortionJob | PartitionJob:
    """Read a message. Raises ValueError or TypeError for what is none."""
    fields = json.loads(body)
    return PartitionJob(**fields) if "partition" in fields else PortionJob(**fields)


class SealQueue:
    """The SQS queue, by its URL, that invokes SealArticles."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = cache(lambda: client_of("sqs"))

    def send(self, day: str, articles: Sequence[str]) -> None:
        """Queue one portion, the ids of articles to seal for a day. Raises StoreUnavailable."""
        self._send(PortionJob(day, list(articles)))

    def send_partition(self, job: PartitionJob) -> None:
        """Queue a partition to recount. Raises StoreUnavailable."""
        self._send(job)

    def _send(self, job: PortionJob | PartitionJob) -> None:
        with passing_faults_as_unavailable():
            self._client().send_message(QueueUrl=self._url, MessageBody=json.dumps(asdict(job)))
