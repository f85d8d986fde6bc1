"""What leads to articles: their addresses, ids of other systems, and ids that are used no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.articles.addresses import ARTICLE, article_at_host, attribute_of, is_of_host
from circulation.articles.canonical_path import canonical_path, host_of
from circulation.articles.change import Claim
from circulation.articles.identity import addresses_of, source_key
from circulation.articles.keys import former_id_key, source_id_key, url_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from circulation.articles.article import Submission
    from circulation.aws.table import Item, Key

MAX_HOSTS = 50
"""Hosts that one path is stored for; of further hosts, its article is known by its ids alone."""


class Names:
    """Names of articles as they are stored, by the keys of their items."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = {(item["pk"], item["sk"]): item for item in items}

    def of_source_id(self, key: str) -> str | None:
        """Give the article that other systems know by an id (identity.source_key)."""
        return self._article(source_id_key(key))

    def of_former_id(self, article: str) -> str | None:
        """Give the article that an id leads to that is no article's any more."""
        other = self._article(former_id_key(article))
        return None if other == article else other

    def at(self, url: str) -> str | None:
        """Give the article that last claimed an absolute address."""
        item = self._item(url_key(canonical_path(url)))
        return article_at_host(item, host_of(url)) if item else None

    def articles_of(self, submission: Submission) -> Iterator[str]:
        """Give every article that a name of a submission leads to."""
        keys = map(source_key, submission.source_ids)
        found = [self.of_former_id(submission.article.id), *map(self.of_source_id, keys)]
        found += [self.at(url) for url in addresses_of(submission)]
        yield from filter(None, found)

    def claim_source_id(self, key: str) -> Claim:
        """Claim an id of another system."""
        return Claim(**source_id_key(key), attribute=ARTICLE, owner=self.of_source_id(key))

    def claim_former_id(self, article: str) -> Claim:
        """Claim an id that is no article's, or one that others are merged into, for itself."""
        key = former_id_key(article)
        return Claim(**key, attribute=ARTICLE, owner=self._article(key))

    def claim_address(self, url: str, claimed: Collection[Claim]) -> Claim | None:
        """Claim an absolute address, beside what is claimed at the same time.

        None if its path has MAX_HOSTS other hosts already.
        """
        key, name = url_key(canonical_path(url)), attribute_of(host_of(url))
        item = self._item(key) or {}
        hosts = {other for other in item if is_of_host(other)}
        hosts |= {claim.attribute for claim in claimed if claim.pk == key["pk"]}
        is_full = name not in hosts and len(hosts) >= MAX_HOSTS
        return None if is_full else Claim(**key, attribute=name, owner=item.get(name))

    def _article(self, key: Key) -> str | None:
        return (self._item(key) or {}).get(ARTICLE)

    def _item(self, key: Key) -> Item | None:
        return self._items.get((key["pk"], key["sk"]))
