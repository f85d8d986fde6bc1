"""Growth of pages and counters: each change of a stream shard is added once, in any batches."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from circulation.aws.table import Change, ConditionFailed, Item, Key, Table
from circulation.counting.tally import Increment, Refusal, mark_of
from circulation.times import milliseconds

MAX_REMOVED = 250
"""Attributes removed by one update; an expression has at most 300 operators (DynamoDB:
Constraints)."""
NAME_BYTES = 6  # two of a day's shards get the same name once in some 10^12 days
NUMBER_BYTES = 17  # 40 digits
TIME_BYTES = 6  # milliseconds, for 8,900 years


@lru_cache(maxsize=1024)
def mark_name(day: str, shard: str) -> str:
    """Give the name of the attribute with the mark of a shard: the last sequence number added.

    An item gets some twenty marks a day, and each of its writes is billed by its size: so the
    shard's name is shortened to a hash, and the mark is a binary number.
    """
    digest = hashlib.blake2b(shard.encode(), digest_size=NAME_BYTES).digest()
    return f"{_marks(day)}{base64.urlsafe_b64encode(digest).decode()}"


def marks_of(item: Item, day: str) -> tuple[str, ...]:
    """Give the names of an item's marks of a day, at most as many as one update can remove."""
    return tuple(name for name in item if name.startswith(_marks(day)))[:MAX_REMOVED]


def time_of_mark(mark: bytes) -> int:
    """Read the time of the newest view up to a mark, in milliseconds since 1970."""
    return int.from_bytes(mark[NUMBER_BYTES:])


def grow(
    table: Table,
    key: Key,
    increment: Increment,
    sums: Mapping[str, int],
    *,
    unsealed: str,
) -> Refusal | None:
    """Add sums to a page or a counter; None if they were added, and otherwise why not."""
    try:
        table.update(key, growth_of(increment, sums, unsealed=unsealed))
    except ConditionFailed as failed:
        return refusal_of(failed.item, increment)
    return None


def growth_of(increment: Increment, sums: Mapping[str, int], *, unsealed: str) -> Change:
    """Make the change that adds sums, by attribute, on condition that no line was added before.

    It sets the shard's mark, too. Unsealed is the condition that the day is still open, an
    expression in #sealed, #horizon and :day.
    """
    mark = mark_name(increment.day, increment.shard)
    # Short placeholders: an expression has at most 4 KB, and an increment up to 270 sums.
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
    """Find why an increment was refused, from the item of the page or counter at that time."""
    mark = item.get(mark_name(increment.day, increment.shard))
    folded = mark and mark_of(str(int.from_bytes(mark[:NUMBER_BYTES])))
    return Refusal(folded, sealed=not item or is_sealed(item, increment.day))


def _mark(increment: Increment) -> bytes:
    """Encode a mark: the last sequence number, then the time of the newest view up to it.

    A mark sorts after its bare number, so that the condition refuses the line that it ends with.
    """
    return _number(increment.last) + milliseconds(increment.as_of).to_bytes(TIME_BYTES)


def _marks(day: str) -> str:
    return f"mark#{day}#"


def _number(padded: str) -> bytes:
    """Encode a sequence number so that it sorts right: DynamoDB compares bytes from the left."""
    return int(padded).to_bytes(NUMBER_BYTES)


def is_sealed(item: Item, day: str) -> bool:
    """Tell whether an item is of a sealed page, or of a counter that has settled the day."""
    sealed = item.get("sealed", False)
    if sealed is True:
        return True
    return (isinstance(sealed, set) and day in sealed) or day <= item.get("horizon", "")
