"""Keys of mail: the items of the subscribers' table, and the digests in the library's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.mail.subscriber import bucket_of

if TYPE_CHECKING:
    from circulation.aws.table import Key
    from circulation.mail.subscriber import Frequency

MAIL_KEY: Key = {"pk": "KEY", "sk": "MAIL"}
"""The key of the random bytes from which ids and links are made."""


def subscribers_partition(bucket: str) -> str:
    """Name one of the 64 partitions of the subscribers."""
    return f"SUBS#{bucket}"


def subscriber_key(subscriber: str) -> Key:
    """Give the key of a subscriber's item."""
    return {"pk": subscribers_partition(bucket_of(subscriber)), "sk": subscriber}


def pending_key(key_hash: str) -> Key:
    """Give the key of a subscription that is not confirmed yet."""
    return {"pk": f"PENDING#{key_hash}", "sk": "PENDING"}


def limit_key(kind: str, what: str, period: str) -> Key:
    """Give the key of how often something was done in a period; kind says what it is done to."""
    return {"pk": f"LIMIT#{kind}#{what}", "sk": period}


def recommendation_key(key_hash: str) -> Key:
    """Give the key of a recommendation that its sender has not confirmed yet, or is being sent."""
    return {"pk": f"RECOMMENDATION#{key_hash}", "sk": "RECOMMENDATION"}


def recommended_partition(subscriber: str) -> str:
    """Name the partition of what was recommended to a mailbox."""
    return f"RECOMMENDED#{subscriber}"


def recommended_key(subscriber: str, article: str) -> Key:
    """Give the key that keeps an article from being recommended to a mailbox twice."""
    return {"pk": recommended_partition(subscriber), "sk": article}


def refused_key(subscriber: str) -> Key:
    """Give the key that keeps all recommendations from a mailbox."""
    return {"pk": f"REFUSED#{subscriber}", "sk": "REFUSED"}


def delivery_key(frequency: Frequency, date: str) -> Key:
    """Give the key of a digest's delivery: how many mails were sent, and what became of them."""
    return {"pk": f"DIGEST#{frequency}#{date}", "sk": "STATUS"}


def digests_partition(frequency: Frequency) -> str:
    """Name the library's partition of the digests of a frequency."""
    return f"DIGEST#{frequency}"


def digest_key(frequency: Frequency, date: str) -> Key:
    """Give the key of a digest's frozen content in the library's table; date is a local one."""
    return {"pk": digests_partition(frequency), "sk": date}


REPORTS = "REPORT"
"""The partition of what editors were sent, in the library's table."""


def reports_key(date: str) -> Key:
    """Give the key of what was sent on a local date."""
    return {"pk": REPORTS, "sk": date}
