"""Views of the canary are counted, sealed and settled, and nothing else that is stored has them."""

from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from circulation.counting.canary import belongs_to_site
from circulation.counting.tally import Batch
from circulation.ids import CANARY, is_counted_id, is_id
from circulation.popularity.memory import Memory
from circulation.popularity.pace import Pace
from circulation.popularity.ranking import rank_popular
from circulation.runtime import Container
from circulation.statistics.article_months import note_article_day
from circulation.statistics.rebuilding import rebuild_month
from circulation.statistics.rolling_up import RollupMemory, roll_up
from circulation.statistics.rollup import SubjectKind
from circulation.statistics.tallying_live import tally_live
from circulation.times import end_of
from circulation.views.hit import Reason
from circulation_cli.examination.canary import Canary
from tests.builders import NOW, TODAY, line, publish_all
from tests.memory_store import metered_tables, store_on
from tests.simulation.dynamodb import DynamoDB

Items = dict[tuple[str, str], Any]
AFTER = end_of(TODAY) + timedelta(hours=2)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write every roll-up that differs."""
    paces = dict.fromkeys(SubjectKind, Pace(timedelta(0), 0))
    monkeypatch.setattr("circulation.statistics.rolling_up.PACES", paces)


def canary_of(store: Container) -> Canary:
    return Canary(store, httpx.Client(), 0.0, lambda: NOW)


def sum_up(store: Container) -> None:
    for now in (NOW, AFTER):
        found = rank_popular(store.charts, store.catalogue, store.books, Memory(), now=now)
        assert found
        roll_up(found, store.rollup_sources, RollupMemory(), now=now, clock=now)
        settle(store)
    found = rank_popular(store.charts, store.catalogue, store.books, Memory(), now=AFTER)
    assert found
    roll_up(found, store.rollup_sources, RollupMemory(), now=AFTER, clock=AFTER)
    list(rebuild_month([TODAY], TODAY, found.standings, store.rollup_sources, now=AFTER))


def settle(store: Container) -> None:
    """Seal every page with the numbers that it has, note it in its month, and close the day."""
    books = store.books
    for page in list(books.day_book.pages(TODAY)):
        labels = books.counters.labels_of(page.article)
        books.day_book.seal(page, page.count, complete=True, labels=labels)
        books.counters.settle(page.article, TODAY, page.count, closed="2026-01-01")
        note_article_day(page.article, TODAY, books.day_book, store.rollups)
    books.day_book.close(TODAY)


def day_with(*, canary: bool) -> tuple[Container, Items]:
    """Let a day pass on which readers came, and perhaps a canary; give what is stored after it."""
    dynamodb = metered_tables(DynamoDB)
    store = store_on(dynamodb)
    store.emit = lambda _service, _sums: None
    publish_all(store, "a", "b")
    lines = [line(mark, "a", source="search") for mark in range(1, 4)]
    lines += [line(mark, "b", country="AZ") for mark in range(4, 6)]
    store.filtered.count("a", TODAY, Reason.BOT, now=NOW)
    if canary:
        canary_of(store).open()
        lines += [line(mark, CANARY, referrer="search.example") for mark in range(6, 16)]
        store.filtered.count(CANARY, TODAY, Reason.BOT, now=NOW)
    tally_live(Batch("shard", lines), store.books, store.live_views, now=NOW)
    if canary:
        assert store.books.counts([CANARY], consistent=True)[CANARY].views == 10
        assert canary_of(store).close() == ""
    sum_up(store)
    items = {(item["pk"]["S"], item["sk"]["S"]): item for item in dynamodb.items("Library")}
    return store, items


def test_everything_stored_is_as_without_it_but_its_counter_its_page_and_its_filtered_hits() -> (
    None
):
    _, without = day_with(canary=False)
    store, with_it = day_with(canary=True)
    own = {key: with_it[key] for key in with_it.keys() - without.keys()}
    assert sorted(Counter(pk.partition("#")[0] for pk, _ in own)) == ["ARTICLE", "DAY", "FILTERED"]
    assert all(CANARY in key[0] or key[1] == CANARY for key in own)
    assert {key: item for key, item in with_it.items() if key not in own} == without
    settled = store.books.counts([CANARY], consistent=True)[CANARY]
    assert (settled.views, settled.is_public(NOW)) == (10, False)


def test_what_is_compared_would_show_its_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: with the rule taken away, totals and roll-ups have them."""
    for module in (
        "circulation.counting.day_book",
        "circulation.statistics.article_months",
        "circulation.statistics.live",
        "circulation.views.filtered",
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"{module}.belongs_to_site", lambda _: True)
            _, without = day_with(canary=False)
            _, with_it = day_with(canary=True)
        differing = {key for key, item in with_it.items() if without.get(key) != item}
        own = {key for key in with_it if key[1] == CANARY or key[0] == f"ARTICLE#{CANARY}"}
        assert differing - own, module


def test_its_page_is_sealed_from_the_ledger_like_any_other() -> None:
    store, _ = day_with(canary=True)
    page = store.books.day_book.page(CANARY, TODAY)
    assert (page.sealed, page.count.views) == (True, 10)


def test_its_id_is_counted_and_is_no_articles() -> None:
    assert (is_id(CANARY), is_counted_id(CANARY), belongs_to_site(CANARY)) == (False, True, False)
    assert (is_id("a"), is_counted_id("a"), belongs_to_site("a")) == (True, True, True)
    assert not is_counted_id("by-url")
