"""The outbox: the newest mails that the local stack's mail service accepted, and their events.

Both are in the stack's own database, so that an accepted mail survives the process.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from circulation_cli.local_stack.state import State

MAX_MAILS = 1_000
"""How many mails are stored; an older one gives way to each new one."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of a mail beside its bytes."""

    id: str
    """The message id that the service gave it."""
    accepted: datetime
    sender: str
    recipient: str
    subject: str
    configuration_set: str
    """Empty if the mail was sent without one."""
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mail:
    """An accepted mail: its envelope, and its bytes as they were sent."""

    envelope: Envelope
    raw: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a mail, to be published at a time."""

    kind: str
    """SES's eventType, such as Send."""
    due: datetime
    body: str
    """SES's JSON."""
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueEvent:
    """An event that is to be published now."""

    number: int
    body: str


class Outbox:
    """The newest mails, up to a number, with their events."""

    def __init__(self, state: State, max_mails: int = MAX_MAILS) -> None:
        self._state = state
        self._max_mails = max_mails

    def add(self, mail: Mail, events: Sequence[Event]) -> None:
        """Store a mail and the events to come; both are on disk then."""
        envelope = mail.envelope
        with self._state.transaction() as database:
            database.execute(
                "INSERT INTO mails VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    envelope.id,
                    _text(envelope.accepted),
                    envelope.sender,
                    envelope.recipient,
                    envelope.subject,
                    envelope.configuration_set,
                    json.dumps(dict(envelope.tags)),
                    mail.raw,
                ],
            )
            database.executemany(
                "INSERT INTO mail_events (mail, kind, due, body) VALUES (?, ?, ?, ?)",
                [[envelope.id, event.kind, _text(event.due), event.body] for event in events],
            )
            self._delete_oldest(database)

    def _delete_oldest(self, database: sqlite3.Connection) -> None:
        """Delete the mails beyond the limit; their unpublished events stay until they are."""
        (newest,) = database.execute("SELECT MAX(number) FROM mails").fetchone()
        last = newest - self._max_mails
        database.execute(
            "DELETE FROM mail_events WHERE published IS NOT NULL"
            " AND mail IN (SELECT id FROM mails WHERE number <= ?)",
            [last],
        )
        database.execute("DELETE FROM mails WHERE number <= ?", [last])

    def count(self) -> int:
        """Count the stored mails."""
        with self._state.transaction() as database:
            (count,) = database.execute("SELECT COUNT(*) FROM mails").fetchone()
        return int(count)

    def newest(self, limit: int) -> list[Envelope]:
        """Give the envelopes of the newest mails, the newest first."""
        with self._state.transaction() as database:
            rows = database.execute(
                "SELECT * FROM envelopes ORDER BY number DESC LIMIT ?", [limit]
            ).fetchall()
        return [_envelope(row) for row in rows]

    def read(self, mail_id: str) -> Mail | None:
        """Read a mail; None if it is not stored, or no longer."""
        with self._state.transaction() as database:
            row = database.execute("SELECT * FROM mails WHERE id = ?", [mail_id]).fetchone()
        return Mail(_envelope(row[:-1]), row[-1]) if row else None

    def events_of(self, mail_id: str) -> list[Event]:
        """Give the events of a mail in the order in which they were stored."""
        with self._state.transaction() as database:
            rows = database.execute(
                "SELECT kind, due, body, published FROM mail_events WHERE mail = ? ORDER BY number",
                [mail_id],
            ).fetchall()
        return [
            Event(kind, _time(due), body, _time(published) if published else None)
            for kind, due, body, published in rows
        ]

    def due_events(self, now: datetime) -> list[DueEvent]:
        """Give the events that are due and not published, in the order in which they are due."""
        with self._state.transaction() as database:
            rows = database.execute(
                "SELECT number, body FROM mail_events WHERE published IS NULL AND due <= ?"
                " ORDER BY due, number",
                [_text(now)],
            ).fetchall()
        return [DueEvent(*row) for row in rows]

    def note_published(self, event: DueEvent, now: datetime) -> None:
        """Note that an event was published; one whose mail is no longer stored is deleted."""
        with self._state.transaction() as database:
            database.execute(
                "UPDATE mail_events SET published = ? WHERE number = ?", [_text(now), event.number]
            )
            database.execute(
                "DELETE FROM mail_events WHERE number = ?"
                " AND NOT EXISTS (SELECT 1 FROM mails WHERE mails.id = mail_events.mail)",
                [event.number],
            )


def _envelope(row: Sequence[str]) -> Envelope:
    """Make an envelope of a row of the view envelopes."""
    _, mail_id, accepted, sender, recipient, subject, configuration_set, tags = row
    return Envelope(
        mail_id,
        _time(accepted),
        sender,
        recipient,
        subject,
        configuration_set,
        json.loads(tags),
    )


def _text(time: datetime) -> str:
    """Write a time so that the order of texts is that of times."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
