"""The books: the day book and the lifetime counters, which sum up the ledger."""

from dataclasses import dataclass

from circulation.counting.counters import Counters
from circulation.counting.day_book import DayBook


@dataclass(frozen=True, slots=True)
class Books:
    """The day book and the counters, which use cases write and read together."""

    day_book: DayBook
    counters: Counters
