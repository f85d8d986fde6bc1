"""What the worlds stand on is as real: reads of older moments, and threads that take turns."""

import random
from typing import Any, cast

import pytest

from circulation.aws.parallel import for_each
from circulation.aws.table import Change, Table
from tests.simulation.dynamodb import Consistent, DynamoDB, Fate
from tests.simulation.moments import Moments
from tests.simulation.turns import Crashed, Turns

LAG = 5
KEY = {"pk": "P", "sk": "a"}


def tables(seed: int = 1) -> tuple[DynamoDB, Moments]:
    moments = Moments(random.Random(seed), LAG)  # noqa: S311  chance that can be repeated
    return DynamoDB(lambda _: Fate.DONE, lambda *_: None, moments=moments), moments


def write(table: Table, number: int) -> None:
    table.update(KEY, Change.setting({"n": number}))


def test_an_eventually_consistent_read_shows_any_moment_within_the_lag_and_none_before() -> None:
    dynamodb, _ = tables()
    table = Table(cast("Any", dynamodb), "T")
    seen = set()
    for number in range(1, 200):
        write(table, number)
        (item,) = table.get_many([KEY]) if number % 2 else table.query("P")
        seen.add(number - item["n"])
    assert seen == {0, 1, 2}  # of five calls, every second one a write


def test_an_item_that_is_new_may_not_be_there_yet() -> None:
    answers = set()
    for seed in range(50):
        dynamodb, moments = tables(seed)
        table = Table(cast("Any", dynamodb), "T")
        write(table, 1)
        answers.add(table.get(KEY) is None)
        moments.wait()
        assert table.get(KEY)
    assert answers == {True, False}


def test_a_consistent_read_shows_what_stands() -> None:
    dynamodb, _ = tables()
    table, consistent = (
        Table(cast("Any", client), "T") for client in (dynamodb, Consistent(dynamodb))
    )
    for number in range(1, 100):
        write(table, number)
        items = [table.get(KEY, consistent=True), consistent.get(KEY)]
        items += [*consistent.get_many([KEY]), *consistent.query("P")]
        assert [item and item["n"] for item in items] == [number] * 4


def test_items_of_a_batch_are_read_in_any_order_and_something_may_happen_between_them() -> None:
    dynamodb, _ = tables()
    table = Table(cast("Any", dynamodb), "T")
    keys = [{"pk": "P", "sk": name} for name in "abc"]
    for key in keys:
        table.update(key, Change.setting({"n": 0}))
    orders: set[tuple[int, ...]] = set()
    for _ in range(50):
        order: list[str] = []
        patched = DynamoDB(
            lambda _: Fate.DONE,
            lambda *_: None,
            moments=Moments(random.Random(len(orders)), LAG),  # noqa: S311  likewise
            between=lambda: order.append("between"),  # noqa: B023  called at once
        )
        patched.tables = dynamodb.tables
        found = Table(cast("Any", patched), "T").get_many(keys, consistent=True)
        orders.add(tuple(item["sk"] for item in found))
        assert len(order) == len(keys)
    assert len(orders) > 1


def turns(seed: int) -> list[str]:
    """Give in which order three threads of two steps each go on."""
    threads, steps = Turns(random.Random(seed)), []  # noqa: S311  likewise

    def act(name: str) -> str:
        for step in range(2):
            threads.pass_on()
            steps.append(f"{name}{step}")
        return name

    with threads.in_place():
        assert for_each("abc", act) == ["a", "b", "c"]
    return steps


def test_threads_take_turns_as_the_seed_says() -> None:
    orders = [turns(seed) for seed in range(100)]
    assert orders == [turns(seed) for seed in range(100)]
    assert len({tuple(order) for order in orders}) > 10
    assert any(order.index("b0") < order.index("a1") < order.index("b1") for order in orders)


def test_all_threads_end_before_an_error_of_one_is_raised() -> None:
    for seed in range(20):
        begun, ended = set[str](), list[str]()
        threads = Turns(random.Random(seed))  # noqa: S311  likewise

        def act(name: str) -> None:
            begun.add(name)  # noqa: B023  called at once
            threads.pass_on()  # noqa: B023  likewise
            if name == "b":
                raise LookupError
            ended.append(name)  # noqa: B023  likewise

        with threads.in_place(), pytest.raises(LookupError):
            for_each("abc", act)
        assert begun - {"b"} == set(ended)


def test_after_a_crash_no_thread_goes_on() -> None:
    for seed in range(20):
        steps: list[str] = []
        threads = Turns(random.Random(seed))  # noqa: S311  likewise

        def act(name: str) -> None:
            threads.pass_on()  # noqa: B023  likewise
            if name == "a":
                steps.append("crash")  # noqa: B023  likewise
                raise Crashed
            steps.append(name)  # noqa: B023  likewise

        with threads.in_place(), pytest.raises(Crashed):
            for_each("abc", act)
        assert steps[-1] == "crash"
