"""Publish and unpublish articles, each as a whole or not at all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from circulation.articles.article import Article, Submission
from circulation.articles.canonical_path import host_of
from circulation.articles.catalogue import Catalogue
from circulation.articles.change import Claim, Revision
from circulation.articles.editions import Announcement
from circulation.articles.fields import MAX_BODY_BYTES
from circulation.articles.identity import (
    addresses_of,
    free_aliases,
    identifies,
    joined_source_ids,
    resolve,
)
from circulation.articles.items import Shelved
from circulation.articles.listing import ALL, Listing
from circulation.articles.names import Names
from circulation.articles.precondition import Precondition
from circulation.articles.sanitising import sanitise
from circulation.aws.parallel import for_each
from circulation.counting.books import Books
from circulation.counting.counts import Count
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    CirculationError,
    Fault,
    InvalidInput,
    PreconditionFailed,
    PublishConflict,
)
from circulation.text import legal, plain

ATTEMPTS = 5
MAX_CLAIMS = 9
"""Names that an article's transaction claims at most; a change of everything else takes up to 91 of
the 100 actions that a transaction may have: of a milestone with 20 tags and 20 authors 43 entries
go and 43 come, and the article, its history, its counter and two sections are written."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published article as it is stored now."""

    article: Article
    count: Count
    version: int
    created: bool
    changed: tuple[Listing, ...]
    """The listings whose visible articles changed."""
    unchanged: bool = False
    """Nothing was written, as the stored article is the same."""


Outcome = Published | CirculationError
"""The result of a submission."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What becomes of submissions, by their places; the others are waiting for one of these."""

    edits: Mapping[int, "_Edit"]
    refused: Mapping[int, CirculationError]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A submission, and the revision that it makes of the stored article."""

    submission: Submission
    revision: Revision
    naming: Revision | None = None
    """The revision after it, which claims the names that it has no room for."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.revision.claims + (self.naming.claims if self.naming else ())

    @property
    def article(self) -> Article:
        return self.submission.article

    @property
    def is_change(self) -> bool:
        """Whether the article itself has to be written."""
        return self.revision.before != self.revision.after or bool(self.revision.claims)

    def outcome(self, count: Count, now: datetime) -> Published:
        """Give the result once the revision was made."""
        return Published(
            self.article,
            count,
            version=(self.revision.version or 0) + self.is_change + bool(self.naming),
            created=self.revision.before is None,
            changed=tuple(self.revision.changed(now)) if self.is_change else (),
            unchanged=not self.is_change,
        )


def publish(
    submission: Submission,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    only_if: Precondition | None = None,
) -> Published:
    """Create or replace an article; publishing the same submission again writes nothing.

    Raises InvalidInput if nothing is left of the body once it is sanitised, PreconditionFailed if
    only_if does not hold, and PublishConflict if other requests kept changing the article.
    """
    (outcome,) = publish_all([submission], catalogue, books, now=now, only_if=only_if)
    if isinstance(outcome, CirculationError):
        raise outcome
    return outcome


def publish_all(  # noqa: PLR0913  what is kept and time are arguments
    submissions: Sequence[Submission],
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    only_if: Precondition | None = None,
    republish: bool = True,
) -> list[Outcome]:
    """Create or replace articles; give their results in order.

    A submission may be of an article with another id (identity.resolve), whose new version it is
    then. Without republish, what was unpublished stays so: its result is ArticleGone.

    The result of an article that cannot be published is the error that publish would raise; the
    others are published all the same. An older counter's total only ever raises the count, as a
    lifetime number never decreases. Raises StoreUnavailable: then any of them may have been
    published, and publishing them again completes the rest.
    """
    outcomes: dict[int, Outcome] = {}
    waiting: dict[int, Submission] = {}
    for place, submission in enumerate(submissions):
        try:
            article = sanitise_article(submission.article)
        except InvalidInput as error:
            outcomes[place] = error
        else:
            waiting[place] = replace(submission, article=article)
    attempts = 0
    while waiting and attempts < ATTEMPTS:
        plan = _plan(waiting, catalogue, only_if, republish=republish)
        outcomes |= plan.refused
        revisions = [edit.revision for edit in plan.edits.values() if edit.is_change]
        conflicts = shelve(revisions, catalogue, books, now)
        namings = [
            edit.naming
            for edit in plan.edits.values()
            if edit.naming and edit.article.id not in conflicts
        ]
        conflicts |= shelve(namings, catalogue, books, now)
        made = {
            place: edit for place, edit in plan.edits.items() if edit.article.id not in conflicts
        }
        counts = _raise_totals([*made.values()], books, now)
        outcomes |= {
            place: edit.outcome(counts[edit.article.id], now) for place, edit in made.items()
        }
        waiting = {
            place: submission for place, submission in waiting.items() if place not in outcomes
        }
        attempts += bool(conflicts)
    for place, submission in waiting.items():
        outcomes[place] = PublishConflict(submission.article.id)
    return [outcomes[place] for place in range(len(submissions))]


def changed_by(outcomes: Iterable[Outcome]) -> tuple[Listing, ...]:
    """Give every listing that any of the results changed, once."""
    published = [outcome for outcome in outcomes if isinstance(outcome, Published)]
    return tuple(dict.fromkeys(listing for article in published for listing in article.changed))


def unpublish(
    article_id: str, catalogue: Catalogue, books: Books, *, now: datetime
) -> tuple[Listing, ...]:
    """Take an article out of the library and its listings; its count stays.

    Answers with the listings whose visible articles changed.
    Raises ArticleNotFound if it never existed and ArticleGone if it is already unpublished.
    """
    for _ in range(ATTEMPTS):
        shelved = catalogue.library.find(article_id, consistent=True)
        if shelved is None:
            raise ArticleNotFound(article_id)
        if shelved.article is None:
            raise ArticleGone(article_id)
        revision = Revision(article_id, shelved.article, None, shelved.version, shelved.noted)
        if not shelve([revision], catalogue, books, now):
            return tuple(revision.changed(now))
    raise PublishConflict(article_id)


def sanitise_article(article: Article) -> Article:
    """Sanitise an article's body. Raises InvalidInput if too little or too much is left of it."""
    try:
        body = legal(sanitise(article.body, article.url))
    except ValueError as error:
        raise InvalidInput(Fault("body", str(error))) from error
    if not body.strip() or len(body.encode()) > MAX_BODY_BYTES:
        raise InvalidInput(Fault("body", f"must hold 1 to {MAX_BODY_BYTES} bytes of safe HTML"))
    return replace(article, body=body)


def _plan(
    submissions: Mapping[int, Submission],
    catalogue: Catalogue,
    only_if: Precondition | None,
    *,
    republish: bool,
) -> _Plan:
    """Find the article of each submission, and plan its edit. Nothing is written.

    Of several submissions that are of one article, or claim one name, only the first is planned.
    """
    library = catalogue.library
    names = library.names(submissions.values())
    candidates = {
        article_id
        for submission in submissions.values()
        for article_id in (submission.article.id, *names.articles_of(submission))
    }
    shelves = library.find_many(candidates)
    edits: dict[int, _Edit] = {}
    refused: dict[int, CirculationError] = {}
    planned: set[str] = set()
    claimed: set[Claim] = set()
    for place, submission in submissions.items():
        article_id = resolve(submission, names, shelves)
        if article_id in planned:
            continue
        stored = (
            shelves.get(article_id)
            if article_id in candidates
            else library.find_many([article_id]).get(article_id)
        )
        article, version = (stored.article, stored.version) if stored else (None, 0)
        if only_if and not only_if.holds(article, version):
            refused[place] = PreconditionFailed(article_id)
        elif stored and article is None and not republish:
            refused[place] = ArticleGone(article_id)
        else:
            aliases = free_aliases(submission, article_id, names, shelves)
            described = replace(submission, aliases=aliases)
            edit = _edit_of(described, article_id, stored, names, claimed)
            if claimed.isdisjoint(edit.claims):
                edits[place] = edit
                planned.add(article_id)
                claimed.update(edit.claims)
    return _Plan(edits, refused)


def _edit_of(
    submission: Submission,
    article_id: str,
    stored: Shelved | None,
    names: Names,
    claimed: Collection[Claim],
) -> _Edit:
    before = stored.article if stored else None
    known = before.source_ids if before else stored.source_ids if stored else ()
    after = replace(
        _with_what_stays(submission, before),
        id=article_id,
        source_ids=joined_source_ids(submission, article_id, names, known),
    )
    claims = tuple(dict.fromkeys(_claims_of(submission, after, names, known, claimed)))
    version, noted = (stored.version, stored.noted) if stored else (None, 0)
    revision = Revision(
        article_id,
        before,
        after,
        version,
        noted,
        views_before=submission.base(counted=0),
        claims=claims[:MAX_CLAIMS],
    )
    rest = claims[MAX_CLAIMS:]
    naming = (
        Revision(article_id, after, after, revision.next_version, revision.noted_after, claims=rest)
        if rest
        else None
    )
    return _Edit(replace(submission, article=after), revision, naming)


def _with_what_stays(submission: Submission, before: Article | None) -> Article:
    """Give the new article with what its source does not know better than what is stored."""
    article = submission.article
    if before is None:
        return article
    if submission.undated:
        article = replace(article, published=before.published)
    if submission.body_is_summary and len(plain(before.body)) > len(plain(article.body)):
        article = replace(article, body=before.body)
    return article


def _claims_of(
    submission: Submission,
    after: Article,
    names: Names,
    known: Collection[str],
    claimed: Collection[Claim],
) -> Iterator[Claim]:
    """Give the names that do not lead to the article yet.

    An address that identifies none stays with the article that had it first.
    """
    asked_for = submission.article.id
    claims = [names.claim_source_id(key) for key in after.source_ids if key not in known]
    if asked_for != after.id and not submission.source_ids:
        claims.append(names.claim_former_id(asked_for))
    for url in addresses_of(submission):
        claim = names.claim_address(url, claimed)
        is_taken = claim and (claim.owner or claim in claimed)
        if claim and (identifies(url, submission) or not is_taken):
            claims.append(claim)
    yield from (claim for claim in claims if claim.owner != after.id)


def shelve(
    revisions: Collection[Revision], catalogue: Catalogue, books: Books, now: datetime
) -> set[str]:
    """Make revisions of different articles, and give the ids of those that were refused.

    A change that affects rankings or roll-ups is announced on the article's page of the day before
    it is made, because they look for changes there. Every change is announced in the edition of
    each of its listings before it is made, so that it cannot be missed, and closed afterwards, so
    that it is seen at once. Many articles share a listing; so that their publishers do not
    conflict, its edition is not part of an article's transaction. Of what is unpublished no text is
    kept, so its titles are removed from its history before: then it cannot be forgotten.
    """
    leaving = (revision.article for revision in revisions if revision.after is None)
    for_each(leaving, catalogue.changes.remove_titles)
    ranked = (revision for revision in revisions if _moves_in_rankings(revision))
    for_each(ranked, lambda revision: books.day_book.announce(revision.article, now=now))
    catalogue.library.add_hosts(
        host_of(revision.after.url) for revision in revisions if revision.after
    )
    touched = _group_by_listing(revisions).items()
    announcements = for_each(touched, lambda entry: catalogue.editions.begin(*entry, now))
    moment = max((announcement.moment(now) for announcement in announcements), default=now)
    refused = catalogue.library.shelve(
        [revision.stamped(moment) for revision in revisions], now=now
    )
    made_by_listing = _group_by_listing(
        revision for revision in revisions if revision.article not in refused
    )

    def close(announcement: Announcement) -> None:
        _close(announcement, made_by_listing[announcement.listing], catalogue, now)

    closing = [
        announcement for announcement in announcements if announcement.listing in made_by_listing
    ]
    # The edition of the whole site is closed last: what is read of all listings is versioned by it.
    for_each((announcement for announcement in closing if announcement.listing != ALL), close)
    for_each((announcement for announcement in closing if announcement.listing == ALL), close)
    return refused


def _moves_in_rankings(revision: Revision) -> bool:
    return bool(revision.views_before if revision.version is None else revision.regroups())


def _close(
    announcement: Announcement, revisions: Collection[Revision], catalogue: Catalogue, now: datetime
) -> None:
    """Close changes of a listing, and retire it if its last article was taken out."""
    number = catalogue.editions.close(announcement, revisions, now)
    removed = any(revision.editions()[announcement.listing][1] is None for revision in revisions)
    if removed and not catalogue.library.holds(announcement.listing):
        catalogue.editions.retire(announcement.listing, number)


def _group_by_listing(revisions: Iterable[Revision]) -> dict[Listing, list[Revision]]:
    touched: dict[Listing, list[Revision]] = {}
    for revision in revisions:
        for listing in revision.editions():
            touched.setdefault(listing, []).append(revision)
    return touched


def _raise_totals(edits: Sequence[_Edit], books: Books, now: datetime) -> dict[str, Count]:
    """Raise the counts of articles to an older counter's totals; give the counts of all.

    That is announced on the article's page of the day before, because the rankings look for changes
    there.
    """
    counts = books.counts((edit.article.id for edit in edits), consistent=True)
    bases = {
        edit.article.id: edit.submission.base(counts[edit.article.id].counted) for edit in edits
    }
    raised = {
        article_id: base for article_id, base in bases.items() if base > counts[article_id].base
    }

    def raise_base(entry: tuple[str, int]) -> None:
        article_id, base = entry
        books.day_book.announce(article_id, now=now)
        books.counters.raise_base(article_id, base)

    for_each(raised.items(), raise_base)
    return counts | books.counts(raised, consistent=True)
