from dataclasses import replace
from typing import Any

import pytest

from bench.cost import (
    BY_URL,
    CIRCULATION,
    DESIGNS,
    TRAFFICS,
    Design,
    batches,
    cost_per_day,
    fixed_month,
    measure,
    traces,
    widget_cost,
)
from bench.invocation import Handler
from bench.live import LiveCost
from bench.prices import MILLION, Prices
from bench.traffic import Traffic


@pytest.fixture(autouse=True)
def _metered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what is metered over a day as given: it takes long."""
    monkeypatch.setattr("bench.cost.ranking_cost", lambda _views, _articles: 0.25)
    monkeypatch.setattr("bench.cost.live_cost", lambda *_: LiveCost(0.2, 0.0, 0.0))


BUSY = Traffic(views_per_day=1_000_000, articles_per_day=50)


def per_million(design: Design = CIRCULATION, **changes: Any) -> float:
    changed = replace(design, **changes)
    return cost_per_day(changed, BUSY, Prices()).per_million(BUSY.views_per_day).total


def test_a_day_of_a_million_views_costs_what_a_million_views_cost() -> None:
    day = cost_per_day(CIRCULATION, BUSY, Prices())
    assert day.total == pytest.approx(day.per_million(MILLION).total)


def test_every_write_unit_is_paid_for() -> None:
    more = replace(CIRCULATION, writes=CIRCULATION.writes + 1)
    assert per_million(more) - per_million() == pytest.approx(0.625)


def test_the_function_url_saves_what_the_api_costs_and_nothing_else() -> None:
    by_api, by_url = (cost_per_day(design, BUSY, Prices()) for design in (CIRCULATION, BY_URL))
    assert by_url.api == 0
    assert by_api.api == pytest.approx(1.0)
    assert replace(by_url, api=by_api.api) == by_api


def test_a_longer_window_makes_fewer_batches_and_costs_less() -> None:
    assert batches(replace(CIRCULATION, window=300), BUSY) < batches(CIRCULATION, BUSY)
    assert per_million(window=300) < per_million()


def test_views_that_fill_batches_do_not_wait_for_the_window() -> None:
    flood = Traffic(views_per_day=1_000_000_000, articles_per_day=50)
    assert batches(CIRCULATION, flood) > 4 * 86_400 / CIRCULATION.window


def test_there_are_never_more_batches_than_views() -> None:
    assert batches(CIRCULATION, Traffic(views_per_day=10, articles_per_day=5)) == 10


def test_a_cache_spares_reads_and_nothing_else() -> None:
    plain = cost_per_day(CIRCULATION, BUSY, Prices())
    cached = cost_per_day(replace(CIRCULATION, read_cache=0.9), BUSY, Prices())
    assert cached.reads == pytest.approx(plain.reads / 10)
    assert replace(cached, reads=plain.reads) == plain


def test_where_tracing_is_on_the_first_view_of_each_second_is_traced() -> None:
    traced = replace(CIRCULATION, handler=replace(CIRCULATION.handler, traced=0.05))
    assert traces(traced, Traffic(10_000, 5)) == 10_000
    assert traces(traced, Traffic(186_400, 5)) == 86_400 + 5_000
    assert traces(CIRCULATION, Traffic(186_400, 5)) == 0


def test_every_usual_design_is_there_with_traces_and_without() -> None:
    pairs = [design.name.rpartition(", ") for design in DESIGNS if design.name.endswith("traced")]
    names = {name for name, *_ in pairs}
    assert len(names) == 3
    assert {(name, word) for name, _, word in pairs} == {
        (name, word) for name in names for word in ("traced", "not traced")
    }


def test_views_fall_on_fewer_articles_by_zipf_and_never_on_more_than_there_are() -> None:
    even, zipf = Traffic(1e6, 5_000), Traffic(1e6, 5_000, zipf=1.0)
    assert even.met(1) == pytest.approx(1, rel=1e-3)
    assert zipf.met(1) == pytest.approx(1, rel=0.1)
    assert zipf.met(700) < even.met(700) < 700
    assert even.met(1e9) == pytest.approx(5_000)


def test_readers_who_prefer_some_articles_cost_less() -> None:
    for traffic in TRAFFICS:
        even = replace(traffic, zipf=0.0)
        ours, evenly = (cost_per_day(CIRCULATION, each, Prices()) for each in (traffic, even))
        assert ours.tally < evenly.tally
        assert replace(ours, tally=0) == replace(evenly, tally=0)


def test_the_script_costs_a_request_of_the_api_for_each_fetch_and_hardly_more() -> None:
    dollars = widget_cost(Prices())
    assert 0.6 * 1.20 < dollars < 0.6 * 1.25


def test_what_does_not_grow_with_the_views_has_the_parts_of_an_idle_stack() -> None:
    parts = fixed_month(Prices())
    assert {"alarms", "queues polled", "schedules", "own metrics"} <= parts.keys()
    assert parts["own metrics"] == pytest.approx(6 * 0.30)


def test_waiting_is_billed_by_memory_and_computing_is_not() -> None:
    waiting, computing = (Handler(cpu_ms=cpu, calls=calls, log_bytes=0)
                          for cpu, calls in ((0, 1), (1, 0)))  # fmt: skip
    assert (
        replace(waiting, memory_mb=2 * waiting.memory_mb).gb_seconds() == 2 * waiting.gb_seconds()
    )
    doubled = replace(computing, memory_mb=1_024).gb_seconds()
    assert doubled == pytest.approx(computing.gb_seconds())


def test_only_a_design_with_a_ledger_tallies_and_seals() -> None:
    for design in DESIGNS:
        cost = cost_per_day(design, BUSY, Prices())
        assert (cost.tally > 0) == (cost.seal > 0) == design.tallies


def test_the_model_is_told_for_every_traffic_and_design() -> None:
    section = measure()
    assert all(f"{traffic.views_per_day:,.0f} views a day on" in section for traffic in TRAFFICS)
    assert all(section.count(f"| {design.name} |") == len(TRAFFICS) for design in DESIGNS)


def test_the_rankings_and_the_last_minutes_are_in_the_sum_of_circulation_alone() -> None:
    for design in DESIGNS:
        cost = cost_per_day(design, BUSY, Prices()).per_million(BUSY.views_per_day)
        assert cost.rankings == pytest.approx(0.25 if design.tallies else 0)
        assert cost.live == pytest.approx(0.125 if design.tallies else 0)
