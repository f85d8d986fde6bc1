from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from circulation.counting.counts import Labels
from circulation.statistics.figures import Now
from circulation.statistics.live import Minute
from circulation.statistics.now import MAX_CANDIDATES, MAX_MOVERS, moving, now_of

NOW = datetime(2026, 11, 28, 9, 15, 26, tzinfo=UTC)
THIS = NOW.replace(second=0)
MINUTE = timedelta(minutes=1)


def minute(source: str = "", /, **articles: int) -> Minute:
    leads = {article: Counter({source: views}) for article, views in articles.items()}
    return Minute(sum(articles.values()), Counter(articles), Counter(), leads if source else {})


def ago(**articles: tuple[int, int]) -> dict[datetime, Minute]:
    """Minutes in which articles had views: each article's in the recent five, and in those before.

    They are in the first minute of either, so that a border that is wrong by one shows.
    """
    return {
        THIS - 4 * MINUTE: minute(**{name: recent for name, (recent, _) in articles.items()}),
        THIS - 29 * MINUTE: minute(**{name: before for name, (_, before) in articles.items()}),
        THIS: minute(clock=1),
    }


def shown(minutes: Mapping[datetime, Minute], now: datetime = NOW) -> Now:
    labels = {name: Labels(title=name.title(), section="city") for name in moving(minutes, now)}
    return now_of(minutes, labels, now)


def test_of_the_last_five_minutes_the_views_are_added_up() -> None:
    minutes = {THIS - back * MINUTE: minute(a=10**back) for back in range(8)}
    assert shown(minutes).views == 11_111


def test_there_are_thirty_minutes_also_those_without_views() -> None:
    now = shown({THIS: minute(a=3), THIS - 29 * MINUTE: minute(a=2), THIS - 30 * MINUTE: minute()})
    assert now.minutes[0] == (THIS - 29 * MINUTE, 2)
    assert now.minutes[-1] == (THIS, 3)
    assert [views for _, views in now.minutes[1:-1]] == [0] * 28


def test_the_half_hour_ends_with_the_newest_minute_that_was_told() -> None:
    minutes = {THIS - back * MINUTE: minute(a=1) for back in range(3, 20)}
    assert (shown(minutes).as_of, shown(minutes).views) == (THIS - 3 * MINUTE, 5)


def test_where_nobody_reads_any_more_there_are_no_views_now() -> None:
    now = shown({THIS - 12 * MINUTE: minute(a=7)})
    assert (now.as_of, now.views) == (THIS - 5 * MINUTE, 0)
    assert sum(views for _, views in now.minutes) == 7


def test_without_any_view_there_is_nothing() -> None:
    now = shown({})
    assert (now.views, now.movers, len(now.minutes)) == (0, (), 30)


def test_movers_are_ordered_by_readers_gained_then_by_readers_lost() -> None:
    minutes = ago(big=(40, 140), small=(3, 1), lost=(0, 12), more=(1, 59), steady=(4, 20))
    now = shown(minutes)
    assert [mover.article for mover in now.movers] == ["big", "small", "clock", "more", "lost"]
    big = now.movers[0]
    assert (big.views, big.before) == (40, 30.0)
    assert (big.title, big.section) == ("Big", "city")


def test_a_mover_names_where_most_of_its_readers_come_from_now() -> None:
    minutes = {THIS: minute("mail", a=2), THIS - 9 * MINUTE: minute("search", a=5)}
    assert shown(minutes).movers[0].source == "mail"
    minutes = {THIS: minute(b=1), THIS - 9 * MINUTE: minute("search", a=7)}
    assert [mover.source for mover in shown(minutes).movers] == [None, "search"]


def test_at_most_twelve_are_shown_and_none_that_is_not_published() -> None:
    minutes = {THIS: minute(**{f"a{place:02}": 100 - place for place in range(40)})}
    candidates = moving(minutes, NOW)
    assert len(candidates) == MAX_CANDIDATES
    labels = {name: Labels(title=name) for name in candidates} | {"a01": Labels()}
    del labels["a03"]
    movers = [mover.article for mover in now_of(minutes, labels, NOW).movers]
    assert len(movers) == MAX_MOVERS
    assert movers[:3] == ["a00", "a02", "a04"]
