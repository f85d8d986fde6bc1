"""Items of feeds in any format, and what readers of feeds take where one leaves something out.

- An item without a date is as old as its place in the feed: it was first seen when the feed was
  read, and the items before it a second later each. Of a date that cannot be read the publisher is
  warned.
- An item without an address has the site's own, and its id as the fragment.
- An item without a text consists of its title, or of its picture.
- Items with one id are versions of one, of which the newest is taken; unless they were published at
  different times.
- If several items of a feed have one address, or if it is the site's own (`/`), it is none of
  theirs, as in feeds of podcasts.
- A text is a summary if the feed marks it as one and it is no longer than MAX_SUMMARY_WORDS
  characters: some feeds give whole articles as descriptions.
- Files other than pictures (audio, video, documents) are linked at the end of the text.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote, urlsplit

from circulation.articles.canonical_path import canonical_path
from circulation.articles.embeds import link_file
from circulation.articles.markup_tree import escape
from circulation.importing.items import (
    SourceDefaults,
    SourceItem,
    Verdict,
    make_submission,
    make_title,
)
from circulation.text import plain

MAX_SUMMARY_WORDS = 1_000
"""Characters of a description that is taken for a summary."""
_OLDEST = 1605
"""The year of the first newspaper: no article is older."""
_KILO = 1_000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to an item: an enclosure (RSS, Atom) or an attachment (JSON Feed)."""

    url: str
    media_type: str = ""
    bytes: int = 0

    def note(self) -> str:
        """Say what it is: its media type and its size, as far as they are known."""
        units = ("B", "kB", "MB", "GB", "TB")
        size, unit = float(self.bytes), 0
        while size >= _KILO and unit < len(units) - 1:
            size, unit = size / _KILO, unit + 1
        return ", ".join(
            filter(None, (self.media_type, f"{size:.3g} {units[unit]}" if size else ""))
        )

    def name(self) -> str:
        """Give its name: the end of its address."""
        parts = urlsplit(self.url)
        return unquote(parts.path.rpartition("/")[2], errors="replace") or parts.netloc


@dataclass(frozen=True, slots=True)
class FeedDate:
    """A date as an item has it: its text, and what it means; None if that cannot be read."""

    text: str = ""
    moment: datetime | None = None

    def written(self, defaults: SourceDefaults) -> str | None:
        """Give the time in UTC; None if there is none, or none at which an article appeared."""
        if self.moment is None or self.moment.year < _OLDEST:
            return None
        return defaults.time(self.moment)


@dataclass(slots=True)
class FeedItem:
    """One item, its addresses absolute; what it lacks is empty."""

    where: str
    id: str = ""
    url: str = ""
    title: str = ""
    body: str = ""
    """HTML."""
    summary: str = ""
    """Text; empty if the body is nothing else."""
    body_is_summary: bool = False
    published: FeedDate = field(default_factory=FeedDate)
    updated: FeedDate = field(default_factory=FeedDate)
    categories: list[str] = field(default_factory=list)
    """The section, and tags."""
    authors: list[str] = field(default_factory=list)
    language: str = ""
    image: str = ""
    files: list[File] = field(default_factory=list)


def make_items(
    items: Iterable[FeedItem | SourceItem], home: str, defaults: SourceDefaults
) -> Iterator[SourceItem]:
    """Make source items of a feed's items, in their order; those that are made already stay.

    Home is the address of the site, or empty.
    """
    everything = list(items)
    known = [item for item in everything if isinstance(item, FeedItem)]
    for unaddressed in known:
        unaddressed.url = unaddressed.url or _address_at_home(unaddressed, home or defaults.site)
    older = _distinguish(known)
    shared = _find_shared(known)
    for place, item in enumerate(everything):
        if isinstance(item, SourceItem):
            yield item
        elif id(item) in older:
            reason = "is an older version of an item with the same id"
            yield SourceItem(item.where, None, reason, Verdict.SKIPPED)
        else:
            yield from _make(item, place, defaults, shared_url=_key_of(item) in shared)


def _make(
    item: FeedItem, place: int, defaults: SourceDefaults, *, shared_url: bool
) -> Iterator[SourceItem]:
    if not (item.title or item.body or item.image or item.files):
        yield SourceItem(item.where, None, "it has neither a title nor a text")
        return
    dates = (item.published, item.updated)
    published = next(filter(None, (date.written(defaults) for date in dates)), None)
    unread = next((date.text for date in dates if date.text), "")
    if published is None and unread:
        reason = f"its date, {unread!r}, cannot be read; it is taken as published when first seen"
        yield SourceItem(item.where, None, reason, Verdict.WARNING)
    section, *tags = item.categories or [""]
    article = make_submission(
        source_id=item.id,
        defaults=defaults,
        url=item.url,
        title=item.title or make_title(item.body, item.url or defaults.site),
        body=_body_of(item),
        published=published,
        updated=item.updated.written(defaults),
        summary=item.summary,
        sections=[section],
        tags=tags,
        authors=item.authors,
        language=item.language,
        image=item.image,
        body_is_summary=item.body_is_summary and len(plain(item.body)) <= MAX_SUMMARY_WORDS,
        shared_url=shared_url,
        first_seen=defaults.now - timedelta(seconds=place),
    )
    yield SourceItem(item.where, article)


def _body_of(item: FeedItem) -> str:
    """Give the text, or what stands for it, and links to the files that are not in it."""
    body = item.body
    if not body.strip() and item.image:
        body = f'<figure><img src="{escape(item.image)}" alt="{escape(item.title)}"></figure>'
    elif not body.strip() and item.title:
        body = f"<p>{escape(item.title)}</p>"
    links = [
        link_file(file.url, file.name(), file.note())
        for file in item.files
        if file.url not in body and escape(file.url) not in body
    ]
    return "\n".join(filter(None, (body, *links)))


def _distinguish(items: Iterable[FeedItem]) -> set[int]:
    """Make the ids unique, and give the older versions of items (by Python's id).

    Entries with one id are versions of one item (RFC 4287, section 4.1.1). Some RSS feeds give one
    guid to several items; those were published at different times, or else have different titles.
    """
    by_id: dict[str, dict[str, list[FeedItem]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.id:
            by_id[item.id][item.published.text or item.title].append(item)
    older: set[int] = set()
    for source_id, by_time in by_id.items():
        for time, versions in by_time.items():
            newest = max(versions, key=lambda item: item.updated.moment or _LONG_AGO)
            older |= {id(item) for item in versions if item is not newest}
            if len(by_time) > 1:
                newest.id = f"{source_id} {time}"
    return older


def _address_at_home(item: FeedItem, home: str) -> str:
    place = quote(item.id or item.title, safe="", errors="replace")
    return f"{home.partition('#')[0]}#{place}" if home and place else ""


def _key_of(item: FeedItem) -> str:
    return f"{urlsplit(item.url).netloc}{canonical_path(item.url)}" if item.url else ""


def _find_shared(items: Iterable[FeedItem]) -> set[str]:
    """Give the addresses, as _key_of gives them, that are no single item's."""
    owners: dict[str, set[str]] = defaultdict(set)
    for item in items:
        owners[_key_of(item)].add(item.id or item.title)
    return {
        key
        for key, ids in owners.items()
        if key
        and (len(ids) > 1 or (key.partition("/")[2].partition("?")[0] == "" and "?" not in key))
    }
