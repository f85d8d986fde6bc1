"""Sync: take in what is new in the feed that the site's own system gives out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from circulation.article import Submission, read_submission
from circulation.errors import CirculationError, InvalidInput
from circulation.listing import Listing
from circulation.publishing import Published, publish_all
from circulation.sources.feed import read_feed
from circulation.sources.fetch import Fetched
from circulation.sources.found import Found, Ground
from circulation.store import Store
from circulation.store.syncs import Validators
from circulation.text import displayed

TOGETHER = 50
"""Articles published at once."""

Fetch = Callable[[str, Mapping[str, str]], Fetched]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to."""

    found: int
    published: int
    """Created or updated; the others were there as they are, or were unpublished here."""
    refused: tuple[str, ...]
    """What could not be taken, and why, as a log can show it."""
    changed: tuple[Listing, ...] = ()
    """The listings that show something else now."""


NOTHING_NEW = Synced(0, 0, ())


def sync(url: str, ground: Ground, store: Store, fetch: Fetch, *, now: datetime) -> Synced:
    """Publish what is new or changed in a feed; ask for it only if it changed since the last time.

    What was unpublished here stays unpublished though the feed still has it. Only once everything
    is published is the feed's version remembered, so that a sync that was cut off is done again.
    Raises SourceError for a feed that cannot be read, and StoreUnavailable.
    """
    known = store.syncs.get(url)
    fetched = fetch(url, known.headers())
    if fetched.content is None:
        return NOTHING_NEW
    found = list(read_feed(fetched.content, ground))
    submissions, refused = _read(found)
    gone = {
        article_id
        for article_id, shelved in store.library.find_many(submissions).items()
        if shelved.article is None
    }
    fresh = [each for article_id, each in submissions.items() if article_id not in gone]
    outcomes: list[Published | CirculationError] = []
    for start in range(0, len(fresh), TOGETHER):
        outcomes += publish_all(fresh[start : start + TOGETHER], store, now=now)
    refused += [
        f"{each.article.id}: {outcome}"
        for each, outcome in zip(fresh, outcomes, strict=True)
        if isinstance(outcome, CirculationError)
    ]
    store.syncs.put(url, Validators.of(fetched.headers))
    done = [each for each in outcomes if isinstance(each, Published) and not each.unchanged]
    return Synced(len(found), len(done), tuple(map(displayed, refused)), _changed(done))


def _read(found: Iterable[Found]) -> tuple[dict[str, Submission], list[str]]:
    """Read what is found into submissions by id, the first one of each, and say what is none."""
    submissions: dict[str, Submission] = {}
    refused = []
    for each in found:
        if each.article is None:
            refused.append(f"{each.where}: {each.reason}")
            continue
        try:
            told = read_submission(each.article["id"], each.article)
        except InvalidInput as error:
            refused.append(f"{each.where}: {error}")
        else:
            submissions.setdefault(told.article.id, told)
    return submissions, refused


def _changed(done: Iterable[Published]) -> tuple[Listing, ...]:
    return tuple(dict.fromkeys(listing for each in done for listing in each.changed))
