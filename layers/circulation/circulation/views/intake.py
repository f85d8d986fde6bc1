"""The stores that recording a hit reads and writes."""

from typing import NamedTuple

from circulation.counting.books import Books
from circulation.counting.ledger import Ledger
from circulation.views.filtered import Filtered
from circulation.views.salts import Salts


class Intake(NamedTuple):
    """The ledger in which a view is entered, and the stores that are read or written around it."""

    books: Books
    ledger: Ledger
    salts: Salts
    filtered: Filtered
