"""Sync: take in what is new in the feed that the site's own system gives out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from circulation.articles.article import Submission, read_submission
from circulation.articles.catalogue import Catalogue
from circulation.articles.listing import Listing
from circulation.articles.publishing import Outcome, Published, changed_by, publish_all
from circulation.counting.books import Books
from circulation.errors import CirculationError, InvalidInput
from circulation.importing.feed import read_feed
from circulation.importing.fetch import Fetched
from circulation.importing.found import Found, Ground
from circulation.importing.sync_state import Syncs, Validators
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


def sync(  # noqa: PLR0913, PLR0917  what is kept and time are arguments
    url: str,
    ground: Ground,
    syncs: Syncs,
    catalogue: Catalogue,
    books: Books,
    fetch: Fetch,
    *,
    now: datetime,
) -> Synced:
    """Publish what is new or changed in a feed; ask for it only if it changed since the last time.

    What was unpublished here stays unpublished though the feed still has it. Only once everything
    is published is the feed's version remembered, so that a sync that was cut off is done again.
    Raises SourceError for a feed that cannot be read, and StoreUnavailable.
    """
    known = syncs.get(url)
    fetched = fetch(url, known.headers())
    if fetched.content is None:
        return NOTHING_NEW
    found = list(read_feed(fetched.content, ground))
    submissions, refused = _read(found)
    gone = {
        article_id
        for article_id, shelved in catalogue.library.find_many(submissions).items()
        if shelved.article is None
    }
    fresh = [each for article_id, each in submissions.items() if article_id not in gone]
    outcomes: list[Outcome] = []
    for start in range(0, len(fresh), TOGETHER):
        outcomes += publish_all(fresh[start : start + TOGETHER], catalogue, books, now=now)
    refused += [
        f"{each.article.id}: {outcome}"
        for each, outcome in zip(fresh, outcomes, strict=True)
        if isinstance(outcome, CirculationError)
    ]
    syncs.put(url, Validators.of(fetched.headers))
    done = [each for each in outcomes if isinstance(each, Published) and not each.unchanged]
    return Synced(len(found), len(done), tuple(map(displayed, refused)), changed_by(done))


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
