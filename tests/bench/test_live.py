from bench.live import live_cost
from bench.traffic import Traffic

QUIET = Traffic(10_000, 500, zipf=1.0)
BUSY = Traffic(1_000_000, 5_000, zipf=1.0)


def test_where_few_read_several_views_pay_for_a_write() -> None:
    assert live_cost(QUIET, shards=4, window=60, batch_size=7_000).writes <= 0.25


def test_the_last_half_hour_is_read_for_few_units_where_many_read() -> None:
    cost = live_cost(BUSY, shards=4, window=60, batch_size=7_000)
    assert cost.writes <= 0.025
    assert cost.read_units <= 60
