"""The publishers' tokens: one item for each, read seldom and cached in memory."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from circulation.access.hash_cache import HashCache
from circulation.access.keys import TOKENS, token_key
from circulation.access.tokens import MAX_TOKENS, Scope, Token
from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.times import format_time, parse_time

ATTEMPTS = 2
"""API Gateway waits 10 seconds for an authorizer: two attempts of at most 3 seconds, and up to one
second between them (botocore: retries in standard mode), leave it time to answer."""

_log = logging.getLogger(__name__)


class TokenExists(Exception):  # noqa: N818
    """Another token has that name."""


class TooManyTokens(Exception):  # noqa: N818
    """There are MAX_TOKENS tokens already."""


class Tokens:
    """The tokens in the library's table, with a cache of them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._cache = HashCache(self.all, "tokens")

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
        """Find a token by its SHA-256 (hex), as HashCache does."""
        return self._cache.find(sha256, now=now)

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt to read the table failed."""
        return self._cache.is_failing

    def _put(self, token: Token, condition: Change) -> None:
        attributes = {
            "sha256": token.sha256,
            "scopes": {str(scope) for scope in token.scopes},
            "created": format_time(token.created),
        }
        change = Change.setting(attributes, condition=condition.condition)
        self._table.update(token_key(token.name), change)


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
