"""A view: one visitor opening one article, and the ledger's entry of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.counting.traits import UNTOLD, Traits

LONGEST_REQUEST = timedelta(minutes=1)
"""No request writes a view later than this after its day: twice what RecordView may take."""


@dataclass(frozen=True, slots=True)
class View:
    """A hit that is a reader's, stamped with its day once, whatever the clock shows later."""

    article: str
    day: str
    visitor: str
    nonce: str
    at: datetime
    anonymous: bool = False
    """The visitor is no hash of a person but of the nonce."""
    traits: Traits = UNTOLD


@dataclass(frozen=True, slots=True)
class Entry:
    """A visitor's line in the ledger after an attempt to enter a view."""

    counted: bool
    """The view is in the ledger, by this attempt or by an earlier attempt of the same hit."""
    fresh: bool
    """It was this very attempt that wrote it."""
    at: datetime
    """When the visitor's last counted view was."""
    views: int
    """How many views the visitor has on this article and day."""
    anonymous: bool = False
    """The line is no visitor's, only a view's."""

    @property
    def is_new_visitor(self) -> bool:
        """Whether this is the first view of somebody who is counted as a visitor."""
        return self.views == 1 and not self.anonymous
