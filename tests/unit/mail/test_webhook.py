"""A webhook as its receiver checks it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest

from circulation.importing.items import SourceError
from circulation.mail.webhook import Webhook, WebhookRefused, read_secret, sign
from tests.builders import NOW

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "https://hooks.example/x?key=s3cret"


class Receiver:
    def __init__(self, answer: int | Exception = 204) -> None:
        self.answer = answer
        self.got: list[tuple[str, Mapping[str, str], bytes]] = []

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.got.append((url, headers, body))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def send(receiver: Receiver, data: Any = None) -> None:
    webhook = Webhook(URL, read_secret(SECRET), receiver.post)
    webhook.send("2026-11-27-report", "statistics.report", data or {"title": "Zəng"}, now=NOW)


def test_a_signature_is_that_of_the_specification() -> None:
    body = b'{"test": 2432232314}'
    signature = sign(read_secret(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_signed_with_its_id_and_time() -> None:
    receiver = Receiver()
    send(receiver)
    ((url, headers, body),) = receiver.got
    assert url == URL
    assert json.loads(body) == {
        "type": "statistics.report",
        "timestamp": "2026-03-14T15:09:26Z",
        "data": {"title": "Zəng"},
    }
    assert headers["webhook-id"] == "2026-11-27-report"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("answer", [301, 400, 500, SourceError("hooks.example is at 127.0.0.1")])
def test_a_message_that_is_not_taken_is_refused_without_its_address(
    answer: int | Exception,
) -> None:
    with pytest.raises(WebhookRefused) as refused:
        send(Receiver(answer))
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "MfKQ9r8G", "whsec_not base64", "whsec_é"])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  base64 has no better one
        read_secret(text)
