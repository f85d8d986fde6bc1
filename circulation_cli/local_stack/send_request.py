"""SendEmail: what a request of SES v2 asks to send, and the answers that refuse it.

Sources are the API reference of SES v2 (SendEmail, RawMessage, MessageTag) and botocore's model of
it. Only raw mails to one recipient are served: what Circulation sends is one reader's.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from http import HTTPStatus
from typing import Any

PATH = "/v2/email/outbound-emails"
MAX_RAW = 10 * 1024 * 1024
"""Bytes of a mail (Service quotas in Amazon SES: the default of the first version)."""
MAX_LINE = 998
"""Characters of a line without its end (RFC 5321, section 4.5.3.1.6)."""
MAX_TAGS = 50


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error that SES answers with: nothing was accepted."""

    status: HTTPStatus
    code: str
    """The exception's name in the model of SES v2, or a common error's."""
    message: str


THROTTLED = Refusal(
    HTTPStatus.TOO_MANY_REQUESTS, "TooManyRequestsException", "Maximum sending rate exceeded."
)
QUOTA_SPENT = Refusal(
    HTTPStatus.BAD_REQUEST, "LimitExceededException", "Daily message quota exceeded."
)
PAUSED = Refusal(
    HTTPStatus.BAD_REQUEST, "SendingPausedException", "Sending is paused for this account."
)
REJECTED = Refusal(
    HTTPStatus.BAD_REQUEST,
    "MessageRejected",
    "Email address is not verified. The following identities failed the check in region "
    "EU-CENTRAL-1: news@news.example",
)
DOMAIN_UNVERIFIED = Refusal(
    HTTPStatus.BAD_REQUEST,
    "MailFromDomainNotVerifiedException",
    "The sending domain is not verified.",
)
FAILURE = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalFailure", "An internal failure.")
UNAVAILABLE = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", "Unavailable.")


class RequestRefused(Exception):  # noqa: N818  not an error of this program
    """A request is answered with a refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class SendRequest:
    """What a request asks to send."""

    sender: str
    recipient: str
    raw: bytes
    tags: Mapping[str, str]
    configuration_set: str
    """Empty if the request names none."""


def read_request(body: bytes) -> SendRequest:
    """Read the body of a request. Raises RequestRefused."""
    try:
        content = json.loads(body)
    except (RecursionError, ValueError) as error:
        raise _refused("the body is not JSON", "SerializationException") from error
    if not isinstance(content, dict):
        raise _refused("the body is no JSON object", "SerializationException")
    return SendRequest(
        _address(content.get("FromEmailAddress"), "FromEmailAddress"),
        _recipient(content.get("Destination")),
        _raw(content.get("Content")),
        _tags(content.get("EmailTags") or []),
        _text(content.get("ConfigurationSetName") or "", "ConfigurationSetName"),
    )


def _recipient(destination: Any) -> str:  # noqa: ANN401  any JSON
    fields = destination if isinstance(destination, dict) else {}
    filled = {name: value for name, value in fields.items() if value}
    recipients = filled.pop("ToAddresses", None)
    if filled or not isinstance(recipients, list) or len(recipients) != 1:
        raise _refused("the local stack sends to one address, in Destination.ToAddresses")
    return _address(recipients[0], "ToAddresses")


def _address(value: Any, name: str) -> str:  # noqa: ANN401  any JSON
    """Check an address, which may have a display name before it.

    "Amazon SES does not support the SMTPUTF8 extension": all of it is ASCII.
    """
    text = _text(value, name)
    local, at, domain = parseaddr(text)[1].rpartition("@")
    if not at or not local or not domain:
        raise _refused(f"{name} has no address of the form local@domain")
    if not re.fullmatch(r"[\x20-\x7e]+", text):
        raise _refused(f"{name} has characters that are not printable ASCII")
    return text


def _raw(content: Any) -> bytes:  # noqa: ANN401  any JSON
    if not isinstance(content, dict) or list(content) != ["Raw"]:
        raise _refused("the local stack sends Content.Raw alone: no Simple, no Template")
    data = content["Raw"].get("Data") if isinstance(content["Raw"], dict) else None
    try:
        raw = base64.b64decode(_text(data, "Content.Raw.Data"), validate=True)
    except ValueError as error:
        raise _refused("Content.Raw.Data is not in base64") from error
    if not raw or len(raw) > MAX_RAW:
        raise _refused(f"a mail has 1 to {MAX_RAW} bytes", "MessageRejected")
    if any(len(line.rstrip(b"\r")) > MAX_LINE for line in raw.split(b"\n")):
        raise _refused(f"a line of the mail has more than {MAX_LINE} characters")
    return raw


def _tags(tags: Any) -> dict[str, str]:  # noqa: ANN401  any JSON
    if not isinstance(tags, list) or len(tags) > MAX_TAGS:
        raise _refused(f"EmailTags is a list of at most {MAX_TAGS}")
    pairs = [
        (tag.get("Name"), tag.get("Value")) if isinstance(tag, dict) else (None, None)
        for tag in tags
    ]
    for part in (part for pair in pairs for part in pair):
        if not isinstance(part, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", part):
            raise _refused(
                "a tag's name and value have 1 to 256 ASCII letters, digits, underscores or dashes"
            )
    return {str(name): str(value) for name, value in pairs}


def _text(value: Any, name: str) -> str:  # noqa: ANN401  any JSON
    if not isinstance(value, str):
        raise _refused(f"{name} is missing, or no text")
    return value


def _refused(message: str, code: str = "BadRequestException") -> RequestRefused:
    return RequestRefused(Refusal(HTTPStatus.BAD_REQUEST, code, message))
