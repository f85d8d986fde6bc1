"""What a Lambda container keeps from one request to the next."""

import gc
from dataclasses import dataclass
from functools import cache

from circulation import settings
from circulation.settings import Settings
from circulation.store import Store


@dataclass(frozen=True, slots=True)
class Container:
    """The settings and the store, with its open connections and small caches."""

    settings: Settings
    store: Store


@cache
def container() -> Container:
    """Build the one Container of this process on first use."""
    loaded = settings.load()
    return Container(loaded, Store.connect(loaded))


def warm_up() -> None:
    """Build the container while Lambda loads the function; elsewhere leave it for the first use.

    Lambda gives a function a whole core while it loads, whatever its memory size, so what the first
    request needs is cheapest then (AWS: Lambda execution environment lifecycle, Init phase). What
    was loaded stays, so the garbage collector need not look at it again.
    """
    if settings.in_lambda():
        container()
        gc.freeze()
