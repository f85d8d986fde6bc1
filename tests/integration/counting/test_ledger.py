from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.counting.traits import Traits
from circulation.counting.view import Entry, View
from circulation.runtime import Container
from circulation.times import milliseconds
from circulation.views.visitor import nonce_hash, visitor_hash
from tests.builders import BROWSER, NOW, TODAY

WINDOW = timedelta(minutes=30)


def enter(
    store: Container,
    address: str = "192.0.2.1",
    *,
    nonce: str = "n1",
    at: datetime = NOW,
    window: timedelta = WINDOW,
) -> Entry:
    visitor = visitor_hash(bytes(32), "a", address, BROWSER)
    return store.ledger.enter(View("a", TODAY, visitor, nonce, at), repeat_window=window)


def test_a_visitors_first_view_is_counted(store: Container) -> None:
    assert enter(store) == Entry(counted=True, fresh=True, at=NOW, views=1)


def test_a_repeat_within_the_window_is_not(store: Container) -> None:
    enter(store)
    again = enter(store, nonce="n2", at=NOW + timedelta(minutes=29))
    assert again == Entry(counted=False, fresh=False, at=NOW, views=1)


def test_a_view_after_the_window_is_counted_again(store: Container) -> None:
    enter(store)
    later = NOW + WINDOW
    assert enter(store, nonce="n2", at=later) == Entry(counted=True, fresh=True, at=later, views=2)


def test_without_a_window_every_load_counts_in_whatever_order_they_arrive(store: Container) -> None:
    none = timedelta(0)
    enter(store, nonce="n2", at=NOW + timedelta(milliseconds=5), window=none)
    assert enter(store, nonce="n1", at=NOW, window=none).counted
    assert enter(store, nonce="n1", at=NOW, window=none).views == 2


@pytest.mark.parametrize("minutes", [0, 45])
def test_a_retry_is_reported_as_counted_and_counts_once(store: Container, minutes: int) -> None:
    enter(store)
    retried = enter(store, at=NOW + timedelta(minutes=minutes))
    assert retried == Entry(counted=True, fresh=False, at=NOW, views=1)
    assert store.ledger.recount("a", TODAY).views == 1


def stored(store: Container) -> list[dict[str, Any]]:
    return list(store.ledger_table.scan())


def test_a_line_tells_what_the_last_counted_view_told_and_no_older_one(store: Container) -> None:
    first = View(
        "a", TODAY, "v" * 22, "n1", NOW, traits=Traits("a.example", "AZ", None, "mail", "spring")
    )
    store.ledger.enter(first, repeat_window=WINDOW)
    (line,) = stored(store)
    assert (line["r"], line["c"], line.get("f")) == ("a.example", "AZ", None)
    assert (line["s"], line["k"]) == ("mail", "spring")
    repeat = first._replace(nonce="n2", traits=Traits("repeat.example"))
    store.ledger.enter(repeat, repeat_window=WINDOW)
    assert stored(store) == [line]
    later = View("a", TODAY, "v" * 22, "n3", NOW + WINDOW, traits=Traits(form_factor="phone"))
    store.ledger.enter(later, repeat_window=WINDOW)
    (line,) = stored(store)
    assert (line.get("r"), line.get("c"), line["f"]) == (None, None, "phone")
    assert not {"s", "k"} & line.keys()


def test_a_line_of_nobody_in_particular_is_recounted_as_views_only(store: Container) -> None:
    enter(store)
    for nonce in ("n1", "n2", "n2"):
        visitor = nonce_hash(bytes(32), "a", nonce)
        view = View("a", TODAY, visitor, nonce, NOW, anonymous=True)
        entry = store.ledger.enter(view, repeat_window=WINDOW)
        assert (entry.counted, entry.anonymous, entry.is_new_visitor) == (True, True, False)
    count = store.ledger.recount("a", TODAY)
    assert (count.views, count.visitors) == (3, 1)


def test_a_recount_sums_all_16_partitions(store: Container) -> None:
    for host in range(40):
        enter(store, f"192.0.2.{host}")
    enter(store, "192.0.2.0", nonce="n2", at=NOW + timedelta(hours=1))
    count = store.ledger.recount("a", TODAY)
    assert (count.views, count.visitors) == (41, 40)
    assert count.hours == {15: 39, 16: 2}


def test_a_line_expires_four_days_after_its_day_and_holds_no_address(store: Container) -> None:
    enter(store)
    (line,) = store.ledger_table.scan()
    assert set(line) == {"pk", "sk", "n", "at", "x", "xs", "ttl"}
    assert line["at"] == milliseconds(NOW)
    assert line["ttl"] == 1_773_792_000  # 2026-03-18T00:00:00Z
    assert "192.0.2" not in str(line)
    assert "Mozilla" not in str(line)
