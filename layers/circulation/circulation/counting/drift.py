"""Drift: how far the counters of a day are from a recount of the ledger. It must be 0."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drift:
    """How far an article's counted views of a day are from the ledger's."""

    article: str
    counted: int
    recounted: int

    @property
    def views(self) -> int:
        """The distance, 0 where all is well."""
        return abs(self.counted - self.recounted)


def drift(article: str, *counted: int | None, recounted: int) -> Drift:
    """Compare what counters say with a recount: the one that is farthest off tells the drift."""
    told = [each for each in counted if each is not None]
    return Drift(article, max(told, key=lambda each: abs(each - recounted)), recounted)
