"""Fill the tables of a stack that does not run: articles, the past's pages, today's ledger."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from circulation.articles.catalogue import Catalogue
from circulation.articles.change import Revision
from circulation.articles.editions import Announcement, Editions
from circulation.articles.listing import ALL
from circulation.articles.publishing import publish
from circulation.aws.attribute_values import encoded
from circulation.aws.table import Change
from circulation.counting.breakdown import OTHER
from circulation.counting.counters import REMEMBERED
from circulation.counting.counts import Labels, PageViews
from circulation.counting.keys import TRAITS, count_key, ledger_key, page_key
from circulation.counting.ledger import KEEP, nonce_digest
from circulation.counting.sealing import CLOSE_AFTER, is_over
from circulation.times import day_before, day_of, end_of, milliseconds, start_of
from circulation.views.keys import filtered_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from circulation.articles.article import Article
    from circulation.articles.listing import Listing
    from circulation.aws.table import Item, Table
    from circulation.counting.traits import Traits
    from circulation.runtime import Container
    from circulation_cli.newsroom.audience import Audience, ReadDay
    from circulation_cli.newsroom.pieces import Piece

MAX_PUTS = 25
"""Items in one call at most (API_BatchWriteItem)."""
AHEAD = 8
"""Batches that are made before they can be written."""
ATTEMPTS = 8


@dataclass(slots=True)
class Filled:
    """What was written."""

    articles: int = 0
    pages: int = 0
    views: int = 0
    """Also of the lines."""
    lines: int = 0
    """Of the ledger: the views of the days that are not over."""
    closed: str = ""
    """The UTC day up to which everything is settled."""
    days: dict[str, list[PageViews]] = field(default_factory=dict)
    """The pages of each UTC day that is over."""
    filtered: dict[str, Counter[str]] = field(default_factory=dict)
    """The hits that did not count, by day and reason."""


@dataclass(slots=True)
class _Settled:
    """What an article's counter has settled."""

    views: int = 0
    visitors: int = 0
    days: set[str] = field(default_factory=set)


def fill(
    pieces: Sequence[Piece],
    audience: Audience,
    container: Container,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> Filled:
    """Publish articles and write their readers, as they would be there had the year been counted.

    Nothing else may write meanwhile. The days that are over get sealed pages, and are settled and
    closed; the views of the others are written to the ledger, from which the stream brings them to
    the pages and counters. Raises StoreUnavailable.
    """
    now = audience.now
    closed = _last_closed(now)
    filled = Filled(articles=len(pieces), closed=closed)
    progress("articles")
    publish_pieces(pieces, container, now=now)
    progress("readers")
    lines: list[tuple[datetime, str, Traits]] = []

    def items() -> Iterator[Item]:
        for piece in pieces:
            settled = _Settled()
            hours = audience.hours_of(piece)
            past = {hour: views for hour, views in hours.items() if is_over(day_of(hour), now=now)}
            article = piece.writings[-1].submission.article
            for day, read in audience.days_of(piece, past):
                yield _page_of(article, day, read)
                if read.filtered:
                    yield filtered_key(piece.id, day) | read.filtered
                settled.views += read.views
                settled.visitors += read.visitors
                settled.days.add(day)
                filled.days.setdefault(day, []).append(_numbers_of(article, read))
                filled.filtered.setdefault(day, Counter()).update(read.filtered)
                filled.pages += 1
            _settle(container.library_table, piece.id, settled, closed)
            filled.views += settled.views
            for hour in hours.keys() - past.keys():
                lines.extend(
                    (at, piece.id, traits)
                    for at, traits in audience.views_of(piece, hour, hours[hour])
                )

    put_all(container, container.library_table, items())
    container.books.day_book.close(closed)
    progress("today")
    filled.lines = len(lines)
    filled.views += len(lines)
    _enter(sorted(lines, key=lambda line: line[:2]), container)
    return filled


def publish_pieces(pieces: Sequence[Piece], container: Container, *, now: datetime) -> None:
    """Publish every version at its own time, and note the digests that had the articles.

    The editions, whose times never go back, are changed at the end, all of them now.
    """
    books, stored = container.books, container.catalogue
    past = Catalogue(stored.library, _NoEditions(container.library_table), stored.changes)
    writings = [writing for piece in pieces for writing in piece.writings]
    for writing in sorted(
        writings, key=lambda writing: (writing.at, writing.submission.article.id)
    ):
        publish(writing.submission, past, books, now=writing.at)
    for piece in pieces:
        if piece.mailed:
            stored.changes.note_mailing(piece.id, "daily", piece.mailed)
    for listing, revisions in _by_listing(pieces).items():
        announcement = stored.editions.begin(listing, revisions, now)
        stored.editions.close(announcement, revisions, now)


class _NoEditions(Editions):
    """Editions of which no change is written."""

    def begin(
        self, listing: Listing, revisions: Collection[Revision], now: datetime
    ) -> Announcement:
        """Announce nothing."""
        del revisions, now
        return Announcement(listing, "", {})

    def close(
        self, announcement: Announcement, revisions: Collection[Revision], now: datetime
    ) -> int:
        """Change nothing."""
        del announcement, revisions, now
        return 0


def _by_listing(pieces: Iterable[Piece]) -> dict[Listing, list[Revision]]:
    """Group the articles, as if all were new, by listing; that of all articles comes last."""
    grouped: dict[Listing, list[Revision]] = {}
    for piece in pieces:
        article: Article = piece.writings[-1].submission.article
        revision = Revision(piece.id, None, article, None, 0)
        for listing in revision.editions():
            grouped.setdefault(listing, []).append(revision)
    return dict(sorted(grouped.items(), key=lambda entry: entry[0] == ALL))


def _last_closed(now: datetime) -> str:
    """Give the last UTC day that SealDay would have closed by now."""
    yesterday = day_before(day_of(now))
    return yesterday if now >= end_of(yesterday) + CLOSE_AFTER else day_before(yesterday)


def _page_of(article: Article, day: str, read: ReadDay) -> Item:
    """Write an article's sealed page."""
    hours = {f"h{hour:02}": read.hours.get(hour, 0) for hour in range(24)}
    referrers, campaigns = read.breakdown.referrers, read.breakdown.campaigns
    return {
        **page_key(article.id, day),
        "views": read.views,
        "visitors": read.visitors,
        **hours,
        **_traits_of(read),
        "hosts": len(referrers.keys() - {OTHER}) or None,
        "campaigns": len(campaigns.keys() - {OTHER}) or None,
        "sealed": True,
        "drift": 0,
        "section": article.section,
        "authors": list(article.authors) or None,
        "tags": list(article.tags) or None,
    }


def _numbers_of(article: Article, read: ReadDay) -> PageViews:
    """Give a sealed page as the day book would read it."""
    return PageViews(
        article.id,
        read.views,
        read.visitors,
        [read.hours.get(hour, 0) for hour in range(24)],
        sealed=True,
        traits=_traits_of(read),
        labels=Labels(section=article.section, authors=article.authors, tags=article.tags),
    )


def _traits_of(read: ReadDay) -> dict[str, int]:
    return {
        f"{prefix}#{name}": views
        for prefix, sums in zip(TRAITS, read.breakdown, strict=True)
        for name, views in sums.items()
    }


def _settle(library: Table, article: str, settled: _Settled, closed: str) -> None:
    """Settle an article's past days in its counter, as if each had been by SealArticles."""
    if not settled.days:
        return
    horizon = min(closed, day_of(start_of(max(settled.days)) - REMEMBERED))
    numbers = {
        "views": settled.views,
        "visitors": settled.visitors,
        "sealed": {day for day in settled.days if day > horizon},
        "horizon": horizon,
    }
    library.update(count_key(article), Change.setting(numbers, condition="attribute_exists(pk)"))


def _enter(lines: Sequence[tuple[datetime, str, Traits]], container: Container) -> None:
    """Enter views in the ledger in their order, each of a visitor of its own.

    The page comes before the line, as for every view.
    """
    for article, day in dict.fromkeys((article, day_of(at)) for at, article, _ in lines):
        container.books.day_book.open(article, day)
    put_all(
        container,
        container.ledger_table,
        (_line_of(number, *line) for number, line in enumerate(lines)),
    )


def _line_of(number: int, at: datetime, article: str, traits: Traits) -> Item:
    digest = hashlib.blake2b(f"{number}/{article}/{at}".encode(), digest_size=16).digest()
    nonce = digest.hex()
    day = day_of(at)
    return {
        **ledger_key(article, day, urlsafe_b64encode(digest).rstrip(b"=").decode()),
        "n": 1,
        "at": milliseconds(at),
        "x": nonce,
        "xs": {nonce_digest(nonce)},
        "ttl": int((start_of(day) + KEEP).timestamp()),
        **dict(zip(TRAITS, traits, strict=True)),
    }


def put_all(container: Container, table: Table, items: Iterable[Mapping[str, Any]]) -> None:
    """Put items in place of whatever has their keys, in batches. Raises botocore's errors."""
    iterator = iter(items)

    def put(batch: Sequence[Mapping[str, Any]]) -> None:
        unwritten: Any = {table.name: [{"PutRequest": {"Item": encoded(item)}} for item in batch]}
        for attempt in range(ATTEMPTS):
            answer = container.client.batch_write_item(RequestItems=unwritten)
            unwritten = answer.get("UnprocessedItems")
            if not unwritten:
                return
            table.backoff.wait(attempt)
        raise RuntimeError("the engine takes no more items")

    # One call at a time, as the engine's writes get in each other's way; meanwhile items are made.
    with ThreadPoolExecutor(1) as writer:
        waiting = deque[Future[None]]()
        while batch := list(islice(iterator, MAX_PUTS)):
            waiting.append(writer.submit(put, batch))
            if len(waiting) > AHEAD:
                waiting.popleft().result()
        for future in waiting:
            future.result()
