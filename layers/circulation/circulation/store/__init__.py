"""The store: everything that is kept in DynamoDB and SSM, by what it holds."""

from dataclasses import dataclass
from typing import Self

from circulation.settings import Settings
from circulation.store.counters import Counters
from circulation.store.day_book import DayBook
from circulation.store.ledger import Ledger
from circulation.store.library import Library
from circulation.store.salts import Salts
from circulation.store.table import Table, connect
from circulation.store.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Store:
    """One room for each thing that is kept."""

    ledger: Ledger
    counters: Counters
    day_book: DayBook
    library: Library
    salts: Salts
    tokens: Tokens

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Open the store on the tables that the settings name; nothing is called yet."""
        client = connect()
        library = Table(client, settings.library_table)
        return cls(
            ledger=Ledger(Table(client, settings.ledger_table)),
            counters=Counters(library),
            day_book=DayBook(library),
            library=Library(library),
            salts=Salts(Table(client, settings.salts_table)),
            tokens=Tokens(settings.token_parameter),
        )
