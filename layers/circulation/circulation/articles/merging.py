"""Merge two articles that are one: an archive that came in twice under different ids."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from circulation.articles.article import Article, Submission
from circulation.articles.catalogue import Catalogue
from circulation.articles.change import Claim, Revision
from circulation.articles.fields import MAX_SOURCE_IDS
from circulation.articles.items import Shelved
from circulation.articles.listing import Listing
from circulation.articles.names import Names
from circulation.articles.publishing import ATTEMPTS, shelve
from circulation.counting.books import Books
from circulation.counting.correction import MAX_CORRECTIONS, Correction, older_total
from circulation.counting.corrections import Corrections
from circulation.counting.counts import Count
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    Fault,
    InvalidInput,
    PublishConflict,
)
from circulation.ids import id_hash, is_id

_ID_LENGTH = 50
"""Of an article's id in that of a correction."""


def read_into(data: Mapping[str, Any]) -> str:
    """Read the id of the article that another one is merged into. Raises InvalidInput."""
    into = data.get("into")
    if not isinstance(into, str) or not is_id(into) or len(data) > 1:
        raise InvalidInput(Fault("into", "must be the id of an article, and the only field"))
    return into


def merge(  # noqa: PLR0913  what is kept and time are arguments
    article_id: str,
    into: str,
    catalogue: Catalogue,
    books: Books,
    corrections: Corrections,
    *,
    now: datetime,
    by: str,
) -> tuple[Listing, ...]:
    """Merge an article into another one, which keeps its text and gets everything else.

    The first one is unpublished, and its id, its address and what other systems know it by lead to
    the second. Of the two older totals the higher one stays, since they are of one article; the
    views that were counted under the first id are added, as a correction of the second. Views of
    the first that are not tallied yet stay there: merging again brings them over, and what came
    over before does not come again. By is the name of the publisher's token.

    Gives the listings that changed. Raises InvalidInput if both are one, ArticleNotFound,
    ArticleGone if the second is unpublished, and PublishConflict.
    """
    if article_id == into:
        raise InvalidInput(Fault("into", "must be another article"))
    if books.count(into, consistent=True).corrections >= MAX_CORRECTIONS:
        reason = f"has {MAX_CORRECTIONS} corrections, so that no views can be added"
        raise InvalidInput(Fault("into", reason))
    changed = _lead(article_id, into, catalogue, books, now)
    count = books.count(article_id, consistent=True)
    total = max(0, older_total(count.base, corrections.of(article_id)))
    books.day_book.announce(into, now=now)
    books.counters.raise_base(into, total)
    counted, prefix = count.views - total, _prefix(article_id)

    def choose(_count: Count, known: Sequence[Correction]) -> list[Correction]:
        came = [entry for entry in known if re.fullmatch(rf"{prefix}[0-9]+", entry.id)]
        views = max(0, counted - sum(entry.views for entry in came))
        name = f"{prefix}{len(came)}"
        reason = f"merged from {article_id}"
        return [Correction(name, views, now, by, reason)] if views else []

    corrections.add(into, choose)
    return changed


def _prefix(article_id: str) -> str:
    """Begin the ids of the corrections that bring views over; an id has at most 64 characters.

    A number follows, so that they are not taken for those of an article whose id begins alike.
    """
    if len(article_id) > _ID_LENGTH:
        article_id = f"{article_id[: _ID_LENGTH - 17]}-{id_hash(article_id)}"
    return f"merged-{article_id}-"


def _lead(
    article_id: str, into: str, catalogue: Catalogue, books: Books, now: datetime
) -> tuple[Listing, ...]:
    """Make the names of an article lead to another one, and then unpublish it.

    Whoever comes by an old name meanwhile finds one or the other.
    """
    for _ in range(ATTEMPTS):
        shelves = catalogue.library.find_many([article_id, into])
        first, second = shelves.get(article_id), shelves.get(into)
        if first is None:
            raise ArticleNotFound(article_id)
        if second is None:
            raise ArticleNotFound(into)
        if second.article is None:
            raise ArticleGone(into)
        named = replace(first.article or second.article, id=article_id)
        names = catalogue.library.names(
            [Submission(named, source_ids=first.source_ids), Submission(second.article)]
        )
        receiving = _receiving(article_id, first, second.article, second, names)
        if receiving.claims and shelve([receiving], catalogue, books, now):
            continue
        if first.article is None:
            return ()
        leaving = Revision(article_id, first.article, None, first.version, first.noted)
        if not shelve([leaving], catalogue, books, now):
            return tuple(dict.fromkeys([*leaving.changed(now), *receiving.changed(now)]))
    raise PublishConflict(article_id)


def _receiving(
    article_id: str, first: Shelved, article: Article, second: Shelved, names: Names
) -> Revision:
    """Give the revision by which an article gets the names of the first one."""
    source_ids = tuple(dict.fromkeys([*article.source_ids, *first.source_ids]))[-MAX_SOURCE_IDS:]
    claims = _claims_of(first.article, article_id, article.id, first.source_ids, names)
    return Revision(
        article.id,
        article,
        replace(article, source_ids=source_ids),
        second.version,
        second.noted,
        claims=tuple(claim for claim in claims if claim.owner != article.id),
    )


def _claims_of(
    first: Article | None, article_id: str, into: str, source_ids: Sequence[str], names: Names
) -> Iterator[Claim]:
    """Give the names of the first article, and the receiving one's own id.

    Whoever merges the two the other way at the same time claims that, too: so not both succeed.
    """
    yield names.claim_former_id(article_id)
    yield names.claim_former_id(into)
    for source_id in source_ids:
        yield names.claim_source_id(source_id)
    address = names.claim_address(first.url, ()) if first else None
    if address and address.owner == article_id:
        yield address
