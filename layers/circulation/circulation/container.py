"""What a Lambda container keeps from one request to the next."""

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
    """Build the container's one Container on first use."""
    loaded = settings.load()
    return Container(loaded, Store.connect(loaded))
