"""The store: everything that is kept in DynamoDB, SSM and SQS, by what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from circulation.store.addresses import Addresses
from circulation.store.counters import Counters
from circulation.store.day_book import DayBook
from circulation.store.filtered import Filtered
from circulation.store.ledger import Ledger
from circulation.store.ping_queue import PingQueue
from circulation.store.salts import Salts
from circulation.store.seal_queue import SealQueue
from circulation.store.table import Table, connect
from circulation.store.tokens import Tokens

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from circulation.settings import Settings
    from circulation.store.editions import Editions
    from circulation.store.library import Library
    from circulation.store.rankings import Rankings
    from circulation.store.site import Site
    from circulation.store.syncs import Syncs


@dataclass(frozen=True)
class Store:
    """One room for each thing that is kept; what counting views never enters is built on demand."""

    ledger: Ledger
    addresses: Addresses
    counters: Counters
    day_book: DayBook
    filtered: Filtered
    salts: Salts
    tokens: Tokens
    seal_queue: SealQueue
    ping_queue: PingQueue
    shelves: Table
    """The library's table, where counters, day book and rankings stand as well."""

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Open the store on the tables that the settings name; nothing is called yet."""
        return cls.on(connect(), settings)

    @classmethod
    def on(cls, client: DynamoDBClient, settings: Settings) -> Self:
        """Open the store through a client."""
        library = Table(client, settings.library_table)
        return cls(
            ledger=Ledger(Table(client, settings.ledger_table), since=settings.library_adopted_on),
            addresses=Addresses(library),
            counters=Counters(library),
            day_book=DayBook(library),
            filtered=Filtered(library),
            salts=Salts(Table(client, settings.salts_table)),
            tokens=Tokens(settings.token_parameter),
            seal_queue=SealQueue(settings.seal_queue_url),
            ping_queue=PingQueue(settings.ping_queue_url),
            shelves=library,
        )

    @cached_property
    def library(self) -> Library:
        """The articles; importing what they are made of would lengthen RecordView's cold start."""
        from circulation.store.library import Library  # noqa: PLC0415

        return Library(self.shelves)

    @cached_property
    def editions(self) -> Editions:
        """The editions of the listings; for the same reason."""
        from circulation.store.editions import Editions  # noqa: PLC0415

        return Editions(self.shelves)

    @cached_property
    def syncs(self) -> Syncs:
        """The versions of the site's own feed; for the same reason."""
        from circulation.store.syncs import Syncs  # noqa: PLC0415

        return Syncs(self.shelves)

    @cached_property
    def rankings(self) -> Rankings:
        """The rankings; for the same reason."""
        from circulation.store.rankings import Rankings  # noqa: PLC0415

        return Rankings(self.shelves)

    @cached_property
    def site(self) -> Site:
        """The whole site's numbers; for the same reason."""
        from circulation.store.site import Site  # noqa: PLC0415

        return Site(self.shelves)
