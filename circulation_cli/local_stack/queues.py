"""The template's SQS queues, in the stack's own database.

Functions send with botocore, as on AWS; its requests are answered here and not by the network.
"""

import hashlib
import json
import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from circulation_cli.local_stack.state import State
from circulation_cli.local_stack.template import Template

URL = "http://queues.invalid/"
"""The prefix of queue URLs; .invalid (RFC 2606) never resolves."""

Json = dict[str, Any]


def queue_urls(template: Template) -> dict[str, str]:
    """Give the URL of each of the template's queues, by its name."""
    return {name: f"{URL}{name}" for name in template.resources("AWS::SQS::Queue")}


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a queue, and how often its function has failed."""

    id: int
    queue: str
    body: str
    failures: int


class Queues:
    """Messages by the queue's name; each is kept until it is deleted."""

    def __init__(self, state: State, clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._clock = clock

    def answer(self, session: botocore.session.Session) -> None:
        """Answer the session's SQS requests here (botocore's event before-send)."""
        session.register("before-send.sqs", self._answer_request)

    def send(self, queue: str, body: str, *, delay: float = 0) -> int:
        """Store a message and give its id; it is on disk then, and delivered after the delay."""
        with self._state.transaction() as database:
            sent = database.execute(
                "INSERT INTO messages (queue, body) VALUES (?, ?)", [queue, body]
            )
            if delay:
                due = self._clock() + delay
                database.execute("INSERT INTO delays VALUES (?, ?)", [sent.lastrowid, due])
            assert sent.lastrowid  # noqa: S101  an insertion has one
            return sent.lastrowid

    def waiting(self, queue: str, but: Container[int] = ()) -> list[Message]:
        """Give the messages of a queue that are due, the oldest first, without the ids in but."""
        with self._state.transaction() as database:
            rows = database.execute(
                "SELECT id, queue, body, failures FROM messages "
                "WHERE queue = ? AND id NOT IN (SELECT message FROM delays WHERE not_before > ?) "
                "ORDER BY id",
                [queue, self._clock()],
            ).fetchall()
        return [Message(*row) for row in rows if row[0] not in but]

    def delete(self, message: Message) -> None:
        """Delete a message."""
        with self._state.transaction() as database:
            database.execute("DELETE FROM messages WHERE id = ?", [message.id])
            database.execute("DELETE FROM delays WHERE message = ?", [message.id])

    def record_failure(self, message: Message, attempts: int, dead_letters: str) -> None:
        """Count a message's failure; after so many attempts it goes to the queue dead_letters."""
        failures = message.failures + 1
        queue = message.queue if failures < attempts else dead_letters
        with self._state.transaction() as database:
            database.execute(
                "UPDATE messages SET queue = ?, failures = ? WHERE id = ?",
                [queue, failures, message.id],
            )

    def _answer_request(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Answer a request of SQS's JSON protocol (API_SendMessage, API_SendMessageBatch)."""
        action = _text(request.headers["X-Amz-Target"]).removeprefix("AmazonSQS.")
        content = json.loads(request.body or b"{}")
        queue = content["QueueUrl"].removeprefix(URL)
        match action:
            case "SendMessage":
                delay = content.get("DelaySeconds", 0)
                answer = self._store(queue, content["MessageBody"], delay)
            case "SendMessageBatch":
                entries = [
                    {"Id": entry["Id"]} | self._store(queue, entry["MessageBody"])
                    for entry in content["Entries"]
                ]
                answer = {"Successful": entries, "Failed": []}
            case _:
                raise NotImplementedError(f"the local stack's queues know no {action}")
        return AWSResponse(request.url, 200, {}, _Raw(json.dumps(answer).encode()))

    def _store(self, queue: str, body: str, delay: float = 0) -> Json:
        digest = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
        return {"MessageId": f"{self.send(queue, body, delay=delay)}", "MD5OfMessageBody": digest}


class _Raw:
    """The body of a response, with the method of urllib3's that botocore reads it by."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
