"""The recommendations' store: what waits for its sender's yes, and to whom nothing is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.aws.table import Change, ConditionFailed
from circulation.mail.keys import (
    recommendation_key,
    recommended_key,
    recommended_partition,
    refused_key,
)
from circulation.mail.mailbox import Mailbox
from circulation.mail.recommendation import Person, Recommendation
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.aws.table import Item, Table

RECOMMENDATION_LIFE = timedelta(hours=24)
"""How long a sender may confirm, and how long both addresses are kept."""
ONCE_WITHIN = timedelta(days=90)
"""How long an article is not recommended to the same mailbox again."""


class Recommendations:
    """The recommendations in the subscribers' table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, key_hash: str, recommendation: Recommendation) -> None:
        """Store what somebody asked for, by the hash of the key that confirms it."""
        sender, friend = recommendation.sender, recommendation.friend
        attributes = {
            "article": recommendation.article,
            "name": sender.name,
            "address": sender.mailbox.address,
            "friend_name": friend.name,
            "friend_address": friend.mailbox.address,
            "asked": format_time(recommendation.asked),
            "base_url": recommendation.base_url,
            "ttl": int((recommendation.asked + RECOMMENDATION_LIFE).timestamp()),
        }
        self._table.update(recommendation_key(key_hash), Change.setting(attributes))

    def find(self, key_hash: str, *, now: datetime) -> Recommendation | None:
        """Give what a key confirms; None if there is no such key, or its time is over."""
        item = self._table.get_live(recommendation_key(key_hash), now=now)
        if item is None:
            return None
        return Recommendation(
            item["article"],
            Person(item["name"], Mailbox(item["address"])),
            Person(item["friend_name"], Mailbox(item["friend_address"])),
            parse_time(item["asked"]),
            item["base_url"],
        )

    def delete(self, key_hash: str) -> None:
        """Delete what somebody asked for, and both addresses with it; the key is used up."""
        self._table.delete(recommendation_key(key_hash))

    def claim(self, friend: str, article: str, *, now: datetime) -> bool:
        """Claim the one mail about an article to a person; tell whether nobody has had it."""
        change = Change.setting(
            {"ttl": int((now + ONCE_WITHIN).timestamp())},
            condition="attribute_not_exists(pk) OR #ttl <= :now",
            names={"#ttl": "ttl"},
            values={":now": int(now.timestamp())},
        )
        try:
            self._table.update(recommended_key(friend, article), change)
        except ConditionFailed:
            return False
        return True

    def release(self, friend: str, article: str) -> None:
        """Undo a claim of which no mail has come, so that it can be claimed again."""
        self._table.delete(recommended_key(friend, article))

    def refuse(self, person: str) -> None:
        """Never send a recommendation to or from a person again; nothing but the id is stored."""
        self._table.update(refused_key(person), Change.setting({"refused": True}))

    def is_refused(self, person: str) -> bool:
        """Tell whether a person refused recommendations."""
        return self._table.get(refused_key(person), consistent=True) is not None

    def erase(self, person: str, mailbox: Mailbox) -> bool:
        """Delete what is stored of a mailbox but a refusal; tell whether there was anything.

        Reads the table. A refusal stays, or the person would be written to again.
        """
        waiting = [
            item["pk"].partition("#")[2]
            for item in self._table.scan()
            if item["sk"] == "RECOMMENDATION" and _names(item, mailbox)
        ]
        for key_hash in waiting:
            self.delete(key_hash)
        sent = list(self._table.query(recommended_partition(person), consistent=True))
        for item in sent:
            self.release(person, item["sk"])
        return bool(waiting or sent)


def _names(item: Item, mailbox: Mailbox) -> bool:
    addresses = (item["address"], item["friend_address"])
    return mailbox.identity in {Mailbox(address).identity for address in addresses}
