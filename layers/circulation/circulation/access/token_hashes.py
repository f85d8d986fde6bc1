"""The publishers' tokens: one item for each, read seldom and remembered."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock

from circulation.access.keys import TOKENS, token_key
from circulation.access.tokens import MAX_TOKENS, Scope, Token, matching
from circulation.aws.table import CALL_ERRORS, Change, ConditionFailed, Item, Table
from circulation.errors import StoreUnavailable
from circulation.times import format_time, parse_time

REFRESH = timedelta(minutes=1)
"""A revoked token is let in for no longer than this by the clock, while the table answers."""
GRACE = timedelta(hours=1)
"""Known tokens are let in for no longer than this while the table fails."""
PAUSE = timedelta(seconds=2)
"""After the table failed nobody waits for it again for this long."""
LOOKS = 10
LOOKS_PER = timedelta(seconds=10)
"""Unknown tokens make a container read the table at most LOOKS times in each LOOKS_PER."""

ATTEMPTS = 2
"""API Gateway waits 10 seconds for an authorizer: two attempts of at most 3 seconds, and up to one
second between them (botocore: retries in standard mode), leave it time to answer."""

_log = logging.getLogger(__name__)


class TokenExists(Exception):  # noqa: N818
    """There is another token of that name."""


class TooManyTokens(Exception):  # noqa: N818
    """There are as many tokens as there may be."""


class Tokens:
    """The tokens in the library's table; those that were read last are kept at hand."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._at_hand: list[Token] = []
        self._read_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._looked_at: list[datetime] = []
        self._lock = Lock()

    def all(self) -> list[Token]:
        """Read every token, in the order of their names. Raises StoreUnavailable."""
        return list(_tokens(self._table.query(TOKENS, consistent=True)))

    def add(self, token: Token) -> None:
        """Add a token. Raises TokenExists, TooManyTokens, and StoreUnavailable.

        Whoever adds one looks afterwards whether there are too many, and then takes its own out
        again: of several at once beyond the bound none may stay, but never more than may.
        """
        try:
            self._put(token, Change(condition="attribute_not_exists(pk)"))
        except ConditionFailed as failed:
            # Our own write, if its answer was lost and it was sent again.
            if failed.item.get("sha256") != token.sha256:
                raise TokenExists from failed
        if len(self.all()) > MAX_TOKENS:
            own = Change(
                condition="#sha256 = :sha256",
                names={"#sha256": "sha256"},
                values={":sha256": token.sha256},
            )
            with suppress(ConditionFailed):
                self._table.delete(token_key(token.name), own)
            raise TooManyTokens

    def replace(self, token: Token) -> None:
        """Put a token in the place of any other of its name. Raises StoreUnavailable."""
        self._put(token, Change())

    def revoke(self, name: str) -> bool:
        """Take a token out; tell whether there was one. Raises StoreUnavailable."""
        try:
            self._table.delete(token_key(name), Change(condition="attribute_exists(pk)"))
        except ConditionFailed:
            return False
        return True

    def find(self, sha256: str, *, now: datetime) -> Token | None:
        """Find a token by its SHA-256 among those that are at hand, at most REFRESH old.

        One that is not among them may have been made just now: the table is read again, LOOKS times
        in each LOOKS_PER. While it fails, those at hand are gone on with for GRACE.
        """
        with self._lock:
            is_read = self._is_due(now) and self._refresh(now)
            token = self._find_at_hand(sha256, now)
            if token is None and not is_read and self._may_look(now) and self._refresh(now):
                token = self._find_at_hand(sha256, now)
            return token

    @property
    def is_failing(self) -> bool:
        """Whether the table did not answer when it was asked last."""
        return self._failed_at is not None

    def _find_at_hand(self, sha256: str, now: datetime) -> Token | None:
        if self._read_at is None or abs(now - self._read_at) >= GRACE:
            return None
        return matching(sha256, self._at_hand)

    def _is_due(self, now: datetime) -> bool:
        """Tell whether what is at hand is too old; after the clock went back nobody knows."""
        return self._read_at is None or not _lately(self._read_at, now, REFRESH)

    def _may_look(self, now: datetime) -> bool:
        self._looked_at = [look for look in self._looked_at if _lately(look, now, LOOKS_PER)]
        if len(self._looked_at) >= LOOKS:
            return False
        self._looked_at.append(now)
        return True

    def _refresh(self, now: datetime) -> bool:
        """Read the tokens; tell whether they could be read."""
        if self._failed_at is not None and _lately(self._failed_at, now, PAUSE):
            return False
        try:
            tokens = self.all()
        except (StoreUnavailable, *CALL_ERRORS):
            # Whatever it is, publishers who are known need not notice it.
            _log.exception("the tokens could not be read")
            self._failed_at = now
            return False
        self._at_hand, self._read_at, self._failed_at = tokens, now, None
        return True

    def _put(self, token: Token, condition: Change) -> None:
        attributes = {
            "sha256": token.sha256,
            "scopes": {str(scope) for scope in token.scopes},
            "created": format_time(token.created),
        }
        change = Change.setting(attributes, condition=condition.condition)
        self._table.update(token_key(token.name), change)


def _lately(moment: datetime, now: datetime, period: timedelta) -> bool:
    """Tell whether a moment is less than a period ago, and not to come."""
    return timedelta(0) <= now - moment < period


def _tokens(items: Iterable[Item]) -> Iterator[Token]:
    """Read the tokens' items; one that was spoilt by hand lets nobody in and keeps nobody out."""
    for item in items:
        try:
            yield _token(item)
        except (AttributeError, KeyError, TypeError, ValueError):
            _log.exception("no token: %s", item["sk"])


def _token(item: Item) -> Token:
    """Read a token's item; scopes that are not known here are left out."""
    known = set(Scope) & item["scopes"]
    scopes = frozenset(Scope(scope) for scope in known)
    return Token(item["sk"], str(item["sha256"]), scopes, parse_time(item["created"]))
