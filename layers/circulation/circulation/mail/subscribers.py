"""The subscribers' store: who asked, who confirmed, and who is not to be written to any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from circulation.aws.table import Change, ConditionFailed, TransactionRefused
from circulation.errors import StoreUnavailable
from circulation.mail.keys import MAIL_KEY, pending_key, subscriber_key, subscribers_partition
from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import (
    OWN,
    Choices,
    Consent,
    Frequency,
    Subscriber,
    all_buckets,
    subscriber_id,
)
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from circulation.aws.table import Item, Table

MAIL_KEY_BYTES = 32
PENDING_LIFE = timedelta(hours=24)
"""How long the link in a mail that asks for a confirmation is good."""
CONFIRM_ATTEMPTS = 3
"""How often a confirmation is tried while other writes touch the same items."""

_IS_CONFIRMED = "#state = :confirmed"


class State(StrEnum):
    """What may be sent to a subscriber."""

    CONFIRMED = "confirmed"
    """Digests."""
    ENDED = "ended"
    """Nothing, until the person confirms again."""
    SUPPRESSED = "suppressed"
    """Nothing at all: mail bounced, or the person complained of it."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A subscription that somebody asked for, and that nobody has confirmed yet."""

    mailbox: Mailbox
    choices: Choices
    asked: datetime
    text: str
    """As in Consent."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An item of the subscribers: a subscriber, or one who is not to be written to any more."""

    id: str
    state: State
    subscriber: Subscriber | None
    """None where the address was deleted."""
    attributes: Mapping[str, Any]
    """Everything that is stored, those of the sending side too."""


class Subscribers:
    """The subscribers' table, without limits and deliveries. The mail key is kept in memory."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._mail_key: bytes | None = None

    def mail_key(self, random_bytes: Callable[[int], bytes]) -> bytes:
        """Give the key of ids and links, and make it if there is none; the first writer wins."""
        if self._mail_key is None:
            item = self._table.get(MAIL_KEY, consistent=True)
            self._mail_key = bytes(item["key"]) if item else self._make_key(random_bytes)
        return self._mail_key

    def _make_key(self, random_bytes: Callable[[int], bytes]) -> bytes:
        made = random_bytes(MAIL_KEY_BYTES)
        change = Change.setting({"key": made}, condition="attribute_not_exists(pk)")
        try:
            self._table.update(MAIL_KEY, change)
        except ConditionFailed as failed:
            return bytes(failed.item["key"])
        return made

    def put_pending(self, key_hash: str, pending: Pending, *, now: datetime) -> None:
        """Store what somebody asked for, by the hash of the key that confirms it."""
        attributes = {
            "address": pending.mailbox.address,
            **_choices_attributes(pending.choices),
            "asked": format_time(pending.asked),
            "text": pending.text,
            "ttl": int((now + PENDING_LIFE).timestamp()),
        }
        self._table.update(pending_key(key_hash), Change.setting(attributes))

    def find_pending(self, key_hash: str, *, now: datetime) -> Pending | None:
        """Give what a key confirms; None if there is no such key, or its time is over."""
        item = self._table.get_live(pending_key(key_hash), now=now)
        if item is None:
            return None
        return Pending(
            Mailbox(item["address"]), _choices_of(item), parse_time(item["asked"]), item["text"]
        )

    def confirm(self, key_hash: str, mail_key: bytes, *, now: datetime) -> Subscriber | None:
        """Make a pending subscription one, and use up its key, in one step.

        None if there is no such key any more, or nothing may be sent to that mailbox. Raises
        StoreUnavailable.
        """
        for _ in range(CONFIRM_ATTEMPTS):
            pending = self.find_pending(key_hash, now=now)
            if pending is None:
                return None
            subscriber = Subscriber(
                subscriber_id(mail_key, pending.mailbox),
                pending.mailbox,
                pending.choices,
                Consent(pending.asked, now, pending.text),
            )
            if self.find_state(subscriber.id) is State.SUPPRESSED:
                return None
            used = Change(condition="attribute_exists(pk)")
            try:
                self._table.transact(
                    self._table.updating(subscriber_key(subscriber.id), _confirming(subscriber)),
                    self._table.deleting(pending_key(key_hash), used),
                )
            except TransactionRefused:
                continue  # used meanwhile, suppressed meanwhile, or another write was under way
            return subscriber
        raise StoreUnavailable("a confirmation kept meeting other writes")

    def add(self, subscriber: Subscriber) -> State | None:
        """Store one who agreed elsewhere, unless that mailbox is known; give the state it has."""
        change = Change.setting(_attributes(subscriber), condition="attribute_not_exists(pk)")
        try:
            self._table.update(subscriber_key(subscriber.id), change)
        except ConditionFailed as failed:
            return State(failed.item["state"])
        return None

    def find(self, subscriber: str) -> Standing | None:
        """Give what is stored under a subscriber id; None if nothing is."""
        item = self._table.get(subscriber_key(subscriber), consistent=True)
        return standing_of(item) if item else None

    def find_state(self, subscriber: str) -> State | None:
        """Give the state of a subscriber id; None for one who never confirmed."""
        standing = self.find(subscriber)
        return standing.state if standing else None

    def change(self, subscriber: str, choices: Choices) -> bool:
        """Change what a subscriber wants to be sent; tell whether there is such a subscriber."""
        attributes = _choices_attributes(choices)
        removing = [name for name in ("sections", "paused_until") if name not in attributes]
        return self._change_confirmed(subscriber, attributes, removing)

    def end(self, subscriber: str, *, now: datetime) -> bool:
        """Delete an address and what it chose; tell whether there was such a subscriber.

        The id stays, so that an import does not write to the person again.
        """
        ended = {"state": State.ENDED.value, "ended": format_time(now)}
        return self._change_confirmed(subscriber, ended, [*OWN, "bounces"])

    def suppress(self, subscriber: str) -> None:
        """Send nothing to a mailbox any more, also where nobody has subscribed by it."""
        suppressed = {"state": State.SUPPRESSED.value}
        change = Change.setting(suppressed, removing=(*OWN, "bounces"))
        self._table.update(subscriber_key(subscriber), change)

    def erase(self, subscriber: str) -> bool:
        """Delete everything about a subscriber id; tell whether there was anything."""
        known = self.find(subscriber) is not None
        self._table.delete(subscriber_key(subscriber))
        return known

    def erase_pending(self, mailbox: Mailbox) -> int:
        """Delete what was asked for a mailbox and not confirmed, and count it; reads the table."""
        hashes = [
            item["pk"].partition("#")[2]
            for item in self._table.scan()
            if item["sk"] == "PENDING" and Mailbox(item["address"]).identity == mailbox.identity
        ]
        for key_hash in hashes:
            self._table.delete(pending_key(key_hash))
        return len(hashes)

    def all(self) -> Iterator[Standing]:
        """Read everybody, bucket after bucket."""
        for bucket in all_buckets():
            partition = subscribers_partition(bucket)
            yield from map(standing_of, self._table.query(partition, consistent=True))

    def _change_confirmed(
        self, subscriber: str, attributes: Mapping[str, Any], removing: list[str]
    ) -> bool:
        change = Change.setting(
            attributes,
            removing=removing,
            condition=_IS_CONFIRMED,
            names={"#state": "state"},
            values={":confirmed": State.CONFIRMED.value},
        )
        try:
            self._table.update(subscriber_key(subscriber), change)
        except ConditionFailed:
            return False
        return True


def standing_of(item: Item) -> Standing:
    """Read an item of the subscribers."""
    state = State(item["state"])
    attributes = {name: value for name, value in item.items() if name not in ("pk", "sk")}
    subscriber = None
    if state is State.CONFIRMED:
        consent = Consent(parse_time(item["asked"]), parse_time(item["confirmed"]), item["text"])
        mailbox = Mailbox(item["address"])
        subscriber = Subscriber(item["sk"], mailbox, _choices_of(item), consent)
    return Standing(item["sk"], state, subscriber, attributes)


def _confirming(subscriber: Subscriber) -> Change:
    """Make the change that makes somebody a subscriber; what the sending side keeps stays."""
    attributes = _attributes(subscriber)
    optional = ("sections", "paused_until", "ended")
    return Change.setting(
        attributes,
        removing=[name for name in optional if name not in attributes],
        condition="attribute_not_exists(#state) OR #state <> :suppressed",
        names={"#state": "state"},
        values={":suppressed": State.SUPPRESSED.value},
    )


def _attributes(subscriber: Subscriber) -> dict[str, Any]:
    """Write a subscriber as attributes."""
    return {
        "address": subscriber.mailbox.address,
        "state": State.CONFIRMED.value,
        **_choices_attributes(subscriber.choices),
        "asked": format_time(subscriber.consent.asked),
        "confirmed": format_time(subscriber.consent.confirmed),
        "text": subscriber.consent.text,
    }


def _choices_attributes(choices: Choices) -> dict[str, Any]:
    """Write choices as attributes: without sections, all are wanted; without a pause, now."""
    attributes: dict[str, Any] = {"frequency": choices.frequency.value}
    if choices.sections:
        attributes["sections"] = sorted(choices.sections)
    if choices.paused_until:
        attributes["paused_until"] = choices.paused_until
    return attributes


def _choices_of(item: Item) -> Choices:
    return Choices(
        Frequency(item["frequency"]),
        frozenset(item.get("sections", ())),
        item.get("paused_until", ""),
    )
