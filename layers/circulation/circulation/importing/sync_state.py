"""Syncs: which version of the site's own feed was taken in last."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from circulation.aws.table import Change, Table
from circulation.importing.keys import sync_key


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server names a version of a resource by (RFC 9110, section 8.8); empty for nothing."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """Read them out of an answer's headers, whose names are in small letters."""
        return cls(headers.get("etag", ""), headers.get("last-modified", ""))

    def headers(self) -> dict[str, str]:
        """Give the headers that ask only for another version."""
        told = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in told.items() if value}


class Syncs:
    """The versions in the library's table, by the feed's address."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, url: str) -> Validators:
        """Give the version that was taken in last."""
        item = self._table.get(sync_key(url), consistent=True) or {}
        return Validators(item.get("etag", ""), item.get("last_modified", ""))

    def put(self, url: str, version: Validators) -> None:
        """Remember the version that is taken in now."""
        told = {"etag": version.etag, "last_modified": version.last_modified}
        self._table.update(sync_key(url), Change.setting(told))
