"""Parallel calls: many calls to the tables that do not depend on each other, at the same time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

WORKERS = 16
"""Threads; fewer than the connections that a client keeps."""
FEW = 8
"""So many calls are over before threads are started for them."""

T = TypeVar("T")
R = TypeVar("R")


def for_each(items: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """Call act with every item; give what came of each, in the items' order.

    All calls that were begun are over before an error of one of them is raised.
    """
    items = list(items)
    if len(items) <= FEW:
        return [act(item) for item in items]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(act, items))
