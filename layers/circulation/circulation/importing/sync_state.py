"""Sync state: which version of the site's own feed was synced last, and when it is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from circulation.aws.table import Change, Table
from circulation.importing.keys import sync_key
from circulation.times import milliseconds

EVERY = timedelta(minutes=15)
"""How often the feed is looked at if nobody asks for it."""
_EARLY = timedelta(seconds=30)
"""A schedule may fire this much too early."""


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of a version of a resource (RFC 9110, section 8.8); empty where missing."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """Read the validators from a response's headers, whose names are in lower case."""
        return cls(headers.get("etag", ""), headers.get("last-modified", ""))

    def headers(self) -> dict[str, str]:
        """Give the request headers for a version other than this one (RFC 9110, section 13)."""
        headers = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


class Syncs:
    """The versions of synced feeds in the library's table, by the feed's address."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, url: str, *, now: datetime) -> Validators | None:
        """Give the last synced version of the feed at an address, and note that it is looked at.

        None if it is not to be looked at yet: it was within EVERY, and nobody asked since.
        """
        item = self._table.get(sync_key(url), consistent=True) or {}
        looked, asked = item.get("looked", 0), item.get("asked", 0)
        if milliseconds(now - EVERY + _EARLY) < looked <= milliseconds(now) and asked <= looked:
            return None
        self._table.update(sync_key(url), Change.setting({"looked": milliseconds(now)}))
        return Validators(item.get("etag", ""), item.get("last_modified", ""))

    def put(self, url: str, version: Validators) -> None:
        """Store the version of a feed that was synced now."""
        attributes = {"etag": version.etag, "last_modified": version.last_modified}
        self._table.update(sync_key(url), Change.setting(attributes))

    def ask(self, url: str, *, now: datetime) -> None:
        """Have the feed at an address looked at the next time that somebody looks what is due."""
        self._table.update(sync_key(url), Change.setting({"asked": milliseconds(now)}))
