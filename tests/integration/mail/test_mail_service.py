"""SES by HTTP: every call is made once, and what its answer says of the mail."""

import json
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from circulation.aws.mail_service import (
    MailQuotaSpent,
    MailRefused,
    MailService,
    MailStopped,
    MailThrottled,
    MailUncertain,
    SenderUnverified,
    connect,
)
from circulation.aws.sdk import session
from tests.servers import serving

SAM = "sam@mail.example"
OUTCOMES = [
    # API reference of SES v2: SendEmail, Errors
    (400, "AccountSuspendedException", "", MailStopped),
    (400, "BadRequestException", "", MailRefused),
    (400, "LimitExceededException", "", MailThrottled),
    (400, "MailFromDomainNotVerifiedException", "", MailStopped),
    (400, "MessageRejected", "the message has a virus", MailRefused),
    (400, "MessageRejected", "Email address is not verified.", SenderUnverified),
    (404, "NotFoundException", "no such configuration set", MailStopped),
    (400, "SendingPausedException", "", MailStopped),
    (429, "TooManyRequestsException", "Maximum sending rate exceeded", MailThrottled),
    # SES Developer Guide: Errors related to the sending quotas
    (400, "ThrottlingException", "Maximum sending rate exceeded", MailThrottled),
    (400, "ThrottlingException", "Daily message quota exceeded", MailQuotaSpent),
    (400, "LimitExceededException", "Daily message quota exceeded.", MailQuotaSpent),
    (429, "TooManyRequestsException", "Daily sending quota exceeded", MailQuotaSpent),
    # Common errors: the mail is as good as any other
    (403, "AccessDeniedException", "not authorized to perform ses:SendEmail", MailStopped),
    (403, "ExpiredTokenException", "", MailStopped),
    (500, "InternalFailure", "", MailUncertain),
    (502, "", "", MailUncertain),
    (503, "ServiceUnavailable", "", MailUncertain),
    (504, "RequestTimeout", "", MailUncertain),
]


class Ses(BaseHTTPRequestHandler):
    """Answers every call alike, and counts."""

    requests = 0
    status, code, message = 200, "", ""
    closes = False

    def do_POST(self) -> None:
        cls = type(self)
        cls.requests += 1
        self.rfile.read(int(self.headers["content-length"]))
        if cls.closes:
            self.close_connection = True
            return
        body = json.dumps({"MessageId": "m-1"} if cls.status == 200 else {"message": cls.message})
        self.send_response(cls.status)
        if cls.code:
            self.send_header("x-amzn-errortype", cls.code)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Ses]]:
    """A server that stands for SES, of this test alone."""
    handler = type("Own", (Ses,), {})
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{server.server_port}")
        yield handler


@pytest.fixture
def send(ses: type[Ses]) -> Callable[[], str]:  # noqa: ARG001  it has to be there first
    service: MailService = connect("set")
    return lambda: service.send(b"a: b", "news@news.example", SAM, {"k": "c"})


def test_an_accepted_mail_has_its_id(ses: type[Ses], send: Callable[[], str]) -> None:
    assert send() == "m-1"
    assert ses.requests == 1


@pytest.mark.parametrize(("status", "code", "message", "outcome"), OUTCOMES)
def test_an_error_says_what_became_of_the_mail_and_is_not_tried_again(
    ses: type[Ses],
    send: Callable[[], str],
    status: int,
    code: str,
    message: str,
    outcome: type[Exception],
) -> None:
    ses.status, ses.code, ses.message = status, code, message
    with pytest.raises(outcome) as raised:
        send()
    assert raised.type is outcome
    assert ses.requests == 1


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        # What SES says where the account is in the sandbox, and where a right is missing.
        (400, "MessageRejected", "Email address is not verified: sam@mail.example"),
        (403, "AccessDeniedException", "not authorized on identity/sam@mail.example"),
        (400, "BadRequestException", "Invalid address: sam@mail.example"),
        (429, "TooManyRequestsException", "Too many for sam@mail.example"),
        (500, "InternalFailure", "sam@mail.example"),
    ],
)
def test_an_error_has_the_code_of_ses_and_nobodys_address_however_it_is_logged(
    ses: type[Ses], send: Callable[[], str], status: int, code: str, message: str
) -> None:
    ses.status, ses.code, ses.message = status, code, message
    with pytest.raises(Exception, match=f"^{code}$") as raised:
        send()
    assert SAM not in "".join(traceback.format_exception(raised.value))


def test_a_connection_that_is_closed_is_uncertain_and_not_tried_again(
    ses: type[Ses], send: Callable[[], str]
) -> None:
    ses.closes = True
    with pytest.raises(MailUncertain):
        send()
    assert ses.requests == 1


def test_every_error_of_the_model_is_known() -> None:
    model = session().get_service_model("sesv2").operation_model("SendEmail")
    errors = {shape.name for shape in model.error_shapes}
    assert errors
    assert errors <= {code for _, code, _, _ in OUTCOMES}
