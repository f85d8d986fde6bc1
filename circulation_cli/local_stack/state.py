"""A state directory: its engine and format, and the stack's data other than the tables."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from circulation_cli.local_stack.ministack import TABLES

FILE = "stack.db"
FORMAT = 5
"""The version of the stored data, including the tables; version 1 had no such file, in version 2
the counters had the numbers of open days, which only the pages have now, in version 3 they did not
say what their article is called, so that statistics would list none, and in version 4 a month did
not say which days are in it."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS positions (shard TEXT PRIMARY KEY, sequence_number TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        body TEXT NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS mails (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        accepted TEXT NOT NULL,
        sender TEXT NOT NULL,
        recipient TEXT NOT NULL,
        subject TEXT NOT NULL,
        configuration_set TEXT NOT NULL,
        tags TEXT NOT NULL,
        raw BLOB NOT NULL
    );
    CREATE VIEW IF NOT EXISTS envelopes AS
        SELECT number, id, accepted, sender, recipient, subject, configuration_set, tags FROM mails;
    CREATE TABLE IF NOT EXISTS mail_events (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        mail TEXT NOT NULL,
        kind TEXT NOT NULL,
        due TEXT NOT NULL,
        body TEXT NOT NULL,
        published TEXT
    );
    CREATE INDEX IF NOT EXISTS mail_events_of_mail ON mail_events (mail);
    CREATE INDEX IF NOT EXISTS mail_events_to_publish ON mail_events (due) WHERE published IS NULL;
    CREATE TABLE IF NOT EXISTS delays (message INTEGER PRIMARY KEY, not_before REAL NOT NULL);
"""


class OtherState(Exception):  # noqa: N818  not an error of this program
    """A state directory is of another version or engine; the message says how to migrate it."""


class State:
    """The stack's own database in a state directory. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / FILE, check_same_thread=False)
        self._lock = threading.Lock()
        # Each commit is on disk when it returns, as the engine's are.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the database for one transaction, which the end of the block commits."""
        with self._lock, self._connection:
            yield self._connection

    def fact(self, name: str) -> str | None:
        """Read a fact, such as "engine"; None if it is not noted."""
        with self.transaction() as database:
            row = database.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def note(self, name: str, value: str) -> None:
        """Write a fact, in place of its old value."""
        with self.transaction() as database:
            database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, value])

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def check_state(folder: Path, engine: str) -> None:
    """Check that a state directory is of this version and engine; its databases stay as they are.

    Raises OtherState.
    """
    if not (folder / FILE).exists():
        if (folder / TABLES).exists():
            raise OtherState(_carry_over(folder, "of an earlier version"))
        return
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(folder / FILE))}?mode=ro", uri=True)
        ) as made:
            facts = dict(made.execute("SELECT name, value FROM facts"))
    except sqlite3.Error as error:
        raise OtherState(
            f"{folder / FILE} cannot be read ({error}): take another --state"
        ) from None
    if facts.get("format", str(FORMAT)) != str(FORMAT):
        raise OtherState(_carry_over(folder, f"of format {facts['format']}, not {FORMAT}"))
    if facts.get("engine", engine) != engine:
        raise OtherState(_carry_over(folder, f"kept by {facts['engine']}, not by {engine}"))


def _carry_over(folder: Path, what: str) -> str:
    return (
        f"{folder} is {what}: run what made it, `circulation export > articles.ndjson`, then this "
        f"with another --state, and `circulation import articles.ndjson`"
    )
