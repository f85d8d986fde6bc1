"""A signed webhook, as Standard Webhooks have it (specification 1.0.0, symmetric signatures)."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circulation.importing.fetch import post_once
from circulation.importing.items import SourceError
from circulation.times import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

PREFIX = "whsec_"
SUCCESS = range(200, 300)


class WebhookRefused(Exception):  # noqa: N818
    """The receiver did not take it, or did not answer: it is sent again, under the same id."""


def read_secret(text: str) -> bytes:
    """Read a secret such as whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw. Raises ValueError."""
    if not text.startswith(PREFIX):
        raise ValueError(f"it does not begin with {PREFIX}")
    return b64decode(text.removeprefix(PREFIX), validate=True)


def sign(secret: bytes, name: str, seconds: int, body: bytes) -> str:
    """Sign an id, a time (Unix, s) and a body."""
    signed = b".".join((name.encode(), str(seconds).encode(), body))
    return f"v1,{b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes messages signed with a secret that it knows."""

    url: str
    secret: bytes
    post: Callable[[str, Mapping[str, str], bytes], int] = post_once

    def send(self, name: str, kind: str, data: Mapping[str, Any], *, now: datetime) -> None:
        """Send a message, which its name tells from others. Raises WebhookRefused."""
        message = {"type": kind, "timestamp": format_time(now), "data": data}
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        seconds = int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign(self.secret, name, seconds, body),
        }
        try:
            status = self.post(self.url, headers, body)
        except SourceError as error:
            raise WebhookRefused(str(error)) from error
        if status not in SUCCESS:
            raise WebhookRefused(f"the receiver answered {status}")
