"""Many independent calls to AWS at the same time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

WORKERS = 16
"""Threads; fewer than the connections that a client keeps."""
FEW = 8
"""Up to this many calls are made one by one, which takes no longer than to start threads."""

T = TypeVar("T")
R = TypeVar("R")


def for_each(items: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """Call act with every item and give the results in the items' order.

    All calls that were started end before an error of one of them is raised.
    """
    items = list(items)
    if len(items) <= FEW:
        return [act(item) for item in items]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(act, items))
