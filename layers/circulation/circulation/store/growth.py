"""How a counter grows: each change of a stream shard once, in whatever batches it comes."""

from collections.abc import Mapping

from circulation.store.keys import Key
from circulation.store.table import Change, ConditionFailed, Item, Table
from circulation.tally import Increment, Refusal
from circulation.times import milliseconds


def mark_name(day: str, shard: str) -> str:
    """Name the attribute that holds the last sequence number folded in from a shard."""
    return f"mark#{day}#{shard}"


def grow(
    table: Table,
    key: Key,
    increment: Increment,
    sums: Mapping[str, int],
    *,
    unsealed: str,
) -> Refusal | None:
    """Add sums, by attribute, and set the mark; on condition that none of it was folded before.

    Unsealed is the condition, over #sealed and :day, that the day is still open. Answers None when
    the counter has grown, and otherwise why it has not.
    """
    mark = mark_name(increment.day, increment.shard)
    adds = ", ".join(f"#sum{place} :sum{place}" for place in range(len(sums)))
    names = {f"#sum{place}": name for place, name in enumerate(sums)}
    values = {f":sum{place}": amount for place, amount in enumerate(sums.values())}
    change = Change(
        update=f"ADD {adds} SET #mark = :last, #as_of = :as_of",
        condition=f"(attribute_not_exists(#mark) OR #mark < :first) AND {unsealed}",
        names=names | {"#mark": mark, "#as_of": "as_of", "#sealed": "sealed"},
        values=values
        | {
            ":first": increment.first,
            ":last": increment.last,
            ":as_of": milliseconds(increment.as_of),
        }
        | ({":day": increment.day} if ":day" in unsealed else {}),
    )
    try:
        table.update(key, change)
    except ConditionFailed as failed:
        return Refusal(failed.item.get(mark), sealed=_sealed(failed.item, increment.day))
    return None


def _sealed(item: Item, day: str) -> bool:
    """Tell whether a counter's item says that the day is sealed."""
    sealed = item.get("sealed", False)
    return sealed is True or (isinstance(sealed, set) and day in sealed)
