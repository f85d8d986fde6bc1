import pytest

from bench.prices import Prices
from bench.ranking import TARGET, RankingDay, simulate
from bench.ranking import ranking_cost as cost_of


@pytest.fixture(scope="module")
def day() -> RankingDay:
    """A day of 10,000 views of 500 articles, as RankPopular's own code reads and writes it."""
    return simulate(10_000, 500)


def test_a_quiet_site_pays_less_than_the_target_for_its_rankings(day: RankingDay) -> None:
    units, _ = day.dollars(Prices())
    assert 0.2 < units < 0.85 * TARGET, day  # the rest is for the function


def test_a_new_container_costs_no_more_than_a_counter_and_three_pages_of_every_article(
    day: RankingDay,
) -> None:
    containers = 12
    assert day.cold_reads / containers < 500
    assert day.reads - day.cold_reads < 30 * (day.runs - containers)


def test_more_articles_than_are_simulated_cost_in_proportion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bench.ranking.MAX_SIMULATED", 20)
    assert cost_of(2_000, 200) == pytest.approx(10 * cost_of(2_000, 20))
