"""An event of SES about a mail: whose mail it is about, and whether it did harm there."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Harm(StrEnum):
    """Why a mailbox is not to be written to again."""

    BOUNCED = "bounced"
    """There is no such mailbox, or it takes no mail for good."""
    COMPLAINED = "complained"
    """Its person called the mail unwanted."""


def read_event(text: str) -> Mapping[str, Any] | None:
    """Read a message of the queue; None if it is no event about a mail.

    SES sends its topic a line of text once, when events are first sent there ("Successfully
    validated SNS topic", documented nowhere). As a message that always fails it would take those
    that are delivered with it to the dead letters.
    """
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_event = isinstance(event, dict) and "eventType" in event and "mail" in event
    return event if is_event else None


def tag_of(event: Mapping[str, Any], name: str) -> str:
    """Give a tag that the mail was sent with; empty without one."""
    (value, *_) = event["mail"].get("tags", {}).get(name, [""])
    return str(value)


def harm_of(event: Mapping[str, Any]) -> Harm | None:
    """Tell what harm a mail did (SES Developer Guide: Amazon SNS event data, bounce, complaint).

    A bounce that may pass is none, and a complaint that a mail is not spam is none.
    """
    match event["eventType"]:
        case "Bounce" if event["bounce"]["bounceType"] == "Permanent":
            return Harm.BOUNCED
        case "Complaint" if event["complaint"].get("complaintFeedbackType") != "not-spam":
            return Harm.COMPLAINED
    return None
