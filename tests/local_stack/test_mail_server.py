import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from circulation_cli.local_stack import mail_server
from circulation_cli.local_stack.mail_server import NO_FAULT, Fault, Lost, MailServer
from circulation_cli.local_stack.outbox import Outbox
from circulation_cli.local_stack.queues import Queues
from circulation_cli.local_stack.send_request import (
    DOMAIN_UNVERIFIED,
    FAILURE,
    MAX_RAW,
    PATH,
    PAUSED,
    QUOTA_SPENT,
    REJECTED,
    THROTTLED,
    UNAVAILABLE,
    Refusal,
    SendRequest,
)
from circulation_cli.local_stack.state import State
from tests.end_to_end.stack import wait_for
from tests.local_stack.machine import START, Machine

QUEUE = "MailEventQueue"
SENDER = '"The Daily Example" <news@news.example>'
SIGNED = {"authorization": "AWS4-HMAC-SHA256 Credential=local"}


class Service:
    """The mail server on a state, and a client as the functions make it."""

    def __init__(self, state: State, machine: Machine) -> None:
        self.machine = machine
        self.fault: Fault = NO_FAULT
        self.asked: list[SendRequest] = []
        self.outbox = Outbox(state)
        self.queues = Queues(state)
        ids = count(1)
        self.server = MailServer(
            self.outbox,
            self.queues,
            QUEUE,
            now=lambda: machine.wall,
            died=pytest.fail,
            new_id=lambda: f"mail-{next(ids)}",
            faults=self._next_fault,
        )
        self.client = client_of(self.server.url)

    def _next_fault(self, request: SendRequest) -> Fault:
        self.asked.append(request)
        return self.fault

    def send(self, recipient: str = "reader@mail.example", **changes: Any) -> str:
        request = request_to(recipient) | changes
        present = {name: value for name, value in request.items() if value is not None}
        mail_id: str = self.client.send_email(**present)["MessageId"]
        return mail_id

    def events(self) -> list[dict[str, Any]]:
        """Give the published events, once all that are due are."""
        wait_for(lambda: self.outbox.due_events(self.machine.wall), [])
        return [json.loads(message.body) for message in self.queues.waiting(QUEUE)]

    def kinds(self) -> list[str]:
        return [event["eventType"] for event in self.events()]

    def stop(self) -> None:
        self.server.worker.stop()
        self.server.close()

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, str]:
        """Send a request as no AWS client does; give the status and the error."""
        connection = HTTPConnection("127.0.0.1", int(self.server.url.rpartition(":")[2]), 10)
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("x-amzn-errortype", "")


SESSION = boto3.session.Session()
"""What has read botocore's description of the service, which takes long."""


def client_of(url: str) -> Any:
    return SESSION.client(
        "sesv2",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=10),
    )


def mail_to(recipient: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = SENDER, recipient
    message["Subject"] = "Şəhər: the harbour clock keeps time again"
    message.set_content("Şəhər\n")
    message.add_alternative("<p>Şəhər</p>", subtype="html")
    message.set_boundary("boundary")
    return message.as_bytes()


def request_to(recipient: str) -> dict[str, Any]:
    return {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": [recipient]},
        "Content": {"Raw": {"Data": mail_to(recipient)}},
        "ConfigurationSetName": "Mails",
        "EmailTags": [
            {"Name": "d", "Value": "daily-2026-11-27"},
            {"Name": "s", "Value": "0a" * 16},
        ],
    }


@pytest.fixture
def service(state: State, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(mail_server, "POLL_SECONDS", 0.01)
    service = Service(state, machine)
    service.server.worker.start()
    yield service
    service.stop()


def refused(service: Service, **changes: Any) -> Any:
    with pytest.raises(ClientError) as raised:
        service.send(**changes)
    return raised.value.response


def test_an_accepted_mail_is_in_the_outbox_byte_for_byte(service: Service) -> None:
    mail_id = service.send()
    mail = service.outbox.read(mail_id)
    assert mail
    assert mail.raw == mail_to("reader@mail.example")
    envelope = mail.envelope
    assert (envelope.accepted, envelope.sender) == (START, SENDER)
    assert envelope.recipient == "reader@mail.example"
    assert envelope.subject == "Şəhər: the harbour clock keeps time again"
    assert envelope.tags == {"d": "daily-2026-11-27", "s": "0a" * 16}
    assert service.outbox.newest(10) == [envelope]


def test_every_byte_that_a_mail_may_have_is_stored_as_it_is(service: Service) -> None:
    raw = b"From: a\n\n" + bytes(range(256)) + b"\r\n.\r\n"
    mail = service.outbox.read(service.send(Content={"Raw": {"Data": raw}}))
    assert mail
    assert mail.raw == raw


def test_the_message_id_is_a_new_one_each_time(state: State, machine: Machine) -> None:
    server = MailServer(
        Outbox(state), Queues(state), QUEUE, now=lambda: machine.wall, died=pytest.fail
    )
    server.worker.start()
    try:
        client = client_of(server.url)
        sent = {client.send_email(**request_to("a@b.example"))["MessageId"] for _ in range(3)}
    finally:
        server.worker.stop()
        server.close()
    assert len(sent) == 3


def test_an_event_has_the_fields_that_ses_publishes(service: Service) -> None:
    mail_id = service.send("Reader <reader@mail.example>")
    send, delivery = service.events()
    assert (send["eventType"], send["send"]) == ("Send", {})
    mail = send["mail"]
    assert mail == delivery["mail"]
    assert mail["messageId"] == mail_id
    assert mail["timestamp"] == "2026-03-14T23:50:00.000Z"
    assert mail["source"] == SENDER
    assert mail["destination"] == ["Reader <reader@mail.example>"]
    assert mail["commonHeaders"] == {
        "from": [SENDER],
        "to": ["Reader <reader@mail.example>"],
        "subject": "Şəhər: the harbour clock keeps time again",
        "messageId": mail_id,
    }
    assert {"name": "MIME-Version", "value": "1.0"} in mail["headers"]
    assert mail["tags"]["d"] == ["daily-2026-11-27"]
    assert mail["tags"]["s"] == ["0a" * 16]
    assert mail["tags"]["ses:configuration-set"] == ["Mails"]
    assert mail["tags"]["ses:from-domain"] == ["news.example"]
    assert delivery["delivery"]["recipients"] == ["reader@mail.example"]


@pytest.mark.parametrize("label", ["", "+label", "+a+b"])
@pytest.mark.parametrize(
    ("mailbox", "kinds"),
    [
        ("success", ["Send", "Delivery"]),
        ("bounce", ["Send", "Bounce"]),
        ("suppressionlist", ["Send", "Bounce"]),
        ("complaint", ["Send", "Delivery", "Complaint"]),
        ("ooto", ["Send", "Delivery", "Bounce"]),
        ("Bounce", ["Send", "Bounce"]),
        ("anybody", ["Send", "Delivery"]),
    ],
)
def test_the_recipient_decides_what_becomes_of_a_mail(
    service: Service, mailbox: str, label: str, kinds: list[str]
) -> None:
    service.send(f"{mailbox}{label}@simulator.amazonses.com")
    assert service.kinds() == kinds


def test_only_mailboxes_of_the_simulator_bounce(service: Service) -> None:
    service.send("bounce@news.example")
    service.send("bounce@simulator.amazonses.com.news.example")
    assert service.kinds() == ["Send", "Delivery"] * 2


@pytest.mark.parametrize(
    ("mailbox", "bounce_type", "diagnosis"),
    [
        ("bounce", "Permanent", "user unknown"),
        ("suppressionlist", "Permanent", "suppressed"),
        ("ooto", "Transient", ""),
    ],
)
def test_a_bounce_says_of_what_kind_it_is(
    service: Service, mailbox: str, bounce_type: str, diagnosis: str
) -> None:
    address = f"{mailbox}@simulator.amazonses.com"
    service.send(address)
    bounce = service.events()[-1]["bounce"]
    assert (bounce["bounceType"], bounce["bounceSubType"]) == (bounce_type, "General")
    (recipient,) = bounce["bouncedRecipients"]
    assert recipient["emailAddress"] == address
    assert diagnosis in recipient.get("diagnosticCode", "")


def test_a_complaint_names_who_complains(service: Service) -> None:
    service.send("complaint@simulator.amazonses.com")
    complaint = service.events()[-1]["complaint"]
    assert complaint["complaintFeedbackType"] == "abuse"
    assert complaint["complainedRecipients"] == [
        {"emailAddress": "complaint@simulator.amazonses.com"}
    ]


def test_without_a_configuration_set_there_are_no_events(service: Service) -> None:
    mail_id = service.send(ConfigurationSetName=None)
    assert service.outbox.read(mail_id)
    assert service.events() == []


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (THROTTLED, 429, "TooManyRequestsException"),
        (QUOTA_SPENT, 400, "LimitExceededException"),
        (PAUSED, 400, "SendingPausedException"),
        (REJECTED, 400, "MessageRejected"),
        (DOMAIN_UNVERIFIED, 400, "MailFromDomainNotVerifiedException"),
        (FAILURE, 500, "InternalFailure"),
        (UNAVAILABLE, 503, "ServiceUnavailable"),
    ],
)
def test_a_refused_mail_is_in_no_outbox(
    service: Service, refusal: Refusal, status: int, code: str
) -> None:
    service.fault = Fault(refusal=refusal)
    response = refused(service)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert response["Error"] == {"Code": code, "Message": refusal.message}
    assert service.outbox.count() == 0
    assert service.events() == []


@pytest.mark.parametrize("refusal", [THROTTLED, QUOTA_SPENT, PAUSED, REJECTED, DOMAIN_UNVERIFIED])
def test_what_ses_says_is_known_to_botocore_as_an_error_of_send_email(
    service: Service, refusal: Refusal
) -> None:
    model = service.client.meta.service_model
    errors = model.operation_model("SendEmail").error_shapes
    assert refusal.code in {shape.name for shape in errors}
    (shape,) = [shape for shape in errors if shape.name == refusal.code]
    assert shape.metadata["error"]["httpStatusCode"] == refusal.status


def test_an_answer_can_be_lost_before_the_mail_is_accepted(service: Service) -> None:
    service.fault = Fault(lost=Lost.REQUEST)
    with pytest.raises(ConnectionClosedError):
        service.send()
    assert len(service.asked) == 1
    assert service.outbox.count() == 0


def test_an_answer_can_be_lost_after_the_mail_was_accepted(service: Service) -> None:
    service.fault = Fault(lost=Lost.ANSWER)
    with pytest.raises(ConnectionClosedError):
        service.send()
    assert len(service.asked) == 1
    assert service.outbox.count() == 1
    assert service.kinds() == ["Send", "Delivery"]


def test_events_can_come_twice(service: Service) -> None:
    service.fault = Fault(copies=2)
    service.send()
    assert service.kinds() == ["Send", "Send", "Delivery", "Delivery"]


def test_events_can_be_missing(service: Service) -> None:
    service.fault = Fault(missing=frozenset({"Send"}))
    service.send("complaint@simulator.amazonses.com")
    assert service.kinds() == ["Delivery", "Complaint"]


def test_events_can_be_late(service: Service, machine: Machine) -> None:
    service.fault = Fault(delay=timedelta(minutes=15))
    service.send("late@mail.example")
    service.fault = NO_FAULT
    machine.pass_time(timedelta(minutes=14))
    service.send("in-time@mail.example")
    recipients = [event["mail"]["destination"] for event in service.events()]
    assert recipients == [["in-time@mail.example"]] * 2
    machine.pass_time(timedelta(minutes=1))
    assert service.kinds() == ["Send", "Delivery"] * 2


def test_each_request_has_a_fault_of_its_own(service: Service) -> None:
    for fault in (Fault(refusal=THROTTLED), NO_FAULT, Fault(refusal=FAILURE), NO_FAULT):
        service.fault = fault
        with suppress(ClientError):
            service.send()
    assert service.outbox.count() == 2
    assert len(service.asked) == 4


TAG = {"Name": "d", "Value": "x"}


@pytest.mark.parametrize(
    "change",
    [
        {"Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}},
        {"Content": {"Template": {"TemplateName": "t"}}},
        {"Content": {}},
        {"Content": {"Raw": {"Data": b"Subject: long\r\n\r\n" + b"x" * 999 + b"\r\n"}}},
        {"FromEmailAddress": None},
        {"FromEmailAddress": "nobody"},
        {"FromEmailAddress": "news@"},
        {"FromEmailAddress": "Şəhər <news@news.example>"},
        {"Destination": {}},
        {"Destination": {"ToAddresses": []}},
        {"Destination": {"ToAddresses": ["a@b.example", "c@d.example"]}},
        {"Destination": {"ToAddresses": ["a@b.example"], "BccAddresses": ["c@d.example"]}},
        {"Destination": {"CcAddresses": ["c@d.example"]}},
        {"Destination": {"ToAddresses": ["ə@b.example"]}},
        {"Destination": {"ToAddresses": ["a@şəhər.example"]}},
        {"Destination": {"ToAddresses": ["a@b.example\r\nBcc: c@d.example"]}},
        {"EmailTags": [{"Name": "d", "Value": "a b"}]},
        {"EmailTags": [{"Name": "d", "Value": ""}]},
        {"EmailTags": [TAG] * 51},
    ],
)
def test_what_is_not_served_is_refused_and_not_sent(
    service: Service, change: dict[str, Any]
) -> None:
    response = refused(service, **change)
    assert response["Error"]["Code"] == "BadRequestException"
    assert response["Error"]["Message"]
    assert service.outbox.count() == 0


@pytest.mark.parametrize("size", [0, MAX_RAW + 1])
def test_a_mail_of_no_bytes_or_too_many_is_rejected(service: Service, size: int) -> None:
    raw = (b"x" * 997 + b"\n") * (size // 998 + 1)
    assert refused(service, Content={"Raw": {"Data": raw[:size]}})["Error"]["Code"] == (
        "MessageRejected"
    )


GOOD = {
    "FromEmailAddress": SENDER,
    "Destination": {"ToAddresses": ["a@b.example"]},
    "Content": {"Raw": {"Data": "YQ=="}},
}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'"text"', b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(service: Service, body: bytes) -> None:
    assert service.ask("POST", PATH, SIGNED, body) == (400, "SerializationException")


@pytest.mark.parametrize(
    "change",
    [
        {"FromEmailAddress": 1},
        {"Destination": []},
        {"Destination": {"ToAddresses": "a@b.example"}},
        {"Destination": {"ToAddresses": [1]}},
        {"Content": []},
        {"Content": {"Raw": 1}},
        {"Content": {"Raw": {"Data": 1}}},
        {"Content": {"Raw": {"Data": "%"}}},
        {"Content": {"Raw": {"Data": "\u0259"}}},
        {"EmailTags": {"a": 1}},
        {"EmailTags": [1]},
        {"EmailTags": [{"Name": "a"}]},
        {"ConfigurationSetName": 1},
    ],
)
def test_a_body_that_no_aws_client_sends_is_refused(
    service: Service, change: dict[str, Any]
) -> None:
    body = json.dumps(GOOD | change).encode()
    assert service.ask("POST", PATH, SIGNED, body) == (400, "BadRequestException")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", PATH), ("PUT", PATH), ("POST", "/"), ("GET", "/"), ("DELETE", "/v2/email/identities")],
)
def test_nothing_but_send_email_is_known(service: Service, method: str, path: str) -> None:
    assert service.ask(method, path, SIGNED) == (404, "UnknownOperationException")


def test_an_operation_of_ses_that_is_not_served_says_so_to_botocore(service: Service) -> None:
    with pytest.raises(ClientError, match="knows no GET /v2/email/account"):
        service.client.get_account()


BODY = json.dumps(GOOD).encode()


def test_the_body_of_the_refused_requests_is_a_good_one(service: Service) -> None:
    assert service.ask("POST", PATH, SIGNED, BODY) == (200, "")
    assert service.outbox.count() == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"authorization": "Basic bG9jYWw="}, 403),
        ({"authorization": "Bearer t"}, 403),
        (SIGNED | {"origin": "https://evil.example"}, 403),
        (SIGNED | {"origin": "null"}, 403),
        (SIGNED | {"origin": "http://127.0.0.1:8080"}, 403),
        (SIGNED | {"host": "evil.example"}, 421),
        (SIGNED | {"host": "localhost"}, 421),
        (SIGNED | {"host": "127.0.0.1"}, 421),
    ],
)
def test_what_a_web_page_can_send_is_refused(
    service: Service, headers: dict[str, str], status: int
) -> None:
    assert service.ask("POST", PATH, headers, BODY)[0] == status
    assert service.outbox.count() == 0


def test_a_preflight_is_not_answered_with_leave(service: Service) -> None:
    asks = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert service.ask("OPTIONS", PATH, asks)[0] == 501


@pytest.mark.parametrize("length", ["-1", "x", "999999999"])
def test_a_body_of_no_length_or_too_great_a_one_is_not_read(service: Service, length: str) -> None:
    assert service.ask("POST", PATH, SIGNED | {"content-length": length})[0] == 413


def test_many_mails_at_once_are_all_accepted(service: Service) -> None:
    threads = [
        threading.Thread(target=service.send, args=[f"{number}@mail.example"])
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recipients = {envelope.recipient for envelope in service.outbox.newest(100)}
    assert recipients == {f"{number}@mail.example" for number in range(20)}
    assert len(service.events()) == 40


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from circulation_cli.local_stack.mail_server import MailServer
from circulation_cli.local_stack.outbox import Outbox
from circulation_cli.local_stack.queues import Queues
from circulation_cli.local_stack.state import State

state = State(Path(sys.argv[1]))
MailServer._publish_events = lambda _: None
server = MailServer(
    Outbox(state), Queues(state), "MailEventQueue", now=lambda: datetime.now(UTC), died=print
)
print(server.url, flush=True)
while True:
    server.run_round()
"""


def test_an_accepted_mail_and_its_events_survive_a_kill(tmp_path: Path, machine: Machine) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        client = client_of(process.stdout.readline().strip())
        sent = [
            client.send_email(**request_to(f"{number}@mail.example"))["MessageId"]
            for number in range(3)
        ]
        process.kill()
    state = State(tmp_path)
    machine.wall += timedelta(days=400)  # after the killed process's time
    service = Service(state, machine)
    service.server.worker.start()
    try:
        mails = [service.outbox.read(mail_id) for mail_id in sent]
        raws = [mail.raw for mail in mails if mail]
        assert raws == [mail_to(f"{number}@mail.example") for number in range(3)]
        assert service.kinds() == ["Send", "Delivery"] * 3
    finally:
        service.stop()
        state.close()
