"""Amazon SES: hands a finished mail over, once, and says what became of that call.

A mail that may have been accepted is never sent again by the SDK: SendEmail has no token that
would tell a second one from the first (SES API v2: SendEmail).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from circulation.aws.sdk import CALL_ERRORS, client_of

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_SECONDS = 10
"""How long SES may take to connect and to answer; then nobody knows whether it accepted."""

# API reference of SES v2: SendEmail; of both quotas also SES Developer Guide: Errors related to
# the sending quotas, which names ThrottlingException and tells them apart by the message alone.
_NOT_NOW = {
    "LimitExceededException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
_REFUSED = {"BadRequestException", "MessageRejected"}
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class MailRefused(Exception):  # noqa: N818
    """SES did not take the mail, and would not take it again."""


class SenderUnverified(MailRefused):
    """SES takes no mail from this sender, or in its sandbox to this address: not verified."""


class MailThrottled(Exception):  # noqa: N818
    """SES did not take the mail because too many come; later it will."""


class MailQuotaSpent(Exception):  # noqa: N818
    """SES takes no more mails from the account today."""


class MailStopped(Exception):  # noqa: N818
    """SES takes no mail until somebody mends what it complains of: the account, or a right."""


class MailUncertain(Exception):  # noqa: N818
    """Nobody knows whether SES took the mail: it did not answer, or with an error of its own."""


class MailService:
    """SES, with the configuration set whose events are recorded."""

    def __init__(self, client: Any, configuration_set: str) -> None:  # noqa: ANN401  botocore's
        self._client = client
        self._configuration_set = configuration_set

    def send(self, mail: bytes, sender: str, recipient: str, tags: Mapping[str, str]) -> str:
        """Send a mail in MIME, and give its message id; tags come back in the events about it.

        Raises MailRefused, MailThrottled, MailQuotaSpent, MailStopped and MailUncertain, each with
        SES's code alone: its message may name the recipient, and errors are logged.
        """
        try:
            answer = self._client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [recipient]},
                Content={"Raw": {"Data": mail}},
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
            )
        except CALL_ERRORS as error:
            raise _outcome(error) from None
        return str(answer["MessageId"])


def connect(configuration_set: str) -> MailService:
    """Make the mail service, which makes each call once."""
    return MailService(client_of("sesv2", attempts=1, timeout=TIMEOUT_SECONDS), configuration_set)


def _outcome(error: Exception) -> Exception:
    """Tell what an error of a call says of the mail."""
    if not isinstance(error, ClientError):
        return MailUncertain(f"no answer: {type(error).__name__}")
    code = error.response["Error"]["Code"]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _NOT_NOW:
        is_daily = "daily" in str(error).lower()
        return (MailQuotaSpent if is_daily else MailThrottled)(code)
    if code in _REFUSED:
        is_unverified = "not verified" in str(error)
        return (SenderUnverified if is_unverified else MailRefused)(code)
    stopped = _CLIENT_ERROR <= status < _SERVER_ERROR
    return (MailStopped if stopped else MailUncertain)(code)
