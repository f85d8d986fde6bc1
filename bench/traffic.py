"""What comes in: how many views a day, and how they fall on the articles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Traffic:
    """A day's views of a day's articles."""

    views_per_day: float
    articles_per_day: int
    """Articles that are viewed on a day."""
    zipf: float = 0.0
    """The exponent of the articles' shares by rank; 0 spreads the views evenly."""

    def met(self, views: float) -> float:
        """Give how many different articles so many views fall on, when they come at random."""
        shares = _shares(self.articles_per_day, self.zipf)
        return math.fsum(-math.expm1(-views * share) for share in shares)


@cache
def _shares(articles: int, exponent: float) -> Sequence[float]:
    weights = [rank**-exponent for rank in range(1, articles + 1)]
    total = math.fsum(weights)
    return [weight / total for weight in weights]
