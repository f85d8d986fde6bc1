"""The pages of a batch are folded at the same time: in bounds, in order, and all of them."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from circulation.aws.parallel import FEW, WORKERS
from circulation.counting.tally import Batch, Increment, LedgerLine, Refusal
from circulation.counting.tallying import tally
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from tests.builders import line, pages, publish_all
from tests.memory_store import store_in_memory

ARTICLES = [f"article-{number:02}" for number in range(3 * WORKERS)]
SECONDS = 20
"""How long a thread waits for others at most; the test fails then."""


class Folds:
    """Listens to the folds into pages, and lets a test act in each."""

    def __init__(self, store: Container, act: Callable[[Increment], None]) -> None:
        self.threads: dict[str, set[int]] = defaultdict(set)
        self.marks: dict[str, list[str]] = defaultdict(list)
        self.running = self.most = 0
        self.act, self._grow = act, store.books.day_book.grow
        self._lock = threading.Lock()
        store.books.day_book.grow = self.grow  # type: ignore[method-assign]

    def grow(self, increment: Increment) -> int | Refusal:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.threads[increment.article].add(threading.get_ident())
            self.marks[increment.article].append(increment.first)
        try:
            self.act(increment)
            return self._grow(increment)
        finally:
            with self._lock:
                self.running -= 1


@pytest.fixture
def store() -> Container:
    store = store_in_memory()
    publish_all(store, *ARTICLES)
    return store


def interleaved(articles: list[str], rounds: int = 3) -> list[LedgerLine]:
    """One line of every article, then a second one of each, and so on."""
    numbers: Iterator[int] = iter(range(1, 1 + rounds * len(articles)))
    return [line(next(numbers), article) for _ in range(rounds) for article in articles]


def test_as_many_pages_as_there_are_threads_are_folded_at_the_same_time(store: Container) -> None:
    together = threading.Barrier(WORKERS)
    folds = Folds(store, lambda _: void(together.wait(SECONDS)))
    tally(Batch("s", interleaved(ARTICLES)), store.books)
    assert folds.most == WORKERS
    assert pages(store) == dict.fromkeys(ARTICLES, 3)


def test_the_lines_of_a_page_are_folded_by_one_thread_in_their_order(store: Container) -> None:
    lines = interleaved(ARTICLES)
    tally(Batch("s", lines[: len(ARTICLES)]), store.books)
    folds = Folds(store, lambda _: None)
    tally(Batch("s", lines), store.books)  # the first line of each is refused, so it takes two
    assert {len(threads) for threads in folds.threads.values()} == {1}
    assert {len(marks) for marks in folds.marks.values()} == {2}
    assert all(marks == sorted(marks) for marks in folds.marks.values())
    assert pages(store) == dict.fromkeys(ARTICLES, 3)


@pytest.mark.parametrize("error", [StoreUnavailable("throttled"), ValueError("a bug")], ids=repr)
@pytest.mark.parametrize("number", [FEW, len(ARTICLES)])
@pytest.mark.parametrize("place", [0, FEW // 2, -1])
def test_a_page_that_fails_stops_no_other_and_is_raised_when_all_are_done(
    store: Container, error: Exception, number: int, place: int
) -> None:
    articles, failed = ARTICLES[:number], threading.Event()
    failing = articles[place]

    def fail(increment: Increment) -> None:
        if increment.article == failing:
            failed.set()
            raise error
        if number > WORKERS and place == 0:  # the others go on when it has failed, and not before
            assert failed.wait(SECONDS)

    folds = Folds(store, fail)
    batch = Batch("s", interleaved(articles))
    with pytest.raises(type(error)):
        tally(batch, store.books)
    assert folds.running == 0
    assert pages(store) == dict.fromkeys({*articles} - {failing}, 3)
    folds.act = lambda _: None
    assert tally(batch, store.books).folded == 3  # delivered again, it folds what was left
    assert pages(store) == dict.fromkeys(articles, 3)
    assert store.books.count(failing).views == 3


def void(_: object) -> None:
    """Leave a result alone."""
