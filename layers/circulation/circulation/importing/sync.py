"""Sync: publish new and changed articles of the feed of the site's own system."""

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
from circulation.importing.items import SourceDefaults, SourceItem
from circulation.importing.sync_state import Syncs, Validators
from circulation.text import displayed

TOGETHER = 50
"""Articles in one call of publish_all."""

Fetch = Callable[[str, Mapping[str, str]], Fetched]


@dataclass(frozen=True, slots=True)
class Synced:
    """The result of a sync."""

    found: int
    """Items in the feed."""
    published: int
    """Articles created or updated; the others were unchanged, or were unpublished here."""
    refused: tuple[str, ...]
    """Items that could not be published, each with the reason, safe for a log."""
    changed: tuple[Listing, ...] = ()
    """The listings whose content changed."""


NOTHING_NEW = Synced(0, 0, ())


def sync(  # noqa: PLR0913, PLR0917  what is kept and time are arguments
    url: str,
    defaults: SourceDefaults,
    syncs: Syncs,
    catalogue: Catalogue,
    books: Books,
    fetch: Fetch,
    *,
    now: datetime,
) -> Synced:
    """Publish the new and changed articles of the feed at url; the request is conditional.

    Fetch gets the feed by its address and request headers. Articles that were unpublished here stay
    unpublished even if the feed still has them. The feed's version is stored after everything is
    published, so that an interrupted sync is repeated. Raises SourceError for a feed that cannot be
    read, and StoreUnavailable.
    """
    known = syncs.get(url)
    fetched = fetch(url, known.headers())
    if fetched.content is None:
        return NOTHING_NEW
    items = list(read_feed(fetched.content, defaults))
    submissions, refused = _read(items)
    unpublished = {
        article_id
        for article_id, shelved in catalogue.library.find_many(submissions).items()
        if shelved.article is None
    }
    to_publish = [
        submission
        for article_id, submission in submissions.items()
        if article_id not in unpublished
    ]
    outcomes: list[Outcome] = []
    for start in range(0, len(to_publish), TOGETHER):
        outcomes += publish_all(to_publish[start : start + TOGETHER], catalogue, books, now=now)
    refused += [
        f"{submission.article.id}: {outcome}"
        for submission, outcome in zip(to_publish, outcomes, strict=True)
        if isinstance(outcome, CirculationError)
    ]
    syncs.put(url, Validators.of(fetched.headers))
    published = [
        outcome for outcome in outcomes if isinstance(outcome, Published) and not outcome.unchanged
    ]
    return Synced(len(items), len(published), tuple(map(displayed, refused)), changed_by(published))


def _read(items: Iterable[SourceItem]) -> tuple[dict[str, Submission], list[str]]:
    """Read submissions by id, the first item of each id, and the refused items with the reasons."""
    submissions: dict[str, Submission] = {}
    refused = []
    for item in items:
        if item.article is None:
            refused.append(f"{item.where}: {item.reason}")
            continue
        try:
            submission = read_submission(item.article["id"], item.article)
        except InvalidInput as error:
            refused.append(f"{item.where}: {error}")
        else:
            submissions.setdefault(submission.article.id, submission)
    return submissions, refused
