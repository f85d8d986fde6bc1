"""Sync: publish new and changed articles of the feed of the site's own system."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from circulation.articles.article import Submission, read_submission
from circulation.articles.catalogue import Catalogue
from circulation.articles.listing import Listing
from circulation.articles.publishing import Outcome, Published, changed_by, publish_all
from circulation.counting.books import Books
from circulation.errors import ArticleGone, CirculationError, InvalidInput, PublishConflict
from circulation.importing.feed import read_feed
from circulation.importing.fetch import Fetched
from circulation.importing.items import SourceDefaults, SourceItem, Verdict
from circulation.importing.sync_state import Syncs, Validators
from circulation.text import displayed

TOGETHER = 50
"""Articles in one call of publish_all."""

_COUNTED = (Verdict.ARTICLE, Verdict.REFUSED)

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
    """Publish the new and changed articles of the feed at url, if it is due (Syncs.begin).

    Fetch gets the feed by its address and the headers of a conditional request. Articles that were
    unpublished here stay unpublished even if the feed still has them. The feed's version is stored
    after everything is published, so that an interrupted sync is repeated, and one with articles
    that other requests were changing. Raises SourceError for a feed that cannot be read, and
    StoreUnavailable.
    """
    version = syncs.begin(url, now=now)
    if version is None:
        return NOTHING_NEW
    fetched = fetch(url, version.headers())
    if fetched.content is None:
        return NOTHING_NEW
    items = [item for item in read_feed(fetched.content, defaults) if item.verdict in _COUNTED]
    submissions, refused = _read(items)
    outcomes: list[Outcome] = []
    for start in range(0, len(submissions), TOGETHER):
        together = submissions[start : start + TOGETHER]
        outcomes += publish_all(together, catalogue, books, now=now, republish=False)
    refused += [
        f"{submission.article.url}: {outcome}"
        for submission, outcome in zip(submissions, outcomes, strict=True)
        if isinstance(outcome, CirculationError) and not isinstance(outcome, ArticleGone)
    ]
    if not any(isinstance(outcome, PublishConflict) for outcome in outcomes):
        syncs.put(url, Validators.of(fetched.headers))
    published = [
        outcome for outcome in outcomes if isinstance(outcome, Published) and not outcome.unchanged
    ]
    return Synced(len(items), len(published), tuple(map(displayed, refused)), changed_by(published))


def _read(items: Iterable[SourceItem]) -> tuple[list[Submission], list[str]]:
    """Read submissions, and the refused items with the reasons; of an item twice, the first."""
    submissions: dict[tuple[str, ...], Submission] = {}
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
            submissions.setdefault(submission.source_ids or (submission.article.id,), submission)
    return [*submissions.values()], refused
