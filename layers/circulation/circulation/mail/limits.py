"""Limits on mails that somebody asks for on a page, so that nobody floods others with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.aws.table import Change, TransactionRefused
from circulation.errors import StoreUnavailable
from circulation.mail.keys import limit_key
from circulation.times import day_of, format_time, hour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from circulation.aws.table import Key, Table

PER_ADDRESS_AND_DAY = 1
PER_ADDRESS_AND_MONTH = 3
PER_NETWORK_AND_HOUR = 5
RECOMMENDATIONS_PER_SENDER_AND_DAY = 3
LETTERS_PER_FRIEND_AND_DAY = 3
ADMITTED_LIFE = timedelta(days=9)
"""How long it is known that a request was let through: the queue and its dead letters keep a
message for four days each."""
ADMIT_ATTEMPTS = 5
PERSONAL = ("address", "sender", "friend")
"""The kinds of limits on what is done to or by one person."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many mails one may cause in a period."""

    kind: str
    what: str
    period: str
    most: int
    life: timedelta
    """From now on, after which the period is over."""

    @property
    def key(self) -> Key:
        """The key of its count."""
        return limit_key(self.kind, self.what, self.period)


def limits_of(subscriber: str, network: str, per_day: int, *, now: datetime) -> tuple[Limit, ...]:
    """Give the limits that a request for a confirmation has to be within.

    Network is a keyed hash, never an address; per_day is what the whole stack may send.
    """
    day = day_of(now)
    return (
        Limit("address", subscriber, day, PER_ADDRESS_AND_DAY, timedelta(days=1)),
        Limit("address", subscriber, day[:7], PER_ADDRESS_AND_MONTH, timedelta(days=31)),
        Limit(
            "network",
            network,
            format_time(hour_of(now)),
            PER_NETWORK_AND_HOUR,
            timedelta(hours=1),
        ),
        Limit("stack", "all", day, per_day, timedelta(days=1)),
    )


def recommendation_limits(
    sender: str, network: str, per_day: int, *, now: datetime
) -> tuple[Limit, ...]:
    """Give the limits that a recommendation has to be within, before its sender is written to.

    Each is counted apart from those of limits_of, so that neither form uses up the other's.
    """
    day, hour = day_of(now), format_time(hour_of(now))
    one_day, one_hour = timedelta(days=1), timedelta(hours=1)
    return (
        Limit("sender", sender, day, RECOMMENDATIONS_PER_SENDER_AND_DAY, one_day),
        Limit("network-recommend", network, hour, PER_NETWORK_AND_HOUR, one_hour),
        Limit("stack", "recommend", day, per_day, one_day),
    )


def friend_limit(friend: str, now: datetime) -> Limit:
    """Give the limit of letters to one friend, whoever they are from."""
    return Limit("friend", friend, day_of(now), LETTERS_PER_FRIEND_AND_DAY, timedelta(days=1))


class Limits:
    """The counts of the subscribers' table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def admit(self, request_id: str, limits: Iterable[Limit], *, now: datetime) -> Limit | None:
        """Count a request against all of its limits, or against none; give the one it exceeds.

        A request that was let through once is let through again and not counted again: its message
        may be delivered twice. Raises StoreUnavailable.
        """
        limits = tuple(limits)
        marker = limit_key("ask", request_id, "admitted")
        for _ in range(ADMIT_ATTEMPTS):
            counts = self._read([marker, *(limit.key for limit in limits)])
            if _name(marker) in counts:
                return None
            for limit in limits:
                if counts.get(_name(limit.key), 0) >= limit.most:
                    return limit
            try:
                self._table.transact(*self._counting(marker, limits, now))
            except TransactionRefused:
                continue  # another request was counted meanwhile
            return None
        raise StoreUnavailable("the limits of a mail kept being changed")

    def forget(self, subscriber: str) -> bool:
        """Delete the counts of a mailbox, also of periods that are over; tell if there were any.

        DynamoDB deletes what has expired days later (Developer Guide: Time to Live), and a count of
        a month expires 31 days after the last mail.
        """
        partitions = [limit_key(kind, subscriber, "")["pk"] for kind in PERSONAL]
        counts = [item for name in partitions for item in self._table.query(name, consistent=True)]
        for item in counts:
            self._table.delete({"pk": item["pk"], "sk": item["sk"]})
        return bool(counts)

    def count_of(self, subscriber: str, *, now: datetime) -> dict[str, int]:
        """Give how many mails were asked for a mailbox, by the running day and month."""
        limits = limits_of(subscriber, "", 0, now=now)[:2]
        counts = self._read(limit.key for limit in limits)
        return {limit.period: counts.get(_name(limit.key), 0) for limit in limits}

    def _read(self, keys: Iterable[Key]) -> Mapping[str, int]:
        items = self._table.get_many(keys, consistent=True)
        return {_name(item): item.get("count", 0) for item in items}

    def _counting(
        self, marker: Key, limits: tuple[Limit, ...], now: datetime
    ) -> list[dict[str, object]]:
        first = Change(condition="attribute_not_exists(pk)")
        expires = int((now + ADMITTED_LIFE).timestamp())
        return [
            self._table.putting({**marker, "ttl": expires}, first),
            *(
                self._table.updating(
                    limit.key,
                    Change(
                        "SET #ttl = :ttl ADD #count :one",
                        "attribute_not_exists(#count) OR #count < :most",
                        {"#ttl": "ttl", "#count": "count"},
                        {
                            ":ttl": int((now + limit.life).timestamp()),
                            ":one": 1,
                            ":most": limit.most,
                        },
                    ),
                )
                for limit in limits
            ),
        ]


def _name(item: Mapping[str, str]) -> str:
    return f"{item['pk']}\0{item['sk']}"
