"""Which article a submission is of.

Two different articles never share an id, and one article has one id, however it comes:

1. What a source knows the article by (an RSS guid, an atom:id, a post's number) is found first, so
   that an article whose address changes stays the same.
2. Then the id that is asked for, or the article that it leads to, if it was merged into another.
   A source only proposes an id: 42 may be another site's article.
3. Then the article that stands at its address. An address that several articles have identifies
   none: that of a site's front page, one with a fragment, and one of which the source says so. Two
   of different source ids of one system, published on different days, are two, one after the other.
4. Else it is new.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.articles.canonical_path import canonical_path, host_of
from circulation.articles.fields import MAX_SOURCE_IDS
from circulation.ids import id_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from circulation.articles.article import Article, Submission
    from circulation.articles.items import Shelved
    from circulation.articles.names import Names

SAME_DAY = timedelta(days=1)
"""As far as the times of publication of one article may differ: by a wrong zone, not by more."""

_WEB = re.compile(r"https?://", flags=re.IGNORECASE)
_ID_LENGTH = 47
"""Of a proposed id, beside a hyphen and the 16 digits that tell it from the article that has it."""


def source_key(source_id: str) -> str:
    """Give the form of a permanent id in which it is compared.

    Of a web address, neither the scheme nor "www." matter: sites change to https.
    """
    try:
        return address_key(source_id) if _WEB.match(source_id) else source_id
    except ValueError:  # no address, though it begins like one
        return source_id


def address_key(url: str) -> str:
    """Give host, path and fragment of an absolute address, as addresses are compared."""
    fragment = url.partition("#")[2]
    return f"{host_of(url)}{canonical_path(url)}" + (f"#{fragment}" if fragment else "")


def resolve(submission: Submission, names: Names, shelves: Mapping[str, Shelved]) -> str:
    """Give the id of the article that a submission is of, be it stored or new.

    Names has every name of the submission that is stored, and shelves what is stored of the
    articles that these lead to, and of the one with the proposed id.
    """
    article = submission.article
    stored = shelves.get(article.id)
    known = [names.of_source_id(source_key(source_id)) for source_id in submission.source_ids]
    candidates = [article_id for article_id in known if article_id]
    former = names.of_former_id(article.id)
    if former and (stored is None or stored.article is None):
        candidates += [] if submission.source_ids else [former]
    elif stored and (not submission.source_ids or _is_same(article, stored)):
        candidates.append(article.id)
    candidates += _owners(submission, names, shelves)
    if candidates:
        return candidates[0]
    return _distinct_id(submission) if stored or former else article.id


def identifies(url: str, submission: Submission) -> bool:
    """Tell whether an address of a submission is that of its article alone."""
    return not submission.shared_url and "#" not in url and canonical_path(url) != "/"


def addresses_of(submission: Submission) -> Iterable[str]:
    """Give the addresses of a submission's article: its own, and other ones of it."""
    return dict.fromkeys((submission.article.url, *submission.aliases))


def joined_source_ids(
    submission: Submission, article_id: str, names: Names, known: Iterable[str]
) -> tuple[str, ...]:
    """Give an article's known source ids and those of a submission that lead to no other one."""
    new = map(source_key, submission.source_ids)
    free = [key for key in new if names.of_source_id(key) in (None, article_id)]
    return tuple(dict.fromkeys([*known, *free]))[-MAX_SOURCE_IDS:]


def _owners(submission: Submission, names: Names, shelves: Mapping[str, Shelved]) -> Iterator[str]:
    """Give the articles that stand at the addresses of a submission.

    What was unpublished stands there for a source, as the source would publish it again; for a
    publisher a new article may be at its address.
    """
    for url in addresses_of(submission):
        owner = names.at(url) if identifies(url, submission) else None
        shelved = shelves.get(owner) if owner else None
        if owner is None or shelved is None:
            continue
        if shelved.article is None:
            is_its = bool(submission.source_ids)
        else:
            is_its = _stands_at(url, shelved) and not _is_other(url, submission, shelved.article)
        if is_its:
            yield owner


def _is_other(url: str, submission: Submission, stored: Article) -> bool:
    """Tell whether two articles have one address, one after the other.

    Both are known by ids of sources, which are not the same. A former address may be a new
    article's by now, and the live page of a day the next day's: then the ids are of one kind, and
    the times of publication of two days.
    """
    if not (submission.source_ids and stored.source_ids):
        return False
    article = submission.article
    kinds = ({*map(_kind_of, ids)} for ids in (submission.source_ids, stored.source_ids))
    is_of_another_day = abs(article.published - stored.published) > SAME_DAY
    return url != article.url or (
        is_of_another_day and not submission.undated and not set.isdisjoint(*kinds)
    )


def _kind_of(source_id: str) -> str:
    """Give what ids of one system begin alike with: a scheme, or a host and what follows it."""
    key = source_key(source_id)
    return key[: min((place for place in map(key.find, ":/") if place >= 0), default=0) + 1]


def free_aliases(
    submission: Submission, article_id: str, names: Names, shelves: Mapping[str, Shelved]
) -> tuple[str, ...]:
    """Give the other addresses of a submission at which no other article stands now."""
    owners = {url: names.at(url) or "" for url in submission.aliases}
    return tuple(
        url
        for url, owner in owners.items()
        if owner == article_id or not _stands_at(url, shelves.get(owner))
    )


def _stands_at(url: str, shelved: Shelved | None) -> bool:
    """Tell whether a stored article is published and has an address now."""
    article = shelved.article if shelved else None
    return article is not None and address_key(article.url) == address_key(url)


def _is_same(article: Article, stored: Shelved) -> bool:
    """Tell whether a source's article is the one that has the proposed id, and no source id of it.

    It is if they have one address, or else one host and time of publication. Of an unpublished one
    nothing more is known.
    """
    if stored.article is None:
        return not stored.source_ids
    if address_key(stored.article.url) == address_key(article.url):
        return True
    return (
        not stored.article.source_ids
        and host_of(stored.article.url) == host_of(article.url)
        and stored.article.published == article.published
    )


def _distinct_id(submission: Submission) -> str:
    """Give an id for an article whose proposed id is another article's."""
    article = submission.article
    key = (
        source_key(submission.source_ids[0]) if submission.source_ids else address_key(article.url)
    )
    return f"{article.id[:_ID_LENGTH].rstrip('-')}-{id_hash(key)}"
