"""How a counter grows: each change of a stream shard once, in whatever batches it comes."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from circulation.aws.table import Change, ConditionFailed, Item, Key, Table
from circulation.counting.tally import Increment, Refusal, mark_of
from circulation.times import milliseconds

MAX_REMOVED = 250
"""Attributes in one update: an expression takes 300 operators (DynamoDB: Constraints)."""
NAME_BYTES = 6  # two of a day's shards share a name once in some 10^12 days
NUMBER_BYTES = 17  # 40 digits
TIME_BYTES = 6  # milliseconds, for 8,900 years


@lru_cache(maxsize=1024)
def mark_name(day: str, shard: str) -> str:
    """Name the attribute that holds the last sequence number folded in from a shard.

    A day leaves some twenty marks on a counter, and every write of it is billed by the item's size:
    the shard's name is cut to a hash, and the mark is kept as a binary number.
    """
    digest = hashlib.blake2b(shard.encode(), digest_size=NAME_BYTES).digest()
    return f"{_marks(day)}{base64.urlsafe_b64encode(digest).decode()}"


def marks_of(item: Item, day: str) -> tuple[str, ...]:
    """Name the marks of a day on a counter, as many as one update can remove."""
    return tuple(name for name in item if name.startswith(_marks(day)))[:MAX_REMOVED]


def time_of_mark(mark: bytes) -> int:
    """Read the time of the newest view up to a mark, ms."""
    return int.from_bytes(mark[NUMBER_BYTES:])


def grow(
    table: Table,
    key: Key,
    increment: Increment,
    sums: Mapping[str, int],
    *,
    unsealed: str,
) -> Refusal | None:
    """Add sums to a counter. Answers None when it has grown, and otherwise why it has not."""
    try:
        table.update(key, growth(increment, sums, unsealed=unsealed))
    except ConditionFailed as failed:
        return refusal_of(failed.item, increment)
    return None


def growth(increment: Increment, sums: Mapping[str, int], *, unsealed: str) -> Change:
    """Add sums, by attribute, and set the mark; on condition that none of it was folded before.

    Unsealed is the condition, over #sealed, #horizon and :day, that the day is still open.
    """
    mark = mark_name(increment.day, increment.shard)
    # Short placeholders: an expression has at most 4 KB, and a page may grow by 270 sums at once.
    adds = ", ".join(f"#s{place} :s{place}" for place in range(len(sums)))
    names = {f"#s{place}": name for place, name in enumerate(sums)}
    values = {f":s{place}": amount for place, amount in enumerate(sums.values())}
    return Change(
        update=f"ADD {adds} SET #mark = :mark",
        condition=f"(attribute_not_exists(#mark) OR #mark < :first) AND {unsealed}",
        names=names
        | {"#mark": mark, "#sealed": "sealed"}
        | ({"#horizon": "horizon"} if "#horizon" in unsealed else {}),
        values=values
        | {":first": _number(increment.first), ":mark": _mark(increment)}
        | ({":day": increment.day} if ":day" in unsealed else {}),
    )


def refusal_of(item: Item, increment: Increment) -> Refusal:
    """Read why a counter refused an increment out of its item as it stands."""
    mark = item.get(mark_name(increment.day, increment.shard))
    folded = mark and mark_of(str(int.from_bytes(mark[:NUMBER_BYTES])))
    return Refusal(folded, sealed=not item or is_sealed(item, increment.day))


def _mark(increment: Increment) -> bytes:
    """Write a mark: the last sequence number, and then the time of the newest view up to it.

    A mark with the same number sorts after the bare number, so it refuses what it holds.
    """
    return _number(increment.last) + milliseconds(increment.as_of).to_bytes(TIME_BYTES)


def _marks(day: str) -> str:
    return f"mark#{day}#"


def _number(padded: str) -> bytes:
    """Write a sequence number; DynamoDB compares binaries byte by byte, from the left."""
    return int(padded).to_bytes(NUMBER_BYTES)


def is_sealed(item: Item, day: str) -> bool:
    """Tell whether a page says that it is sealed, or a counter that the day is settled."""
    sealed = item.get("sealed", False)
    if sealed is True:
        return True
    return (isinstance(sealed, set) and day in sealed) or day <= item.get("horizon", "")
