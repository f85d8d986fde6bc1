from hypothesis import given
from hypothesis import strategies as some

from circulation.counting.line_sums import HOUR_MS, LineSum, Numbers, total_of
from circulation.times import milliseconds
from tests.builders import NOW

MIDNIGHT = milliseconds(NOW) - milliseconds(NOW) % (24 * HOUR_MS)
LINES = some.lists(
    some.builds(
        Numbers,
        some.just(""),
        some.integers(1, 9),
        some.integers(MIDNIGHT, MIDNIGHT + 24 * HOUR_MS - 1),
        some.booleans(),
    ),
    max_size=20,
).map(lambda lines: [Numbers(f"v{place:02}", *line[1:]) for place, line in enumerate(lines)])


@given(lines=LINES, portion=some.integers(1, 25))
def test_lines_add_up_to_the_same_in_whatever_portions_they_come(
    lines: list[Numbers], portion: int
) -> None:
    reached, start = LineSum(), 0
    while not reached.done:
        reached = reached.plus(lines[start : start + portion], at_most=portion)
        start += portion
    assert reached == LineSum().plus(lines, at_most=None)
    assert start - portion <= len(lines) < start
    total = total_of([reached, reached])
    assert total.views == 2 * sum(line.views for line in lines)
    assert total.visitors == 2 * sum(not line.anonymous for line in lines)
    assert sum(total.hours.values()) == total.views


def test_the_views_of_a_line_are_of_the_hour_of_its_last_one() -> None:
    at = milliseconds(NOW)
    summed = LineSum().plus([Numbers("a", 2, at, False), Numbers("b", 3, at, True)], at_most=9)
    assert (summed.views, summed.visitors, summed.last, summed.done) == (5, 1, "b", True)
    assert {hour: number for hour, number in enumerate(summed.hours) if number} == {NOW.hour: 5}


def test_a_partition_is_done_when_fewer_lines_came_than_were_asked_for() -> None:
    lines = [Numbers("a", 1, 0, False), Numbers("b", 1, 0, False)]
    assert not LineSum().plus(lines, at_most=2).done
    assert LineSum().plus(lines, at_most=3).done
    assert LineSum(last="b").plus([], at_most=2) == LineSum(last="b", done=True)
