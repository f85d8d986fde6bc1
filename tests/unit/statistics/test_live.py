from collections import Counter
from datetime import UTC, datetime, timedelta

from circulation.statistics.live import ENOUGH_VIEWS, LONGEST_WAIT, READABLE, Gathering, Portion
from tests.builders import line

NOW = datetime(2026, 11, 28, 9, 15, 26, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = 60 * SECOND


def lines(first: int, number: int, *, at: datetime = NOW) -> list:  # type: ignore[type-arg]
    return [line(first + place, at=at) for place in range(number)]


def views(portion: Portion | None) -> int:
    assert portion
    return portion.sightings.total()


def test_the_first_views_are_written_at_once() -> None:
    portion = Gathering("s").add([line(7, "a", at=NOW, source="home")], now=NOW)
    assert portion
    minute = int(NOW.timestamp()) // 60
    assert portion.sightings == Counter({("a", minute, "home"): 1})
    assert (portion.shard, int(portion.first)) == ("s", 7)
    assert portion.newest == NOW.replace(second=0)


def test_a_view_is_of_the_minute_in_which_it_was() -> None:
    portion = Gathering("s").add([line(1, at=NOW - 20 * MINUTE)], now=NOW)
    assert portion
    assert portion.newest == (NOW - 20 * MINUTE).replace(second=0)


def test_a_few_views_wait_for_others() -> None:
    gathering = Gathering("s")
    gathering.add(lines(1, 1), now=NOW)
    assert gathering.add(lines(2, ENOUGH_VIEWS - 1), now=NOW + MINUTE) is None
    portion = gathering.add(lines(20, 1), now=NOW + 2 * MINUTE)
    assert views(portion) == ENOUGH_VIEWS


def test_no_view_waits_longer_than_the_longest_wait_for_the_next_batch() -> None:
    gathering = Gathering("s")
    gathering.add(lines(1, 1), now=NOW)
    assert gathering.add(lines(2, 1), now=NOW + LONGEST_WAIT - SECOND) is None
    assert views(gathering.add(lines(3, 1), now=NOW + LONGEST_WAIT)) == 2


def test_where_many_come_the_views_of_a_minute_share_a_portion() -> None:
    gathering = Gathering("s")
    first = gathering.add(lines(1, 100), now=NOW)
    again = gathering.add(lines(101, 100), now=NOW + 59 * SECOND)
    assert first is again
    assert views(again) == 200
    later = gathering.add(lines(201, 100), now=NOW + MINUTE)
    assert later
    assert (views(later), int(later.first)) == (100, 201)


def test_what_is_delivered_again_is_gathered_once() -> None:
    gathering = Gathering("s")
    gathering.add(lines(1, 10), now=NOW)
    assert gathering.add(lines(1, 10), now=NOW + MINUTE) is None
    assert views(gathering.add(lines(6, 10), now=NOW + MINUTE)) == 5


def test_of_views_that_are_shown_nowhere_nothing_is_gathered() -> None:
    gathering = Gathering("s")
    old = line(1, at=NOW - READABLE - SECOND)
    ahead = line(2, at=NOW + MINUTE)
    assert gathering.add([old, ahead], now=NOW) is None
    assert views(gathering.add([line(3, at=NOW - READABLE)], now=NOW)) == 1


def test_an_empty_batch_changes_nothing() -> None:
    assert Gathering("s").add([], now=NOW) is None


def test_when_the_clock_was_set_back_the_waiting_views_are_written() -> None:
    gathering = Gathering("s")
    gathering.add(lines(1, 1), now=NOW + 60 * MINUTE)
    assert gathering.add(lines(2, 1), now=NOW)
