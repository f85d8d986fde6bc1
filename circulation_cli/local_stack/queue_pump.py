"""The queue pump: does what an event source mapping does for SQS queues."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from circulation_cli.local_stack.function import Function, FunctionFailed
from circulation_cli.local_stack.queues import Message, Queues
from circulation_cli.local_stack.template import Properties, Template
from circulation_cli.local_stack.workers import Worker

POLL_SECONDS = 0.5
RETRY_SECONDS = 30.0
"""How long a message whose function failed waits for its next delivery."""


@dataclass(frozen=True, slots=True)
class Source:
    """A queue, the function that it invokes, and the queue of its dead letters."""

    queue: str
    function: Function
    max_receives: int
    dead_letters: str


class QueuePump:
    """Invokes a queue's function with each message, and deletes the message after a success.

    After a failure the message is delivered again, as often as the queue's redrive policy says.
    """

    def __init__(self, template: Template, queues: Queues, *, died: Callable[[str], None]) -> None:
        self._sources = [_source(template, *event) for event in template.active_events("SQS")]
        self._queues = queues
        self._not_before: dict[int, float] = {}
        self.worker = Worker("queue pump", self.run_round, died=died)

    def run_round(self) -> float:
        """Deliver the messages that are due; give the seconds until the next round."""
        now = time.monotonic()
        self._not_before = {id_: at for id_, at in self._not_before.items() if at > now}
        for source in self._sources:
            for message in self._queues.waiting(source.queue, but=self._not_before):
                if self.worker.is_stopping:
                    break
                self._deliver(message, source)
        return POLL_SECONDS

    def _deliver(self, message: Message, source: Source) -> None:
        record = {"messageId": f"{message.id}", "body": message.body}
        try:
            source.function.invoke({"Records": [record]})
        except FunctionFailed:
            self._not_before[message.id] = time.monotonic() + RETRY_SECONDS
            self._queues.record_failure(message, source.max_receives, source.dead_letters)
        else:
            self._queues.delete(message)


def _source(template: Template, function: str, mapping: Properties) -> Source:
    queue = mapping["Queue"]["Fn::GetAtt"][0]
    policy = template.resources("AWS::SQS::Queue")[queue]["RedrivePolicy"]
    return Source(
        queue,
        template.function(function),
        policy["maxReceiveCount"],
        policy["deadLetterTargetArn"]["Fn::GetAtt"][0],
    )
