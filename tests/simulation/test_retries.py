"""One hit counts once, in whatever order and however often a visitor's hits are sent again."""

from collections import Counter
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from circulation.aws.attribute_values import encoded
from circulation.aws.table import Table
from circulation.counting.ledger import MAX_NONCES, Ledger
from circulation.counting.traits import NO_TRAITS, Traits
from circulation.counting.view import Entry, View
from circulation.errors import StoreUnavailable
from circulation.views.hit import MAX_NONCE
from tests.builders import NOW, TODAY
from tests.simulation.dynamodb import DynamoDB, Fate, Key
from tests.simulation.expressions import Item

WINDOWS = [timedelta(minutes=minutes) for minutes in (0, 1, 30, 720)]
ATTEMPTS = some.lists(
    some.tuples(
        some.integers(0, 5),  # which hit
        some.sampled_from([0, 1, 31, 61, 721]),  # minutes since the attempt before
        some.lists(some.sampled_from(Fate), max_size=3),
    ),
    max_size=30,
)


class Lines:
    """The ledger of one day in memory, and how often each nonce was entered."""

    def __init__(self) -> None:
        self.fates = iter(list[Fate]())
        self.entered: Counter[str] = Counter()
        self.dynamodb = DynamoDB(lambda _: next(self.fates, Fate.DONE), self._written)
        self.ledger = Ledger(Table(cast("Any", self.dynamodb), "Ledger"))

    def _written(self, _table: str, _key: Key, _before: Item | None, after: Item) -> None:
        self.entered[after["x"]["S"]] += 1

    def enter(
        self, nonce: str, minutes: float, window: timedelta, traits: Traits = NO_TRAITS
    ) -> Entry:
        at = NOW + timedelta(minutes=minutes)
        view = View("a", TODAY, "v" * 22, nonce, at, traits=traits)
        return self.ledger.enter(view, repeat_window=window)

    def line(self) -> Item:
        (line,) = self.dynamodb.items("Ledger")
        return line


@pytest.mark.parametrize("window", WINDOWS)
@given(attempts=ATTEMPTS)
@example(attempts=[(1, 0, []), (2, 31, []), (1, 31, [])])
@example(attempts=[(1, 0, [Fate.LOST] * 3), (2, 721, []), (1, 721, [])])
def test_a_hit_counts_once_whatever_is_sent_between_its_attempts(
    window: timedelta, attempts: list[tuple[int, int, list[Fate]]]
) -> None:
    lines, minutes, acknowledged = Lines(), 0, set()
    for hit, later, fates in attempts:
        minutes += later
        lines.fates = iter(fates)
        try:
            entry = lines.enter(f"n{hit}", minutes, window)
        except StoreUnavailable:
            continue
        if entry.counted:
            acknowledged.add(f"n{hit}")
    assert set(lines.entered.values()) <= {1}
    assert acknowledged <= lines.entered.keys()
    views = sum(lines.entered.values())
    assert views == lines.ledger.recount("a", TODAY).views


@pytest.mark.parametrize("window", WINDOWS[:2])
@pytest.mark.parametrize("again", [0, 1, MAX_NONCES // 2, MAX_NONCES - 1])
def test_a_line_that_is_full_remembers_its_first_nonces_and_the_last_one(
    window: timedelta, again: int
) -> None:
    lines, loads = Lines(), MAX_NONCES + 20
    for number in range(loads):
        assert lines.enter(f"n{number}", number, window).fresh
        assert lines.enter(f"n{number}", number + 0.5, window) == lines.enter(
            f"n{min(again, number)}", number + 0.9, window
        )
    assert sum(lines.entered.values()) == loads
    assert len(lines.line()["xs"]["BS"]) == MAX_NONCES


def test_a_repeat_in_a_full_line_is_one() -> None:
    lines, window = Lines(), WINDOWS[2]
    for number in range(MAX_NONCES + 1):
        lines.enter(f"n{number}", 31 * number, window)
    repeat = lines.enter("another", 31 * MAX_NONCES + 5, window)
    assert (repeat.counted, repeat.views) == (False, MAX_NONCES + 1)


@pytest.mark.parametrize(
    ("nonce", "traits", "most"),
    [
        # As the widget sends it from a page with a long address: 1 write unit.
        ("n" * 22, Traits("r" * 50, "AZ", "desktop", "section", "k" * 64), 1_024),
        # The longest of everything: 2.
        (
            "\U0001f5de" * MAX_NONCE,
            Traits("r" * 253, "AZ", "desktop", "section", "\u2603" * 64),
            2_048,
        ),
    ],
)
def test_a_full_line_is_of_a_bounded_size(nonce: str, traits: Traits, most: int) -> None:
    lines, article = Lines(), "a" * 64
    for number in range(100):
        view = View(article, TODAY, "v" * 22, f"{number:03}{nonce[3:]}", NOW, traits=traits)
        lines.ledger.enter(view, repeat_window=timedelta(0))
    assert item_bytes(lines.line()) <= most


def item_bytes(item: Item) -> int:
    """Size an item (Amazon DynamoDB: DynamoDB item sizes and formats); sets as lists are."""
    size = 0
    for name, value in item.items():
        ((kind, content),) = value.items()
        size += len(name)
        match kind:
            case "S":
                size += len(content.encode())
            case "N":
                size += len(content) // 2 + 2
            case "BS":
                size += 3 + sum(len(member) + 1 for member in content)
            case _:
                size += 1
    return size


def test_sets_of_bytes_are_written_as_dynamodb_has_them() -> None:
    assert encoded({"xs": {b"b", b"a"}, "days": {"b", "a"}}) == {
        "xs": {"BS": [b"a", b"b"]},
        "days": {"SS": ["a", "b"]},
    }
