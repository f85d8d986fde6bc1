"""Count one view under the reserved id, and take everything away that can be seen of it.

The canary is a counter without an article (circulation.counting.canary). It is opened and closed
by the operator's own right to that one item, and viewed through the API, as readers are counted.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from circulation.aws.table import Change
from circulation.counting.keys import count_key
from circulation.errors import CirculationError
from circulation.ids import CANARY
from circulation.runtime import Container
from circulation.times import format_time
from circulation_cli.examination.canary_rules import Flight

PATH = f"/articles/{CANARY}/views"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LONGER = 120.0
"""Seconds beyond the tally's window for which the canary's number is waited for."""
INTERVAL = 3.0
"""Seconds between two looks at it."""


_FAULTS = (
    httpx.HTTPError,
    BotoCoreError,
    ClientError,
    CirculationError,
    KeyError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Canary:
    """The canary of a stack. Its clock and its pauses are arguments."""

    container: Container
    client: httpx.Client
    window: float
    """Seconds of the tally's window."""
    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def fly(self) -> Flight:
        """Publish, view, wait for the tally, and unpublish, also if it is broken off."""
        if self.container.catalogue.library.find(CANARY, consistent=True):
            return Flight(taken=True)
        flight = Flight()
        try:
            self.open()
            flight = self._count(flight)
        except _FAULTS as error:
            flight = replace(flight, error=_line(error))
        finally:
            left = self.close()  # also if it is interrupted
        if left:
            return replace(flight, left=left)
        try:
            return replace(flight, status_after=self.client.get(PATH, params=_unique()).status_code)
        except httpx.HTTPError as error:
            return replace(flight, error=flight.error or _line(error))

    def open(self) -> None:
        """Publish it: from now on its views are counted. Raises StoreUnavailable."""
        change = Change.setting(
            {"base": 0, "title": "Canary", "published": format_time(self.now())},
            removing=["unpublished"],
        )
        self.container.library_table.update(count_key(CANARY), change)

    def close(self) -> str:
        """Unpublish it; say why not if that fails."""
        change = Change.setting({"unpublished": format_time(self.now())}, removing=["title"])
        try:
            self.container.library_table.update(count_key(CANARY), change)
        except _FAULTS as error:
            return _line(error) if self._may_be_open() else ""
        return ""

    def _may_be_open(self) -> bool:
        """Tell whether it is public, or nobody knows: opening it may have failed, too."""
        try:
            found = self.container.books.counts([CANARY], consistent=True).get(CANARY)
            return found is not None and found.is_public(self.now())
        except _FAULTS:
            return True

    def _count(self, flight: Flight) -> Flight:
        before = self.container.books.counts([CANARY], consistent=True)[CANARY].views
        nonce, agent = secrets.token_urlsafe(16), f"{BROWSER} {secrets.token_hex(4)}"
        answers = tuple(self._view(nonce, agent) for _ in range(2))
        flight = replace(flight, before=before, answers=answers)
        if not all(counted for _, counted, _, _ in answers):
            return flight
        begun = self.monotonic()
        shown = None
        while shown != before + 1 and self.monotonic() - begun < self.window + LONGER:
            self.sleep(INTERVAL)
            answer = self.client.get(PATH, params=_unique())
            shown = int(answer.json()["views"]) if answer.status_code == httpx.codes.OK else None
        return replace(flight, tallied=shown, waited=self.monotonic() - begun)

    def _view(self, nonce: str, agent: str) -> tuple[int, bool, str, int | None]:
        answer = self.client.post(PATH, json={"nonce": nonce}, headers={"user-agent": agent})
        if answer.status_code != httpx.codes.OK:
            return answer.status_code, False, "", None
        outcome = answer.json()
        return 200, bool(outcome["counted"]), str(outcome.get("reason") or ""), outcome["views"]


def _unique() -> dict[str, str]:
    """Give a query that no cache has an answer to."""
    return {"at": secrets.token_hex(4)}


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
