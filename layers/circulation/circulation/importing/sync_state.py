"""Sync state: which version of the site's own feed was synced last."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from circulation.aws.table import Change, Table
from circulation.importing.keys import sync_key


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

    def get(self, url: str) -> Validators:
        """Give the last synced version of the feed at an address."""
        item = self._table.get(sync_key(url), consistent=True) or {}
        return Validators(item.get("etag", ""), item.get("last_modified", ""))

    def put(self, url: str, version: Validators) -> None:
        """Store the version of a feed that was synced now."""
        attributes = {"etag": version.etag, "last_modified": version.last_modified}
        self._table.update(sync_key(url), Change.setting(attributes))
