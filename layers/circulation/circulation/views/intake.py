"""What a hit is recorded with: what the room keeps, and what counting keeps."""

from dataclasses import dataclass

from circulation.counting.books import Books
from circulation.counting.ledger import Ledger
from circulation.views.filtered import Filtered
from circulation.views.salts import Salts


@dataclass(frozen=True, slots=True)
class Intake:
    """The ledger that a view is entered in, and all that is asked before and after."""

    books: Books
    ledger: Ledger
    salts: Salts
    filtered: Filtered
