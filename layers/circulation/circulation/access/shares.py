"""The share links: one item for each, read seldom and cached in memory."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from circulation.access.grant import Extent
from circulation.access.hash_cache import HashCache
from circulation.access.keys import SHARES, share_key
from circulation.access.share import LISTED, MAX_SHARES, Share
from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.times import format_time, parse_time

_log = logging.getLogger(__name__)


class ShareExists(Exception):  # noqa: N818
    """Another link has that name."""


class TooManyShares(Exception):  # noqa: N818
    """There are MAX_SHARES links already that have not ended."""


class Shares:
    """The share links in the library's table, with a cache of them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._cache = HashCache(self.all, "share links")

    def all(self) -> list[Share]:
        """Read every link, in the order of their names. Raises StoreUnavailable."""
        return list(_read_shares(self._table.query(SHARES, consistent=True)))

    def add(self, share: Share, *, now: datetime) -> None:
        """Add a link. Raises ShareExists, TooManyShares, and StoreUnavailable.

        Links that have ended are deleted if there are too many. The number is checked after the
        write, which is undone if that was not enough: where several are added at once, all may be
        refused, but there are never more than MAX_SHARES.
        """
        change = Change.setting(
            {
                "sha256": share.sha256,
                "extent": str(share.extent),
                "subject": share.subject,
                "created": format_time(share.created),
                "until": format_time(share.until),
                "ttl": int((share.until + LISTED).timestamp()),
            },
            condition="attribute_not_exists(pk)",
        )
        try:
            self._table.update(share_key(share.name), change)
        except ConditionFailed as failed:
            # The same hash means our own write, sent again because its answer was lost.
            if failed.item.get("sha256") != share.sha256:
                raise ShareExists from failed
        stored = self.all()
        if len(stored) <= MAX_SHARES:
            return
        ended = [one for one in stored if not one.is_open(now=now)]
        for one in ended or [share]:
            self._delete_itself(one)
        if not ended:
            raise TooManyShares

    def revoke(self, name: str) -> bool:
        """Delete a link; say whether there was one. Raises StoreUnavailable."""
        try:
            self._table.delete(share_key(name), Change(condition="attribute_exists(pk)"))
        except ConditionFailed:
            return False
        return True

    def find(self, sha256: str, *, now: datetime) -> Share | None:
        """Find a link by the SHA-256 (hex) of its key, as HashCache does; it may have ended."""
        return self._cache.find(sha256, now=now)

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt to read the table failed."""
        return self._cache.is_failing

    def _delete_itself(self, share: Share) -> None:
        """Delete a link, and no other that has its name by now."""
        own = Change(
            condition="#sha256 = :sha256",
            names={"#sha256": "sha256"},
            values={":sha256": share.sha256},
        )
        with suppress(ConditionFailed):
            self._table.delete(share_key(share.name), own)


def _read_shares(items: Iterable[Item]) -> Iterator[Share]:
    """Read the links' items; an invalid one, edited by hand, is logged and skipped."""
    for item in items:
        try:
            yield _share_of_item(item)
        except (AttributeError, KeyError, TypeError, ValueError):
            _log.exception("no share link: %s", item["sk"])


def _share_of_item(item: Item) -> Share:
    return Share(
        name=item["sk"],
        sha256=str(item["sha256"]),
        extent=Extent(item["extent"]),
        subject=item["subject"],
        created=parse_time(item["created"]),
        until=parse_time(item["until"]),
    )
