"""Many independent calls to AWS at the same time."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import ThreadPoolExecutor

WORKERS = 24
"""Threads; fewer than the connections that a client keeps. A call takes some 4 ms, and what a
thread computes for one a fraction of a millisecond: with fewer threads a core would wait."""
FEW = 8
"""Up to this many calls are made one by one, which takes no longer than to start threads."""

T = TypeVar("T")
R = TypeVar("R")


def portions(items: Iterable[T], size: int) -> list[list[T]]:
    """Divide items into portions of a size, in their order; the last one may be smaller."""
    items = list(items)
    return [items[start : start + size] for start in range(0, len(items), size)]


def for_each(items: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """Call act with every item and give the results in the items' order.

    All calls that were started end before an error of one of them is raised.
    """
    items = list(items)
    if len(items) <= FEW:
        return [act(item) for item in items]
    left = deque(enumerate(items))
    results: dict[int, R] = {}

    def work() -> None:
        """Take items as long as there are any: a task for each would cost more than a fold."""
        while True:
            try:
                place, item = left.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                results[place] = act(item)
            except BaseException:
                left.clear()
                raise

    with thread_pool(WORKERS) as pool:
        workers = [pool.submit(work) for _ in range(min(WORKERS, len(items)))]
    for worker in workers:
        worker.result()
    return [results[place] for place in range(len(items))]


def thread_pool(workers: int) -> ThreadPoolExecutor:
    """Start threads: what a container for views, which needs none, imports nothing for."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  see decision 4

    return ThreadPoolExecutor(workers)
