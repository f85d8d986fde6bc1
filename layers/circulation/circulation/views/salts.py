"""The salts: one random key a day for the visitors' hashes, deleted after the day.

A deleted salt leaves a record of its day. A day without a record had no visitors.
"""

from collections.abc import Callable

from circulation.aws.table import Change, ConditionFailed, Table
from circulation.errors import StoreUnavailable
from circulation.views.keys import salt_key
from circulation.views.visitor import SALT_BYTES


class Salts:
    """The salts' table, with the salts in use cached in memory. Days are UTC: 2026-01-31."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._at_hand: dict[str, bytes] = {}

    def of(self, day: str, random_bytes: Callable[[int], bytes]) -> bytes:
        """Give the day's salt, and make it if there is none; the first writer wins.

        Raises StoreUnavailable if the day's salt was deleted: that day takes no more visitors.
        """
        salt = self.find(day) or self._make(day, random_bytes(SALT_BYTES))
        self._at_hand[day] = salt
        return salt

    def find(self, day: str) -> bytes | None:
        """Give the day's salt; None if it was never made, or was deleted."""
        if day not in self._at_hand:
            item = self._table.get(salt_key(day), consistent=True)
            if item is None or "salt" not in item:
                return None
            self._at_hand[day] = item["salt"]
        return self._at_hand[day]

    def was_made(self, day: str) -> bool:
        """Tell whether the day has or had a salt."""
        return self._table.get(salt_key(day), consistent=True) is not None

    def forget(self, *, before: str) -> None:
        """Drop the salts of earlier days from memory."""
        if any(day < before for day in self._at_hand):
            self._at_hand = {day: salt for day, salt in self._at_hand.items() if day >= before}

    def days(self) -> list[str]:
        """Give the days that have a salt."""
        return sorted(item["day"] for item in self._table.scan() if "salt" in item)

    def deleted_days(self) -> list[str]:
        """Give the days whose salt was deleted, as far as that is still on record."""
        return sorted(item["day"] for item in self._table.scan() if "gone" in item)

    def delete(self, day: str) -> None:
        """Delete a day's salt, after which its visitors' hashes cannot be reproduced."""
        change = Change(
            update="SET #gone = :true REMOVE #salt",
            names={"#gone": "gone", "#salt": "salt"},
            values={":true": True},
        )
        self._table.update(salt_key(day), change)
        self._at_hand.pop(day, None)

    def erase(self, day: str) -> None:
        """Delete the record that the day had a salt."""
        self._table.delete(salt_key(day))

    def _make(self, day: str, salt: bytes) -> bytes:
        change = Change(
            update="SET #salt = :salt",
            condition="attribute_not_exists(#salt) AND attribute_not_exists(#gone)",
            names={"#salt": "salt", "#gone": "gone"},
            values={":salt": salt},
        )
        try:
            self._table.update(salt_key(day), change)
        except ConditionFailed as failed:
            if "salt" not in failed.item:
                raise StoreUnavailable(f"the salt of {day} was deleted") from failed
            return bytes(failed.item["salt"])
        return salt
