"""Drift: the difference between a page and a recount of the ledger; must be 0."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drift:
    """An article's views of a day: those on its page, and those in the ledger."""

    article: str
    counted: int
    recounted: int

    @property
    def views(self) -> int:
        """The size of the difference in views, never negative; 0 if the page is right."""
        return abs(self.counted - self.recounted)
