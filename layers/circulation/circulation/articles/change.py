"""A revision: the change of one article in the library."""

from dataclasses import dataclass, replace
from datetime import datetime

from circulation.articles.article import Article
from circulation.articles.listing import Listing, listings_of


@dataclass(frozen=True, slots=True)
class Claim:
    """A name that leads to an article from now on."""

    pk: str
    sk: str
    attribute: str
    """Of the item with that key: it holds the article's id."""
    owner: str | None
    """The article that it leads to now."""


@dataclass(frozen=True, slots=True)
class Revision:
    """An article before and after a change; None if it is not published then."""

    article: str
    before: Article | None
    after: Article | None
    version: int | None
    """The number of the stored version; None if the article was never published."""
    views_before: int = 0
    """The total of an older counter, used if the article is new to the library."""
    claims: tuple[Claim, ...] = ()
    """The names that lead to the article from now on and did not before."""

    def listings(self) -> dict[Listing, tuple[Article | None, Article | None]]:
        """Give every listing that the article is or was in, as it is there before and after."""
        old = set(listings_of(self.before)) if self.before else set()
        new = set(listings_of(self.after)) if self.after else set()
        return {
            listing: (
                self.before if listing in old else None,
                self.after if listing in new else None,
            )
            for listing in sorted(old | new, key=lambda listing: (listing.kind, listing.name))
        }

    def changed(self, now: datetime) -> list[Listing]:
        """Give the listings of which the visible articles change."""
        return [
            listing
            for listing, versions in self.listings().items()
            if any(article and article.published <= now for article in versions)
        ]

    def stamped(self, moment: datetime) -> "Revision":
        """Give the revision with the time of the change in the new version."""
        if self.after is None:
            return self
        return replace(self, after=replace(self.after, changed=moment))

    def affects_rankings(self) -> bool:
        """Say whether rankings change beyond views: by section, time, or a coming or going."""
        if self.before is None or self.after is None:
            return True
        return (self.before.section, self.before.published) != (
            self.after.section,
            self.after.published,
        )
