"""The digest queue: portions of the subscribers that are to be sent a digest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from circulation.aws.faults import passing_faults_as_unavailable
from circulation.aws.sdk import client_of
from circulation.mail.subscriber import Frequency

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DELAY = 900
"""Seconds that a message can wait before it is delivered (Amazon SQS: Delay queues)."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some subscribers of a bucket: those after a cursor, up to a last one if there is one."""

    frequency: Frequency
    date: str
    bucket: str
    after: str = ""
    """The id of the last subscriber of the portion before; empty at the bucket's start."""
    until: str = ""
    """Of a portion to reconcile, the id of its last subscriber; empty for one to send to."""

    @property
    def reconciles(self) -> bool:
        """Tell whether mails of which nobody knows are to be sent again, and no others."""
        return bool(self.until)


def read_portion(body: str) -> Portion:
    """Read a message. Raises ValueError, KeyError or TypeError for what is none."""
    fields = json.loads(body)
    return Portion(**{**fields, "frequency": Frequency(fields["frequency"])})


class DigestQueue:
    """The SQS queue, by its URL, that invokes SendDigest."""

    def __init__(self, url: str, make_client: Callable[[], Any] | None = None) -> None:
        """Make_client gives the client of SQS; None stands for the process's own."""
        self._url = url
        self._client = cache(make_client or (lambda: client_of("sqs")))

    def send(self, portion: Portion, *, delay: int = 0) -> None:
        """Queue a portion, to be delivered after some seconds. Raises StoreUnavailable."""
        with passing_faults_as_unavailable():
            self._client().send_message(
                QueueUrl=self._url, MessageBody=json.dumps(asdict(portion)), DelaySeconds=delay
            )
