"""The events that SES publishes of a mail; the recipient decides, as in its mailbox simulator.

Their form is that of the developer guide (Contents of event data that Amazon SES publishes to
Amazon SNS), with the values that its mailbox simulator gives.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Any

from circulation_cli.local_stack.mail_parts import Headers, read_headers
from circulation_cli.local_stack.outbox import Event, Mail

Json = dict[str, Any]

ACCOUNT = "000000000000"
REGION = "eu-central-1"
CALLER = "local"
SIMULATOR = "simulator.amazonses.com"

SEND, DELIVERY, BOUNCE, COMPLAINT = "Send", "Delivery", "Bounce", "Complaint"

_KINDS = {
    "bounce": (SEND, BOUNCE),
    "suppressionlist": (SEND, BOUNCE),
    "complaint": (SEND, DELIVERY, COMPLAINT),
    "ooto": (SEND, DELIVERY, BOUNCE),
}
_OTHERS = (SEND, DELIVERY)


def events_of(mail: Mail, delay: timedelta = timedelta()) -> list[Event]:
    """Give the events of an accepted mail, due after a delay.

    As on SES, a mail that was sent without a configuration set has none.
    """
    if not mail.envelope.configuration_set:
        return []
    common = _mail_object(mail)
    due = mail.envelope.accepted + delay
    return [
        Event(kind, due, json.dumps(_event(kind, mail, common)))
        for kind in _KINDS.get(_mailbox(mail.envelope.recipient), _OTHERS)
    ]


def _mailbox(recipient: str) -> str:
    """Give the mailbox of the simulator that an address means; empty for any other address.

    A label after a plus sign makes no difference (Using the mailbox simulator manually).
    """
    local, _, domain = parseaddr(recipient)[1].rpartition("@")
    return local.partition("+")[0].lower() if domain.lower() == SIMULATOR else ""


def _event(kind: str, mail: Mail, common: Json) -> Json:
    time = _time(mail.envelope.accepted)
    feedback = f"{mail.envelope.id}-feedback"
    recipient = parseaddr(mail.envelope.recipient)[1]
    match kind:
        case "Send":
            details: Json = {}
        case "Delivery":
            details = {
                "timestamp": time,
                "processingTimeMillis": 0,
                "recipients": [recipient],
                "smtpResponse": "250 Ok",
                "remoteMtaIp": "127.0.0.1",
                "reportingMTA": "localhost",
            }
        case "Bounce":
            details = {"feedbackId": feedback, "timestamp": time, **_bounce(recipient)}
        case _:
            details = {
                "feedbackId": feedback,
                "complaintSubType": None,
                "complainedRecipients": [{"emailAddress": recipient}],
                "timestamp": time,
                "userAgent": "Amazon SES Mailbox Simulator",
                "complaintFeedbackType": "abuse",
                "arrivalDate": time,
            }
    return {"eventType": kind, "mail": common, kind.lower(): details}


def _bounce(recipient: str) -> Json:
    """Give what a bounce says of its kind: for good, but for an automatic answer."""
    mailbox = _mailbox(recipient)
    if mailbox == "ooto":
        return {
            "bounceType": "Transient",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": recipient}],
        }
    user = (
        f"(suppressed address: {recipient})" if mailbox == "suppressionlist" else f"<{recipient}>"
    )
    return {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": recipient,
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": f"smtp; 550 5.1.1 As requested: user unknown {user}",
            }
        ],
        "remoteMtaIp": "127.0.0.1",
        "reportingMTA": "dns; localhost",
    }


def _mail_object(mail: Mail) -> Json:
    envelope = mail.envelope
    headers = read_headers(mail.raw)
    domain = parseaddr(envelope.sender)[1].rpartition("@")[2]
    return {
        "timestamp": _time(envelope.accepted),
        "source": envelope.sender,
        "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}",
        "sendingAccountId": ACCOUNT,
        "messageId": envelope.id,
        "destination": [envelope.recipient],
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in headers],
        "commonHeaders": _common_headers(headers) | {"messageId": envelope.id},
        "tags": _tags(envelope.tags, envelope.configuration_set, domain),
    }


def _common_headers(headers: Headers) -> Json:
    first = {name.lower(): value for name, value in reversed(headers)}
    lists = {name: [first[name]] for name in ("from", "to") if name in first}
    return lists | {name: first[name] for name in ("date", "subject") if name in first}


def _tags(tags: Mapping[str, str], configuration_set: str, domain: str) -> dict[str, list[str]]:
    """Give the tags of a mail and those that SES adds, each with a list of values."""
    values = {
        "ses:operation": "SendEmail",
        "ses:configuration-set": configuration_set,
        "ses:source-ip": "127.0.0.1",
        "ses:from-domain": domain,
        "ses:caller-identity": CALLER,
        **tags,
    }
    return {name: [value] for name, value in values.items()}


def _time(moment: datetime) -> str:
    """Write a time as SES does: in UTC, with milliseconds and Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
