"""The salts: one random key a day for the visitors' hashes, deleted when the day is over."""

from collections.abc import Callable

from circulation.store.keys import salt_key
from circulation.store.table import Change, ConditionFailed, Table
from circulation.visitor import SALT_BYTES


class Salts:
    """The salts' table; the salt that was asked for last is kept at hand."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._at_hand: tuple[str, bytes] = ("", b"")

    def of(self, day: str, random_bytes: Callable[[int], bytes]) -> bytes:
        """Give the day's salt, making it where there is none; the first writer wins."""
        at_hand, salt = self._at_hand
        if day != at_hand:
            item = self._table.get(salt_key(day), consistent=True)
            salt = item["salt"] if item else self._make(day, random_bytes(SALT_BYTES))
            self._at_hand = (day, salt)
        return salt

    def days(self) -> list[str]:
        """Name the days that have a salt."""
        return sorted(item["day"] for item in self._table.scan())

    def delete(self, day: str) -> None:
        """Delete a day's salt: from here on nobody can tell who its visitors were."""
        self._table.delete(salt_key(day))

    def _make(self, day: str, salt: bytes) -> bytes:
        change = Change(
            update="SET #salt = :salt",
            condition="attribute_not_exists(#salt)",
            names={"#salt": "salt"},
            values={":salt": salt},
        )
        try:
            self._table.update(salt_key(day), change)
        except ConditionFailed as failed:
            return bytes(failed.item["salt"])
        return salt
