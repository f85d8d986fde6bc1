"""The deliveries: who has been sent which digest, and what became of a digest's mails.

A claim is one conditional update of the subscriber's own item, which unsubscribing, pausing and
other choices write too: whichever comes first wins.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from circulation.aws.table import Change, ConditionFailed, TransactionRefused
from circulation.errors import StoreUnavailable
from circulation.mail.keys import (
    MAIL_KEY,
    delivery_key,
    subscriber_key,
    subscribers_partition,
)
from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import FOREVER, OWN, Choices, Frequency
from circulation.times import format_time, milliseconds, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from circulation.aws.table import Item, Table

LEASE = timedelta(minutes=5)
"""How long a claim may take to its end; after that nobody is at work on it."""
MAX_PASSING = 5
"""Passing bounces of a person within some days, after which the subscription is paused."""
PASSING_WITHIN = timedelta(days=14)
ATTEMPTS = 5
"""How often an event is written again while other writes conflict with it."""
SENDING, SENT, REFUSED, NOTHING = "sending", "sent", "refused", "nothing"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A digest's delivery to one subscriber, as the subscriber's item has it."""

    digest: str
    status: str
    lease: int = 0
    """Milliseconds since 1970, while it is being sent."""
    message: str = ""
    """SES's id of the mail."""

    def is_left(self, digest: str, *, now: datetime) -> bool:
        """Tell whether a mail of a digest was begun, and nobody knows what became of it."""
        return self.is_sending(digest) and self.lease < milliseconds(now)

    def is_sending(self, digest: str) -> bool:
        """Tell whether a mail of a digest was begun and is not known to have ended."""
        return self.digest == digest and self.status == SENDING


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscriber's item, as far as sending needs it."""

    id: str
    state: str
    address: str
    """Empty for one who ended."""
    choices: Choices
    asked: datetime | None
    last: Mapping[Frequency, str]
    """The date of the last digest that was claimed, by frequency; without one for none."""
    delivery: Delivery

    def may_get(self, frequency: Frequency, date: str) -> bool:
        """Tell whether a digest is to be sent to this person, as far as is known."""
        return (
            self.state == "confirmed"
            and self.choices.frequency == frequency
            and self.choices.paused_until <= date
            and self.last.get(frequency, "") < date
        )

    @property
    def mailbox(self) -> Mailbox:
        """Whereto mails go."""
        return Mailbox(self.address)


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of a digest's mails so far."""

    begun: bool = False
    """Whether every portion was queued."""
    sent: int = 0
    refused: int = 0
    bounced: int = 0
    complained: int = 0
    resumed: Mapping[str, int] = field(default_factory=dict)
    """The numbers of mails when somebody last let it go on."""
    stopped: str = ""
    """Why nothing more is sent; empty while it is."""
    stopped_until: str = ""
    """RFC 3339, UTC: when it goes on by itself; empty if somebody has to resume it."""


class Deliveries:
    """The deliveries in the subscribers' table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def mail_key(self) -> bytes:
        """Read the mail key. Raises StoreUnavailable where nobody has subscribed yet."""
        item = self._table.get(MAIL_KEY, consistent=True)
        if item is None:
            raise StoreUnavailable("there is no mail key yet")
        return bytes(item["key"])

    def readers(self, bucket: str, *, after: str, until: str, limit: int) -> Iterator[Reader]:
        """Read up to limit subscribers of a bucket after one, in order, up to another if given."""
        # A subscriber's id has hexadecimal digits alone, all of one length.
        bounds = (f"{after}0", until or "g")
        items = self._table.query(
            subscribers_partition(bucket), between=bounds, limit=limit, consistent=True
        )
        return map(_reader_of, items)

    def read(self, subscriber: str) -> Reader | None:
        """Read a subscriber; None if there is no such item."""
        item = self._table.get(subscriber_key(subscriber), consistent=True)
        return _reader_of(item) if item else None

    def claim(
        self, reader: Reader, frequency: Frequency, date: str, *, now: datetime
    ) -> Reader | None:
        """Claim a digest's mail to a subscriber, as the item is now; None if another has it.

        The same write decides who sends it, and reads the address and the choices that it is
        sent by.
        """
        last = reader.last.get(frequency)
        unchanged = "attribute_not_exists(#last)" if last is None else "#last = :last"
        return self._take(
            reader,
            {frequency.value: date, "delivery": _sending(f"{frequency}-{date}", now)},
            "#state = :confirmed AND #frequency = :frequency AND "
            f"(attribute_not_exists(#paused) OR #paused <= :date) AND {unchanged}",
            {
                "#state": "state",
                "#frequency": "frequency",
                "#paused": "paused_until",
                "#last": frequency.value,
            },
            {
                ":confirmed": "confirmed",
                ":frequency": frequency.value,
                ":date": date,
                **({} if last is None else {":last": last}),
            },
        )

    def claim_again(self, reader: Reader, *, now: datetime) -> Reader | None:
        """Claim a mail once more of which nobody knows; None if something is known by now."""
        return self._take(
            reader,
            {"delivery": _sending(reader.delivery.digest, now)},
            "#state = :confirmed AND #delivery = :delivery",
            {"#state": "state", "#delivery": "delivery"},
            {":confirmed": "confirmed", ":delivery": _item_of(reader.delivery)},
        )

    def end(self, claimed: Reader, status: str, message: str = "") -> bool:
        """Write what became of a claimed mail; tell whether no other write had come first."""
        ended = Delivery(claimed.delivery.digest, status, message=message)
        return self._replace(claimed, {"delivery": _item_of(ended)})

    def release(self, claimed: Reader, before: Reader, frequency: Frequency) -> None:
        """Undo a claim of which no mail has come, so that it can be claimed again."""
        attributes: dict[str, Any] = {"delivery": _item_of(before.delivery)}
        last = before.last.get(frequency)
        if last is None:
            self._replace(claimed, attributes, removing=[frequency.value])
        else:
            self._replace(claimed, attributes | {frequency.value: last})

    def record_sent(self, subscriber: str, digest: str, message: str) -> None:
        """Write that SES took a mail, by its event; the answer may have been lost.

        A mail that is claimed again meanwhile is still one that SES took. Raises StoreUnavailable.
        """
        for _ in range(ATTEMPTS):
            reader = self.read(subscriber)
            if reader is None or not reader.delivery.is_sending(digest):
                return
            if self.end(reader, SENT, message):
                return
        raise StoreUnavailable("other writes kept conflicting")

    def suppress(self, subscriber: str, digest: str, kind: str) -> bool:
        """Delete an address and what it chose for good, and count why: bounced or complained.

        Tells whether it was new: of a person who is suppressed already nothing is counted.
        """
        removed = {f"#{name}": name for name in (*OWN, "bounces")}
        suppressed = Change(
            update=f"SET #state = :suppressed REMOVE {', '.join(removed)}",
            condition="attribute_exists(pk) AND #state <> :suppressed",
            names={"#state": "state", **removed},
            values={":suppressed": "suppressed"},
        )
        frequency, _, date = digest.partition("-")
        counted = Change(update="ADD #kind :one", names={"#kind": kind}, values={":one": 1})
        for _ in range(ATTEMPTS):
            item = self._table.get(subscriber_key(subscriber), consistent=True)
            if item is None or item["state"] == "suppressed":
                return False
            try:
                self._table.transact(
                    self._table.updating(subscriber_key(subscriber), suppressed),
                    self._table.updating(delivery_key(Frequency(frequency), date), counted),
                )
            except TransactionRefused:
                continue
            return True
        raise StoreUnavailable("other writes kept conflicting")

    def record_passing_bounce(self, subscriber: str, bounce: str, at: datetime) -> bool:
        """Remember a bounce that may pass; tell whether the subscription was paused for it."""
        for _ in range(ATTEMPTS):
            item = self._table.get(subscriber_key(subscriber), consistent=True)
            if item is None or item["state"] != "confirmed":
                return False
            known = item.get("bounces", [])
            entry = f"{format_time(at)}#{bounce}"
            earliest = format_time(at - PASSING_WITHIN)
            bounces = sorted({entry, *(known_one for known_one in known if known_one >= earliest)})
            if entry in known:
                return False
            is_full = len(bounces) >= MAX_PASSING
            attributes = {"bounces": [] if is_full else bounces}
            try:
                self._table.update(
                    subscriber_key(subscriber),
                    Change.setting(
                        attributes | ({"paused_until": FOREVER} if is_full else {}),
                        condition="#state = :confirmed AND "
                        + ("#bounces = :known" if "bounces" in item
                           else "attribute_not_exists(#bounces)"),
                        names={"#state": "state", "#bounces": "bounces"},
                        values={":confirmed": "confirmed"}
                        | ({":known": known} if "bounces" in item else {}),
                    ),
                )  # fmt: skip
            except ConditionFailed:
                continue
            return is_full
        raise StoreUnavailable("other writes kept conflicting")

    def progress(self, frequency: Frequency, date: str) -> Progress:
        """Read what became of a digest's mails so far."""
        item = self._table.get(delivery_key(frequency, date), consistent=True) or {}
        return Progress(
            begun=bool(item.get("begun")),
            sent=item.get("sent", 0),
            refused=item.get("refused", 0),
            bounced=item.get("bounced", 0),
            complained=item.get("complained", 0),
            resumed=item.get("resumed", {}),
            stopped=item.get("stopped", ""),
            stopped_until=item.get("stopped_until", ""),
        )

    def record_begun(self, frequency: Frequency, date: str, now: datetime) -> None:
        """Write that every portion was queued."""
        self._table.update(
            delivery_key(frequency, date), Change.setting({"begun": format_time(now)})
        )

    def count(self, frequency: Frequency, date: str, counts: Mapping[str, int]) -> None:
        """Add numbers of mails by what became of them: sent, refused, bounced."""
        counted = {name: number for name, number in counts.items() if number}
        if counted:
            adds = ", ".join(f"#{name} :{name}" for name in counted)
            change = Change(
                update=f"ADD {adds}",
                names={f"#{name}": name for name in counted},
                values={f":{name}": number for name, number in counted.items()},
            )
            self._table.update(delivery_key(frequency, date), change)

    def stop(
        self, frequency: Frequency, date: str, why: str, *, until: datetime | None = None
    ) -> None:
        """Stop a digest, for good or until it goes on by itself.

        What was stopped for good meanwhile stays so.
        """
        stopped = Change.setting({"stopped": why}, removing=["stopped_until"])
        if until:
            stopped = Change.setting(
                {"stopped": why, "stopped_until": format_time(until)},
                condition="attribute_not_exists(#stopped) OR attribute_exists(#until)",
                names={"#stopped": "stopped", "#until": "stopped_until"},
            )
        with suppress(ConditionFailed):
            self._table.update(delivery_key(frequency, date), stopped)

    def resume(self, frequency: Frequency, date: str) -> None:
        """Let a stopped digest go on, and keep the numbers that it was stopped with."""
        progress = self.progress(frequency, date)
        numbers = {name: getattr(progress, name) for name in ("sent", "bounced", "complained")}
        change = Change.setting({"resumed": numbers}, removing=["stopped", "stopped_until"])
        self._table.update(delivery_key(frequency, date), change)

    def _take(
        self,
        reader: Reader,
        attributes: Mapping[str, Any],
        condition: str,
        names: Mapping[str, str],
        values: Mapping[str, Any],
    ) -> Reader | None:
        change = Change.setting(attributes, condition=condition, names=names, values=values)
        try:
            return _reader_of(self._table.update(subscriber_key(reader.id), change, whole=True))
        except ConditionFailed:
            return None

    def _replace(
        self,
        claimed: Reader,
        attributes: Mapping[str, Any],
        removing: tuple[str, ...] | list[str] = (),
    ) -> bool:
        """Change an item if its delivery still is the claimed one; tell whether it was."""
        change = Change.setting(
            attributes,
            removing=removing,
            condition="#delivery = :delivery",
            names={"#delivery": "delivery"},
            values={":delivery": _item_of(claimed.delivery)},
        )
        try:
            self._table.update(subscriber_key(claimed.id), change)
        except ConditionFailed:
            return False
        return True


def _sending(digest: str, now: datetime) -> Item:
    return _item_of(Delivery(digest, SENDING, milliseconds(now + LEASE)))


def _item_of(delivery: Delivery) -> Item:
    return {
        "digest": delivery.digest,
        "status": delivery.status,
        "lease": delivery.lease,
        "message": delivery.message,
    }


def _reader_of(item: Item) -> Reader:
    delivery = item.get("delivery")
    return Reader(
        item["sk"],
        item["state"],
        item.get("address", ""),
        Choices(
            Frequency(item.get("frequency", Frequency.DAILY)),
            frozenset(item.get("sections", ())),
            item.get("paused_until", ""),
        ),
        parse_time(item["asked"]) if item.get("asked") else None,
        {frequency: item[frequency] for frequency in Frequency if frequency in item},
        Delivery(**delivery) if delivery else Delivery("", ""),
    )
