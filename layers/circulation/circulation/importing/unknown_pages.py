"""Pages of the site that no article is at yet: perhaps there is a new one in the site's feed."""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta

PAUSE = timedelta(minutes=1)
"""Between two pages that are news."""
MAX_PAGES = 1_000


class UnknownPages:
    """The unknown pages that a container has noticed: those of fronts and lists stay unknown."""

    def __init__(self) -> None:
        self._pages = OrderedDict[str, None]()
        self._last = datetime.min.replace(tzinfo=UTC)

    def are_news(self, path: str, *, now: datetime) -> bool:
        """Tell whether a canonical path is worth a look at the feed, and note it if it is.

        It is, once, if no other one was within PAUSE.
        """
        if path in self._pages or abs(now - self._last) < PAUSE:
            return False
        self._last = now
        self._pages[path] = None
        if len(self._pages) > MAX_PAGES:
            self._pages.popitem(last=False)
        return True
