"""Tally a batch and note its views for the last minutes, without any harm to the tally."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from circulation.counting.tallying import Tallied, tally
from circulation.statistics.noting import Notes

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.counting.books import Books
    from circulation.counting.tally import Batch
    from circulation.statistics.live_views import LiveViews

PATIENCE = 0.5
"""Seconds that a batch waits for its note after it was tallied, at most."""

_notes = Notes("live views")


def tally_live(batch: Batch, books: Books, live_views: LiveViews, *, now: datetime) -> Tallied:
    """Fold a batch as counting.tallying.tally does, and note its views while that goes on."""
    note = _notes.begin(partial(live_views.put, batch, now=now))
    try:
        return tally(batch, books)
    finally:
        note.join(PATIENCE)
