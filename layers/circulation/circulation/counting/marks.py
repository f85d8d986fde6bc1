"""Marks on a page: the last change of each stream shard that was added to it.

By its marks a page takes each change once, in whatever batches the changes are delivered. A page
gets some twenty marks a day, and each of its writes is billed by its size: so the shard's name is
shortened to a hash, and the mark is a binary number, as nothing else on a page is; both together
have 32 bytes.
"""

import base64
import hashlib
from datetime import datetime
from functools import lru_cache

from circulation.aws.table import Item
from circulation.counting.tally import Increment, mark_of
from circulation.times import milliseconds, moment_of

MAX_REMOVED = 250
"""Attributes removed by one update; an expression has at most 300 operators (DynamoDB:
Constraints). Marks beyond them stay on a sealed page, which takes no changes all the same."""

_PREFIX = "m"
_NAME_BYTES = 6  # two of a day's shards get the same name once in some 10^12 days
_NUMBER_BYTES = 17  # 40 digits
_TIME_BYTES = 6  # milliseconds, for 8,900 years


@lru_cache(maxsize=1024)
def mark_name(shard: str) -> str:
    """Give the name of the attribute with the mark of a shard."""
    digest = hashlib.blake2b(shard.encode(), digest_size=_NAME_BYTES).digest()
    return f"{_PREFIX}{base64.urlsafe_b64encode(digest).decode()}"


def number(padded: str) -> bytes:
    """Encode a sequence number so that it sorts right: DynamoDB compares bytes from the left."""
    return int(padded).to_bytes(_NUMBER_BYTES)


def encoded_mark(increment: Increment) -> bytes:
    """Encode a mark: the last sequence number, then the time of the newest view up to it.

    A mark sorts after its bare number, so that the condition refuses the line that it ends with.
    """
    return number(increment.last) + milliseconds(increment.as_of).to_bytes(_TIME_BYTES)


def marks_of(page: Item) -> tuple[str, ...]:
    """Give the names of a page's marks, at most as many as one update can remove."""
    return tuple(name for name, value in page.items() if isinstance(value, bytes))[:MAX_REMOVED]


def mark_in(page: Item, shard: str) -> str | None:
    """Read the mark of a shard as a padded sequence number; None if there is none."""
    mark = page.get(mark_name(shard))
    return mark and mark_of(str(int.from_bytes(mark[:_NUMBER_BYTES])))


def newest_of(page: Item) -> datetime | None:
    """Read the time of the newest view that was added to a page; None before the first one."""
    times = [
        int.from_bytes(value[_NUMBER_BYTES:]) for value in page.values() if isinstance(value, bytes)
    ]
    return moment_of(max(times)) if times else None
