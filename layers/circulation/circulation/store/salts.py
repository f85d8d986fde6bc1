"""The salts: one random key a day for the visitors' hashes, deleted when the day is over."""

from collections.abc import Callable

from circulation.store.keys import salt_key
from circulation.store.table import Change, ConditionFailed, Table
from circulation.visitor import SALT_BYTES


class Salts:
    """The salts' table; the newest two are kept at hand."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._at_hand: dict[str, bytes] = {}

    def of(self, day: str, random_bytes: Callable[[int], bytes]) -> bytes:
        """Give the day's salt, making it where there is none; the first writer wins."""
        salt = self.find(day) or self._make(day, random_bytes(SALT_BYTES))
        self._keep(day, salt)
        return salt

    def find(self, day: str) -> bytes | None:
        """Give the day's salt, None where there is none or none any more."""
        if day not in self._at_hand:
            item = self._table.get(salt_key(day), consistent=True)
            if item is None:
                return None
            self._keep(day, item["salt"])
        return self._at_hand[day]

    def _keep(self, day: str, salt: bytes) -> None:
        self._at_hand[day] = salt
        self._at_hand = {each: self._at_hand[each] for each in sorted(self._at_hand)[-2:]}

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
