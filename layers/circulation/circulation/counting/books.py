"""What counting sums up and keeps beside the ledger: the day book and the lifetime counters."""

from dataclasses import dataclass

from circulation.counting.counters import Counters
from circulation.counting.day_book import DayBook


@dataclass(frozen=True, slots=True)
class Books:
    """The day book and the counters, which are written and read together."""

    day_book: DayBook
    counters: Counters
