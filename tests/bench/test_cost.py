from dataclasses import replace
from typing import Any

import pytest

from bench.cost import (
    CIRCULATION,
    DESIGNS,
    TRAFFICS,
    Design,
    Handler,
    Traffic,
    batches,
    cost_per_day,
    measure,
    traces,
)
from bench.prices import MILLION, Prices

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


def test_the_first_view_of_each_second_is_traced() -> None:
    assert traces(CIRCULATION, Traffic(10_000, 5)) == 10_000
    assert traces(CIRCULATION, Traffic(186_400, 5)) == 86_400 + 5_000


def test_waiting_is_billed_by_memory_and_computing_is_not() -> None:
    waiting, computing = (Handler(cpu_ms=cpu, calls=calls, log_bytes=0)
                          for cpu, calls in ((0, 1), (1, 0)))  # fmt: skip
    assert replace(waiting, memory_mb=1_024).gb_seconds() == 2 * waiting.gb_seconds()
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
