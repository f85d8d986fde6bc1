"""A view (one visitor opening one article) and its entry in the ledger."""

from datetime import datetime, timedelta
from typing import NamedTuple

from circulation.counting.traits import NO_TRAITS, Traits

LONGEST_REQUEST = timedelta(minutes=1)
"""No request writes a view later than this after its day: twice RecordView's time-out."""


class View(NamedTuple):
    """A reader's hit, with the day on which it arrived."""

    article: str
    day: str
    """A UTC date: 2026-01-31."""
    visitor: str
    """The visitor's hash (views.visitor)."""
    nonce: str
    """The hit's nonce (views.hit.Hit)."""
    at: datetime
    """When the hit arrived."""
    anonymous: bool = False
    """The visitor is a hash of the nonce instead of a person's."""
    traits: Traits = NO_TRAITS


class Entry(NamedTuple):
    """A visitor's line in the ledger after an attempt to enter a view."""

    counted: bool
    """The view is in the ledger, from this attempt or from an earlier one of the same hit."""
    fresh: bool
    """This attempt wrote it."""
    at: datetime
    """When the visitor's last counted view was."""
    views: int
    """The visitor's views of this article on this day."""
    anonymous: bool = False
    """The line is of an anonymous view, and of no visitor."""

    @property
    def is_new_visitor(self) -> bool:
        """Whether this is the first view of a visitor who is counted as one."""
        return self.views == 1 and not self.anonymous
