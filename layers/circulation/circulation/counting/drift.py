"""Drift: the difference between the counters of a day and a recount of the ledger; must be 0."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drift:
    """An article's views of a day: those that counters have, and those in the ledger."""

    article: str
    counted: int
    recounted: int

    @property
    def views(self) -> int:
        """The size of the difference in views, never negative; 0 if the counters are right."""
        return abs(self.counted - self.recounted)


def drift_of(article: str, *counted: int | None, recounted: int) -> Drift:
    """Compare an article's counters with a recount; the counter with the largest difference counts.

    None stands for a counter without the day; at least one must have it.
    """
    views = [count for count in counted if count is not None]
    return Drift(article, max(views, key=lambda count: abs(count - recounted)), recounted)
