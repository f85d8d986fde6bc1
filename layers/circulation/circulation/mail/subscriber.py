"""A subscriber: whose mailbox it is, what is sent to it and when, and the consent to that."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from circulation.mail.mailbox import Mailbox

BUCKETS = 64
"""The partitions that subscribers are spread over, and the portions that a digest begins with."""
FOREVER = "9999-12-31"
"""The date up to which a subscription is paused that has no date."""
CONFIRMATION_KEY_BYTES = 32
_ID_BYTES = 16
_KEY_BYTES = _ID_BYTES + 32
OWN = ("address", "frequency", "sections", "paused_until", "asked", "confirmed", "text")
"""The attributes that are deleted when a subscription ends; others are of the sending side."""


class Frequency(StrEnum):
    """How often a digest is sent."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a subscriber wants to be sent."""

    frequency: Frequency = Frequency.DAILY
    sections: frozenset[str] = frozenset()
    """The names of the sections; none stands for all, also those that there will be."""
    paused_until: str = ""
    """The publication's local date from which digests are sent again; empty without a pause."""

    def wants(self, section: str) -> bool:
        """Tell whether a section is among the chosen ones."""
        return not self.sections or section in self.sections


@dataclass(frozen=True, slots=True)
class Consent:
    """What proves that a person agreed (GDPR, article 7). No network address is part of it."""

    asked: datetime
    confirmed: datetime
    text: str
    """SHA-256 of the text that was agreed to, in hex; `import` for one who agreed elsewhere."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person who confirmed."""

    id: str
    """Made by subscriber_id."""
    mailbox: Mailbox
    choices: Choices
    consent: Consent


def subscriber_id(mail_key: bytes, mailbox: Mailbox) -> str:
    """Give a mailbox's subscriber id: 32 hex digits, which nobody makes without the mail key."""
    digest = hmac.digest(mail_key, b"subscriber\0" + mailbox.identity.encode(), "sha256")
    return digest[:_ID_BYTES].hex()


def bucket_of(subscriber: str) -> str:
    """Give the bucket of a subscriber id: 00 to 3f."""
    return f"{int(subscriber[:2], 16) % BUCKETS:02x}"


def all_buckets() -> list[str]:
    """Give all buckets."""
    return [f"{bucket:02x}" for bucket in range(BUCKETS)]


def link_key(mail_key: bytes, subscriber: str, purpose: str = "link") -> str:
    """Give the key in the links of a person's mails: 64 characters that nobody can guess.

    It is not stored, since it can be made again from the id; so mails of any age can be answered
    (RFC 8058, section 3.1: the address names the recipient and is hard to forge). A key of one
    purpose is none of another.
    """
    subscriber_bytes = bytes.fromhex(subscriber)
    code = hmac.digest(mail_key, purpose.encode() + b"\0" + subscriber_bytes, "sha256")
    return base64.urlsafe_b64encode(subscriber_bytes + code).decode()


def subscriber_of_link(mail_key: bytes, key: str, purpose: str = "link") -> str | None:
    """Give the subscriber id of a link's key; None if it is no such key of that purpose."""
    try:
        decoded = base64.b64decode(key.encode(), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(decoded) != _KEY_BYTES:
        return None
    subscriber = decoded[:_ID_BYTES].hex()
    expected = link_key(mail_key, subscriber, purpose)
    return subscriber if hmac.compare_digest(expected.encode(), key.encode()) else None


def make_key(random_bytes: Callable[[int], bytes]) -> str:
    """Make a key by which somebody confirms: 43 characters that nobody can guess."""
    return base64.urlsafe_b64encode(random_bytes(CONFIRMATION_KEY_BYTES)).decode().rstrip("=")


def key_hash(key: str) -> str:
    """Give what is stored of a confirmation's key: its SHA-256 in hex."""
    return hashlib.sha256(key.encode()).hexdigest()
