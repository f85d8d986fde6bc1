"""A digest: what is new and most read since the last one, frozen before the first mail.

What a subscriber gets follows from the frozen digest and the subscriber's choices alone, so two
mails of one digest to one person are the same, whatever was published or withdrawn meanwhile.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.mail.subscriber import Choices, Frequency
from circulation.mail.wording import harmless
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime


MAX_SECTIONS = 100
MAX_NEWEST = 12
"""Articles of a mail."""
MAX_MOST_READ = 5
MOST_READ_POOL = MAX_NEWEST + MAX_MOST_READ
"""Ranks frozen of a section: so many that some are left when those above are taken out."""
MAX_TITLE = 300
MAX_SUMMARY = 300
MAX_BYTES = 300_000
"""Of a digest as text; an item has at most 400 KB (Amazon DynamoDB Developer Guide: Quotas)."""
MAX_SEEN = 1_000
OVERLAP = timedelta(days=2)
"""How much later than its dateline an article may come in, and still be in a digest. A dateline
without a time is up to a day early, in another zone up to 14 hours more."""
REMEMBERED = 7
"""Digests back in which an article was shown that is not new again by a later dateline."""
SPANS = {Frequency.DAILY: timedelta(days=1), Frequency.WEEKLY: timedelta(days=7)}
"""What the first digest looks back on."""

Ranking = tuple[tuple[str, int], ...]
"""Pairs of an article's id and its views, most views first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as every mail of a digest shows it. Made by entry_of alone."""

    id: str
    section: str
    title: str
    summary: str
    url: str
    language: str
    """BCP 47; empty for the publication's."""
    published: str
    """RFC 3339, UTC, so that entries sort by it."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What is frozen for a local date."""

    frequency: Frequency
    date: str
    frozen: datetime
    entries: Mapping[str, Entry]
    """Every article that any subscriber may be shown, by id."""
    newest: tuple[str, ...]
    """The ids of those that are new, newest first."""
    most_read: Mapping[str, Ranking]
    """By section, and over all of them under the empty name."""
    seen: frozenset[str]
    """The ids of all articles that were out by then and not older than seen_from."""
    seen_from: datetime
    """An article of that time or later that is not among those seen came in after the freeze."""

    @property
    def name(self) -> str:
        """The name in messages and in the tags of mails: daily-2026-11-27."""
        return f"{self.frequency}-{self.date}"


@dataclass(frozen=True, slots=True)
class Contents:
    """What one subscriber is shown."""

    newest: tuple[Entry, ...]
    most_read: tuple[tuple[Entry, int], ...]

    def __bool__(self) -> bool:
        """Tell whether there is a mail: most read articles alone make none."""
        return bool(self.newest)


def contents_for(digest: Digest, choices: Choices) -> Contents:
    """Choose what a subscriber is shown: the newest, and the most read that are not among them."""
    # By the names that entries have: a chosen one is as the publisher writes it.
    wanted = {harmless(section, MAX_TITLE) for section in choices.sections}
    newest = [
        digest.entries[article]
        for article in digest.newest
        if not wanted or digest.entries[article].section in wanted
    ][:MAX_NEWEST]
    shown = {entry.id for entry in newest}
    most_read = [
        (digest.entries[article], views)
        for article, views in _ranking_for(digest, choices)
        if article not in shown and article in digest.entries
    ]
    return Contents(tuple(newest), tuple(most_read[:MAX_MOST_READ]))


def articles_shown(digest: Digest) -> set[str]:
    """Give the ids of the articles that any mail of a digest may have.

    Whoever chose several sections is shown nothing that those who chose one of them would not be.
    """
    sections = {entry.section for entry in digest.entries.values()} | digest.most_read.keys()
    choices = [Choices(), *(Choices(sections=frozenset({name})) for name in sections if name)]
    shown = [contents_for(digest, chosen) for chosen in choices]
    newest = {entry.id for contents in shown for entry in contents.newest}
    return newest | {entry.id for contents in shown for entry, _ in contents.most_read}


def _ranking_for(digest: Digest, choices: Choices) -> Iterable[tuple[str, int]]:
    if not choices.sections:
        return digest.most_read.get("", ())
    ranks = [
        rank for section in sorted(choices.sections) for rank in digest.most_read.get(section, ())
    ]
    return sorted(dict(ranks).items(), key=lambda rank: (-rank[1], rank[0]))


def entry_of(fields: Mapping[str, str]) -> Entry:
    """Make an entry whose texts may stand anywhere in a mail."""
    return Entry(
        id=fields["id"],
        section=harmless(fields["section"], MAX_TITLE),
        title=harmless(fields["title"], MAX_TITLE) or fields["id"],
        summary=harmless(fields["summary"], MAX_SUMMARY),
        url=fields["url"],
        language=fields["language"],
        published=fields["published"],
    )


def frozen_digest(  # noqa: PLR0913  what it is made of
    frequency: Frequency,
    date: str,
    frozen: datetime,
    *,
    newest: Sequence[Entry],
    most_read: Mapping[str, Sequence[tuple[Entry, int]]],
    seen: Iterable[tuple[str, datetime]],
) -> Digest:
    """Freeze a digest of at most 300 KB.

    Newest are the new articles; most_read is by section, over all sections under the empty name;
    seen are all articles that are out, with their times, newest first. Where not all has room,
    what most subscribers are shown has it first: the newest and the most read of all, then each
    section's first, each section's second, and so on.
    """
    remembered = [(article, time) for article, time in seen if time >= frozen - OVERLAP]
    is_cut = len(remembered) > MAX_SEEN
    remembered = remembered[:MAX_SEEN]
    seen_from = remembered[-1][1] + timedelta(seconds=1) if is_cut else frozen - OVERLAP
    by_time = sorted(newest, key=lambda entry: (entry.published, entry.id), reverse=True)
    entries: dict[str, Entry] = {}
    ranks: dict[str, list[tuple[str, int]]] = {}
    new: set[str] = set()
    left = MAX_BYTES - _bytes([article for article, _ in remembered]) - 500
    for entry, section, views in _by_importance(by_time, most_read):
        cost = 0 if entry.id in entries else _bytes(asdict(entry)) + _bytes(entry.id)
        cost += _bytes([entry.id, views or 0]) + _bytes(section)
        if cost > left:
            continue
        left -= cost
        entries[entry.id] = entry
        if views is None:
            new.add(entry.id)
        else:
            ranks.setdefault(section, []).append((entry.id, views))
    return Digest(
        frequency,
        date,
        frozen,
        entries,
        tuple(entry.id for entry in by_time if entry.id in new),
        {section: tuple(ranking) for section, ranking in ranks.items()},
        frozenset(article for article, _ in remembered),
        seen_from,
    )


def _by_importance(
    newest: Sequence[Entry], most_read: Mapping[str, Sequence[tuple[Entry, int]]]
) -> Iterator[tuple[Entry, str, int | None]]:
    """Give what is to be frozen, the most shown first: entry, its ranking's name, and its views."""
    first = {entry.id for entry in newest[:MAX_NEWEST]}
    by_section: dict[str, list[Entry]] = {}
    for entry in newest:
        by_section.setdefault(entry.section, []).append(entry)
    sections = list(by_section)[:MAX_SECTIONS]
    yield from ((entry, "", None) for entry in newest[:MAX_NEWEST])
    yield from ((entry, "", views) for entry, views in most_read.get("", ())[:MOST_READ_POOL])
    for place in range(MAX_NEWEST):
        for section in sections:
            for entry in by_section[section][place : place + 1]:
                if entry.id not in first:
                    yield entry, "", None
    ranked = [section for section in most_read if section][:MAX_SECTIONS]
    for place in range(MOST_READ_POOL):
        for section in ranked:
            yield from (
                (entry, section, views) for entry, views in most_read[section][place : place + 1]
            )


def written_digest(digest: Digest) -> str:
    """Write a digest as it is stored."""
    return json.dumps(
        {
            "frozen": format_time(digest.frozen),
            "entries": [asdict(entry) for entry in digest.entries.values()],
            "newest": digest.newest,
            "most_read": digest.most_read,
            "seen": sorted(digest.seen),
            "seen_from": format_time(digest.seen_from),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read_digest(frequency: Frequency, date: str, text: str) -> Digest:
    """Read what written_digest wrote."""
    data = json.loads(text)
    return Digest(
        frequency,
        date,
        parse_time(data["frozen"]),
        {fields["id"]: Entry(**fields) for fields in data["entries"]},
        tuple(data["newest"]),
        {
            section: tuple((article, views) for article, views in ranking)
            for section, ranking in data["most_read"].items()
        },
        frozenset(data["seen"]),
        parse_time(data["seen_from"]),
    )


def _bytes(value: object) -> int:
    """Give how many bytes a value takes in the written digest, with the comma after it."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) + 1
