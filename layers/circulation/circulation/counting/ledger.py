"""The ledger: one line per visitor, article and day; the only truth about recent views."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.counting.counts import DayCount
from circulation.counting.keys import BUCKETS, TRAITS, ledger_key, ledger_partition
from circulation.counting.line_sums import LineSum, Numbers, total_of
from circulation.counting.view import Entry, View
from circulation.times import milliseconds, moment_of, start_of

KEEP = timedelta(days=4)
"""How long after the start of a day its lines expire: three days after its end."""
EXPIRY_MARGIN = timedelta(hours=1)
"""Longer than the recount of an article takes, so that no line expires during one."""
MAX_NONCES = 64
"""Nonces that a line keeps; of the visitor's further views that day it has only the last one's."""

NONCE_BYTES = 8
"""Bytes of a nonce's digest."""


class Ledger:
    """The ledger's table."""

    def __init__(self, table: Table, *, since: str = "") -> None:
        """Take the table; since is the UTC day on which it began, if the library is older."""
        self._table = table
        self._since = since

    def time(self) -> datetime:
        """Read DynamoDB's clock, by which lines expire."""
        return self._table.time()

    def enter(self, view: View, *, repeat_window: timedelta) -> Entry:
        """Enter a view unless the visitor's last one was within the repeat window: one write.

        With a window of 0, every load of the article is a view.

        The nonce tells a retry from a second visit: a retry finds its own nonce in the line,
        whatever was entered since, and is counted once. A line with MAX_NONCES needs a second
        write, which keeps only the newest nonce.
        """
        key = ledger_key(view.article, view.day, view.visitor)
        try:
            line = self._table.update(key, _entry_change(view, repeat_window, remembered=True))
        except ConditionFailed as failed:
            if _is_in(failed.item, view) or len(failed.item["xs"]) < MAX_NONCES:
                return _entry_of(failed.item, counted=_is_in(failed.item, view), fresh=False)
        else:
            return _entry_of(line, counted=True, fresh=True)
        try:
            line = self._table.update(key, _entry_change(view, repeat_window, remembered=False))
        except ConditionFailed as failed:
            return _entry_of(failed.item, counted=_is_in(failed.item, view), fresh=False)
        return _entry_of(line, counted=True, fresh=True)

    def find(self, view: View) -> Entry | None:
        """Read the line that a view would be entered in; counted says whether it has its nonce."""
        line = self._table.get(ledger_key(view.article, view.day, view.visitor), consistent=True)
        return _entry_of(line, counted=_is_in(line, view), fresh=False) if line else None

    def is_complete(self, day: str, *, now: datetime) -> bool:
        """Tell whether the ledger has every line of a day, for as long as a recount may take.

        It has no lines from before it began, and lines expire.
        """
        return day > self._since and now + EXPIRY_MARGIN < start_of(day) + KEEP

    def recount(self, article: str, day: str) -> DayCount:
        """Count an article's views of a day from its lines, strongly consistent."""
        return total_of(self.sum_lines(article, day, bucket) for bucket in BUCKETS)

    def sum_lines(
        self,
        article: str,
        day: str,
        bucket: str,
        *,
        since: LineSum = LineSum(),  # noqa: B008  it cannot be changed
        at_most: int | None = None,
    ) -> LineSum:
        """Add lines of a partition to a sum over those before them, strongly consistent.

        At most so many lines are read, or all for None.
        """
        lines = self._table.query(
            ledger_partition(article, day, bucket),
            after=since.last or None,
            limit=at_most,
            consistent=True,
            only=("sk", "n", "at", "a"),
        )
        numbers = (Numbers(line["sk"], line["n"], line["at"], "a" in line) for line in lines)
        return since.plus(numbers, at_most=at_most)


def nonce_digest(nonce: str) -> bytes:
    """Hash a nonce to the 8 bytes that a ledger line keeps of it."""
    return hashlib.blake2b(nonce.encode(errors="surrogatepass"), digest_size=NONCE_BYTES).digest()


def _entry_change(view: View, repeat_window: timedelta, *, remembered: bool) -> Change:
    """Make the change that enters a view. Its traits replace those of the visitor's last view.

    If remembered, its nonce is added to those of the day's earlier views, on condition that there
    are fewer than MAX_NONCES. Otherwise it is only kept as the last one: a set that was begun anew
    would lose the earlier ones.
    """
    again = "#x <> :nonce AND NOT contains(#xs, :digest)"
    again += " AND size(#xs) < :most" if remembered else ""
    again += " AND #at <= :cutoff" if repeat_window else ""
    cutoff = {":cutoff": milliseconds(view.at - repeat_window)} if repeat_window else {}
    digest = nonce_digest(view.nonce)
    room = {":most": MAX_NONCES, ":digests": {digest}} if remembered else {}
    traits = {f"#{name}": value for name, value in zip(TRAITS, view.traits, strict=True)}
    written: dict[str, Any] = {name: value for name, value in traits.items() if value is not None}
    written |= {"#a": True} if view.anonymous else {}
    removed = [name for name in traits if name not in written]
    return Change(
        update="SET #n = if_not_exists(#n, :none) + :one, #at = :now, #x = :nonce, #ttl = :ttl"
        + "".join(f", {name} = :{name[1:]}" for name in written)
        + (f" REMOVE {', '.join(removed)}" if removed else "")
        + (" ADD #xs :digests" if remembered else ""),
        condition=f"attribute_not_exists(pk) OR ({again})",
        names={name: name[1:] for name in ("#n", "#at", "#x", "#xs", "#ttl", *written, *removed)},
        values={
            ":none": 0,
            ":one": 1,
            ":now": milliseconds(view.at),
            ":nonce": view.nonce,
            ":digest": digest,
            ":ttl": int((start_of(view.day) + KEEP).timestamp()),
            **room,
            **cutoff,
            **{f":{name[1:]}": value for name, value in written.items()},
        },
    )


def _is_in(line: Item, view: View) -> bool:
    """Tell whether a view was entered in a line, by its nonce."""
    return line["x"] == view.nonce or nonce_digest(view.nonce) in line["xs"]


def _entry_of(line: Item, *, counted: bool, fresh: bool) -> Entry:
    return Entry(
        counted=counted,
        fresh=fresh,
        at=moment_of(line["at"]),
        views=line["n"],
        anonymous="a" in line,
    )
