"""What a Lambda container keeps from one request to the next."""

import gc
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from circulation.settings import Settings, in_lambda

if in_lambda():
    # What is loaded stays: looking at it time and again would be a twentieth of a cold start.
    gc.disable()

from circulation.gathered import Gathered
from circulation.popularity import Memory
from circulation.store import Store
from circulation.throttle import Throttle
from circulation.web.renditions import Renditions

METRICS_EVERY = timedelta(minutes=1)
MAX_RENDITION_BYTES = 48 * 1024 * 1024
"""A container has 512 MB, of which the code takes a fifth."""
MAX_ARCHIVE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Container:
    """The settings; the store, with its connections and small caches; and what memory keeps."""

    settings: Settings
    store: Store
    throttle: Throttle = field(default_factory=Throttle)
    filtered: Gathered[str] = field(default_factory=lambda: Gathered(METRICS_EVERY))
    """Filtered hits by the metric of their reason."""
    memory: Memory = field(default_factory=Memory)
    """What the rankings and the totals need not read again."""
    renditions: Renditions = field(default_factory=lambda: Renditions(MAX_RENDITION_BYTES, 500))
    """The feeds, and what is written of all listings; as many as there are sections and names."""
    archive: Renditions = field(default_factory=lambda: Renditions(MAX_ARCHIVE_BYTES, 50))
    """What stands under addresses that anybody can make up, apart: it drives out no feed."""


@cache
def container() -> Container:
    """Build the one Container of this process on first use."""
    settings = Settings()
    return Container(settings, Store.connect(settings))


def warm_up() -> None:
    """Build the container while Lambda loads the function; elsewhere leave it for the first use.

    Lambda gives a function a whole core while it loads, whatever its memory size, so what the first
    request needs is cheapest then (AWS: Lambda execution environment lifecycle, Init phase). What
    was loaded stays, so the garbage collector need not look at it again.
    """
    if in_lambda():
        container()
        gc.freeze()
        gc.enable()
