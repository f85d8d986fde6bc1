"""The publishers' tokens: one item for each, read seldom and cached in memory."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock

from circulation.access.keys import TOKENS, token_key
from circulation.access.tokens import MAX_TOKENS, Scope, Token, find_matching
from circulation.aws.table import CALL_ERRORS, Change, ConditionFailed, Item, Table
from circulation.errors import StoreUnavailable
from circulation.times import format_time, parse_time

REFRESH = timedelta(minutes=1)
"""A revoked token is accepted for no longer than this while the table answers."""
GRACE = timedelta(hours=1)
"""Tokens that were read before are accepted for no longer than this while the table fails."""
PAUSE = timedelta(seconds=2)
"""After the table failed, it is not called again for this long."""
LOOKS = 10
LOOKS_PER = timedelta(seconds=10)
"""Unknown tokens make a container read the table at most LOOKS times in any LOOKS_PER."""

ATTEMPTS = 2
"""API Gateway waits 10 seconds for an authorizer: two attempts of at most 3 seconds, and up to one
second between them (botocore: retries in standard mode), leave it time to answer."""

_log = logging.getLogger(__name__)


class TokenExists(Exception):  # noqa: N818
    """Another token has that name."""


class TooManyTokens(Exception):  # noqa: N818
    """There are MAX_TOKENS tokens already."""


class Tokens:
    """The tokens in the library's table, with a cache of those that were read last."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._at_hand: list[Token] = []
        self._read_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._looked_at: list[datetime] = []
        self._lock = Lock()

    def all(self) -> list[Token]:
        """Read every token, in the order of their names. Raises StoreUnavailable."""
        return list(_read_tokens(self._table.query(TOKENS, consistent=True)))

    def add(self, token: Token) -> None:
        """Add a token. Raises TokenExists, TooManyTokens, and StoreUnavailable.

        The number of tokens is checked after the write, which is undone if there are too many:
        where several are added at once, all may be refused, but there are never more than
        MAX_TOKENS.
        """
        try:
            self._put(token, Change(condition="attribute_not_exists(pk)"))
        except ConditionFailed as failed:
            # The same hash means our own write, sent again because its answer was lost.
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
        """Write a token over any other of its name. Raises StoreUnavailable."""
        self._put(token, Change())

    def revoke(self, name: str) -> bool:
        """Delete a token; say whether there was one. Raises StoreUnavailable."""
        try:
            self._table.delete(token_key(name), Change(condition="attribute_exists(pk)"))
        except ConditionFailed:
            return False
        return True

    def find(self, sha256: str, *, now: datetime) -> Token | None:
        """Find a token by its SHA-256 (hex) in the cache, which is at most REFRESH old.

        A token that is not in it may be a new one: then the table is read again, LOOKS times in any
        LOOKS_PER. While the table fails, the cache is used for up to GRACE.
        """
        with self._lock:
            is_read = self._is_due(now) and self._refresh(now)
            token = self._find_at_hand(sha256, now)
            if token is None and not is_read and self._may_look(now) and self._refresh(now):
                token = self._find_at_hand(sha256, now)
            return token

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt to read the table failed."""
        return self._failed_at is not None

    def _find_at_hand(self, sha256: str, now: datetime) -> Token | None:
        if self._read_at is None or abs(now - self._read_at) >= GRACE:
            return None
        return find_matching(sha256, self._at_hand)

    def _is_due(self, now: datetime) -> bool:
        """Say whether the cache is too old; if the clock went back, its age is unknown."""
        return self._read_at is None or not _is_within(self._read_at, now, REFRESH)

    def _may_look(self, now: datetime) -> bool:
        self._looked_at = [look for look in self._looked_at if _is_within(look, now, LOOKS_PER)]
        if len(self._looked_at) >= LOOKS:
            return False
        self._looked_at.append(now)
        return True

    def _refresh(self, now: datetime) -> bool:
        """Read the tokens into the cache; say whether that worked."""
        if self._failed_at is not None and _is_within(self._failed_at, now, PAUSE):
            return False
        try:
            tokens = self.all()
        except (StoreUnavailable, *CALL_ERRORS):
            # Whatever the reason, publishers whose tokens are in the cache are not affected.
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


def _is_within(moment: datetime, now: datetime, period: timedelta) -> bool:
    """Say whether a moment is less than a period ago, and not in the future."""
    return timedelta(0) <= now - moment < period


def _read_tokens(items: Iterable[Item]) -> Iterator[Token]:
    """Read the tokens' items; an invalid one, edited by hand, is logged and skipped."""
    for item in items:
        try:
            yield _token_of_item(item)
        except (AttributeError, KeyError, TypeError, ValueError):
            _log.exception("no token: %s", item["sk"])


def _token_of_item(item: Item) -> Token:
    """Read a token's item; unknown scopes are left out."""
    names = set(Scope) & item["scopes"]
    scopes = frozenset(Scope(scope) for scope in names)
    return Token(item["sk"], str(item["sha256"]), scopes, parse_time(item["created"]))
