"""The mail server: speaks SES v2's SendEmail on this machine, and sends nothing anywhere.

What it accepts is in the outbox, and the events go to a queue, as SES's do over SNS (raw delivery).
No web page can use it. A page's request has an Origin; one of a page whose own host name leads here
(DNS rebinding) has that name as its Host; and what AWS clients sign, no form or image can send.
"""

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any

from circulation_cli.local_stack.mail_events import events_of
from circulation_cli.local_stack.mail_parts import MailParts, read_headers
from circulation_cli.local_stack.outbox import Envelope, Event, Mail, Outbox
from circulation_cli.local_stack.queues import Queues
from circulation_cli.local_stack.send_request import (
    MAX_RAW,
    PATH,
    Refusal,
    RequestRefused,
    SendRequest,
    read_request,
)
from circulation_cli.local_stack.workers import Worker

POLL_SECONDS = 0.2
"""How long a round waits for a request; events are published between rounds."""
CONNECTION_SECONDS = 10
"""How long a client may take for its request."""
MAX_BODY = 2 * MAX_RAW
SIGNATURE = "AWS4-HMAC-SHA256 "
"""How the Authorization header of a signed request begins (Signature Version 4)."""

_log = logging.getLogger(__name__)


class Lost(Enum):
    """What of an exchange is lost: the connection is closed without a response."""

    REQUEST = "before the mail is accepted"
    ANSWER = "after the mail was accepted"


@dataclass(frozen=True, slots=True)
class Fault:
    """How the service fails a request, or an accepted mail's events; by default it does not."""

    refusal: Refusal | None = None
    """The error that is answered; nothing is accepted then."""
    lost: Lost | None = None
    copies: int = 1
    """How often each event is published."""
    delay: timedelta = timedelta()
    """How long the events are held back."""
    missing: frozenset[str] = field(default_factory=frozenset)
    """The kinds of events that are never published, such as Send."""


NO_FAULT = Fault()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response."""

    status: HTTPStatus
    content: Mapping[str, str]
    """The JSON object in its body."""
    error: str = ""
    """The exception's name for a refusal."""


Reply = Answer | None
"""None: the connection is closed without a response."""


class MailServer:
    """Answers at a port of its own, accepts mails into the outbox and publishes their events.

    Faults says how each request fails, and is asked once for each.
    """

    def __init__(  # noqa: PLR0913  its parts, its clock and its chance
        self,
        outbox: Outbox,
        queues: Queues,
        queue: str,
        *,
        now: Callable[[], datetime],
        died: Callable[[str], None],
        new_id: Callable[[], str] = lambda: f"{uuid.uuid4()}-000000",
        faults: Callable[[SendRequest], Fault] = lambda _: NO_FAULT,
    ) -> None:
        self._outbox = outbox
        self._queues = queues
        self._queue = queue
        self._now = now
        self._new_id = new_id
        self._faults = faults
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self._answer))
        self._server.timeout = POLL_SECONDS
        self._host = f"127.0.0.1:{self._server.server_address[1]}"
        self.worker = Worker("mail server", self.run_round, died=died)

    @property
    def url(self) -> str:
        """The endpoint for AWS clients."""
        return f"http://{self._host}"

    def run_round(self) -> float:
        """Publish the events that are due and take a request if there is one; wait no further."""
        self._publish_events()
        self._server.handle_request()
        return 0

    def close(self) -> None:
        """Finish the requests under way and close the port."""
        self._server.server_close()

    def _publish_events(self) -> None:
        """Put the events that are due into the queue.

        If the process ends between the queue and the note, an event comes twice, as SNS says
        that it may.
        """
        now = self._now()
        for event in self._outbox.due_events(now):
            self._queues.send(self._queue, event.body)
            self._outbox.note_published(event, now)

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        try:
            self._check(method, path, headers)
            request = read_request(body)
        except RequestRefused as refused:
            return _refuse(refused.refusal)
        fault = self._faults(request)
        if fault.refusal:
            return _refuse(fault.refusal)
        if fault.lost is Lost.REQUEST:
            return None
        mail_id = self._accept(request, fault)
        return None if fault.lost is Lost.ANSWER else Answer(HTTPStatus.OK, {"MessageId": mail_id})

    def _check(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Refuse a request of a web page, and what is no SendEmail. Raises RequestRefused."""
        if headers.get("host") != self._host:
            raise _refused(HTTPStatus.MISDIRECTED_REQUEST, "AccessDenied", "Another host's name.")
        if "origin" in headers:
            raise _refused(HTTPStatus.FORBIDDEN, "AccessDenied", "Web pages may not send mail.")
        if not headers.get("authorization", "").startswith(SIGNATURE):
            raise _refused(
                HTTPStatus.FORBIDDEN, "MissingAuthenticationToken", "The request is not signed."
            )
        if (method, path) != ("POST", PATH):
            raise _refused(
                HTTPStatus.NOT_FOUND,
                "UnknownOperationException",
                f"the local stack's mail server knows no {method} {path}",
            )

    def _accept(self, request: SendRequest, fault: Fault) -> str:
        """Store a mail with its events, and give its message id."""
        subject = MailParts(read_headers(request.raw)).header("Subject")
        envelope = Envelope(
            self._new_id(),
            self._now(),
            request.sender,
            request.recipient,
            subject,
            request.configuration_set,
            request.tags,
        )
        mail = Mail(envelope, request.raw)
        self._outbox.add(mail, _faulty(events_of(mail, fault.delay), fault))
        return envelope.id


def _faulty(events: list[Event], fault: Fault) -> list[Event]:
    published = [event for event in events if event.kind not in fault.missing]
    return [event for event in published for _ in range(fault.copies)]


def _refuse(refusal: Refusal) -> Answer:
    return Answer(refusal.status, {"message": refusal.message}, refusal.code)


def _refused(status: HTTPStatus, code: str, message: str) -> RequestRefused:
    return RequestRefused(Refusal(status, code, message))


class _Server(ThreadingTCPServer):
    """A thread for each connection; http.server's own would ask DNS for this machine's name."""

    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    """One connection, which has one request (HTTP/1.0), so that none outlives its answer."""

    timeout = CONNECTION_SECONDS

    def __init__(self, answer: Callable[..., Reply], *connection: Any) -> None:  # noqa: ANN401  socketserver's own
        self._answer = answer
        super().__init__(*connection)

    def do_POST(self) -> None:
        """Answer a request, or close the connection."""
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self._answer(self.command, self.path, headers, self.rfile.read(int(length)))
        if answer:
            self._write(answer)

    # What botocore asks beside SendEmail gets an error of SES's form, too.
    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815  http.server's names

    def _write(self, answer: Answer) -> None:
        content = json.dumps(dict(answer.content)).encode()
        self.send_response(answer.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", f"{len(content)}")
        self.send_header("x-amzn-requestid", f"{uuid.uuid4()}")
        if answer.error:
            self.send_header("x-amzn-errortype", answer.error)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002  http.server's name
        """Log nothing of what succeeds, like the gateway."""
        _log.debug(format, *values)
