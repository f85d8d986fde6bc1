"""The audience: those who look at numbers and remember what they saw, each for all others.

A number is compared without its corrections, as those alone may make it smaller.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from circulation.counting.counts import Count
from tests.simulation.moments import Moments


@dataclass(slots=True)
class Audience:
    """What was shown of articles' numbers, and since when."""

    moments: Moments
    most: Callable[[str], int]
    """Gives the highest number that an article can have by now, without corrections."""
    broken: list[str]
    """Invariants that did not hold, in words."""
    _shown: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """The numbers of each article that consistent reads showed, rising, with their moments."""

    def shown(self, article: str, moment: int) -> int:
        """Give the highest number that a consistent read had shown by a moment."""
        shown = self._shown[article]
        place = bisect_right(shown, moment, key=lambda number: number[0])
        return shown[place - 1][1] if place else 0

    def see(self, count: Count, start: int, name: str) -> None:
        """Compare a number, of reads that began at the start and were all consistent (I4)."""
        number = count.views - count.adjust
        self._compare(count.article, number, self.shown(count.article, start), f"I4: {name}")
        shown = self._shown[count.article]
        if not shown or number > shown[-1][1]:
            shown.append((self.moments.now, number))

    def glance(self, article: str, number: int, start: int, name: str) -> None:
        """Compare a number without corrections, of reads as DynamoDB makes them cheapest (I6)."""
        lag_ago = start - self.moments.lag
        self._compare(article, number, self.shown(article, lag_ago), f"I6: {name}")

    def _compare(self, article: str, number: int, least: int, what: str) -> None:
        if number < least:
            self.broken.append(f"{what} fell: {article} to {number} from {least}")
        if number > self.most(article):
            self.broken.append(f"{what} above true: {article} {number} of {self.most(article)}")
