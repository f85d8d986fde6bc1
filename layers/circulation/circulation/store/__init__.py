"""The store: everything that is kept in DynamoDB and SQS, by what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from circulation.store.addresses import Addresses
from circulation.store.counters import Counters
from circulation.store.day_book import DayBook
from circulation.store.filtered import Filtered
from circulation.store.ledger import Ledger
from circulation.store.salts import Salts
from circulation.store.table import Table, connect

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from circulation.settings import Settings
    from circulation.store.backoff import Backoff
    from circulation.store.editions import Editions
    from circulation.store.library import Library
    from circulation.store.ping_queue import PingQueue
    from circulation.store.rankings import Rankings
    from circulation.store.seal_queue import SealQueue
    from circulation.store.site import Site
    from circulation.store.syncs import Syncs
    from circulation.store.tokens import Tokens


@dataclass(eq=False)
class Store:
    """One room for each thing that is kept, built on demand.

    A function's settings name the tables and queues that it uses and no others. What counting views
    never enters is imported on demand too: it would lengthen RecordView's cold start.
    """

    _client: DynamoDBClient
    _settings: Settings
    _backoff: Backoff | None = None
    """How to wait before a call is made again; that of the tables unless another is given."""

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Open the store on the tables that the settings name; nothing is called yet."""
        return cls.on(connect(), settings)

    @classmethod
    def on(cls, client: DynamoDBClient, settings: Settings, backoff: Backoff | None = None) -> Self:
        """Open the store through a client."""
        return cls(client, settings, backoff)

    @cached_property
    def shelves(self) -> Table:
        """The library's table, where counters, day book and rankings stand as well."""
        return Table(self._client, self._settings.library_table, self._backoff)

    @cached_property
    def ledger(self) -> Ledger:
        """Who viewed what."""
        table = Table(self._client, self._settings.ledger_table, self._backoff)
        return Ledger(table, since=self._settings.library_adopted_on)

    @cached_property
    def salts(self) -> Salts:
        """The days' salts."""
        return Salts(Table(self._client, self._settings.salts_table, self._backoff))

    @cached_property
    def addresses(self) -> Addresses:
        """Whose a page's address is."""
        return Addresses(self.shelves)

    @cached_property
    def counters(self) -> Counters:
        """The lifetime counters."""
        return Counters(self.shelves)

    @cached_property
    def day_book(self) -> DayBook:
        """The pages of counters by day."""
        return DayBook(self.shelves)

    @cached_property
    def filtered(self) -> Filtered:
        """The hits that were no reader's."""
        return Filtered(self.shelves)

    @cached_property
    def library(self) -> Library:
        """The articles and their listings."""
        from circulation.store.library import Library  # noqa: PLC0415

        return Library(self.shelves)

    @cached_property
    def editions(self) -> Editions:
        """The editions of the listings."""
        from circulation.store.editions import Editions  # noqa: PLC0415

        return Editions(self.shelves)

    @cached_property
    def syncs(self) -> Syncs:
        """The versions of the site's own feed."""
        from circulation.store.syncs import Syncs  # noqa: PLC0415

        return Syncs(self.shelves)

    @cached_property
    def rankings(self) -> Rankings:
        """The rankings."""
        from circulation.store.rankings import Rankings  # noqa: PLC0415

        return Rankings(self.shelves)

    @cached_property
    def site(self) -> Site:
        """The whole site's numbers."""
        from circulation.store.site import Site  # noqa: PLC0415

        return Site(self.shelves)

    @cached_property
    def tokens(self) -> Tokens:
        """The publishers' tokens."""
        from circulation.store.tokens import CONFIG, Tokens  # noqa: PLC0415

        return Tokens(Table(connect(CONFIG), self._settings.library_table))

    @cached_property
    def seal_queue(self) -> SealQueue:
        """The queue of portions of a day that is to be sealed."""
        from circulation.store.seal_queue import SealQueue  # noqa: PLC0415

        return SealQueue(self._settings.seal_queue_url)

    @cached_property
    def ping_queue(self) -> PingQueue:
        """The queue of feeds that changed."""
        from circulation.store.ping_queue import PingQueue  # noqa: PLC0415

        return PingQueue(self._settings.ping_queue_url)
