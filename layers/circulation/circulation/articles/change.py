"""A revision: one article's move in the library, from how it stands there to how it will."""

from dataclasses import dataclass, replace
from datetime import datetime

from circulation.articles.article import Article
from circulation.articles.listing import Listing, listings_of


@dataclass(frozen=True, slots=True)
class Revision:
    """An article before and after a change; None is not at all."""

    article: str
    standing: Article | None
    fresh: Article | None
    version: int | None
    """The number of the version that stands there, None where nothing ever was."""
    views_before: int = 0
    """The total of an older counter, where the article is new to the library."""

    def listings(self) -> dict[Listing, tuple[Article | None, Article | None]]:
        """Give every listing that the article is or was in, as it stands there and as it will."""
        before = set(listings_of(self.standing)) if self.standing else set()
        after = set(listings_of(self.fresh)) if self.fresh else set()
        return {
            each: (
                self.standing if each in before else None,
                self.fresh if each in after else None,
            )
            for each in sorted(before | after, key=lambda each: (each.kind, each.name))
        }

    def changed(self, now: datetime) -> list[Listing]:
        """Name the listings that show something else now."""
        return [
            listing
            for listing, versions in self.listings().items()
            if any(told and told.published <= now for told in versions)
        ]

    def stamped(self, moment: datetime) -> "Revision":
        """Give the revision with the time at which the article changed."""
        if self.fresh is None:
            return self
        return replace(self, fresh=replace(self.fresh, changed=moment))

    def ranks_otherwise(self) -> bool:
        """Tell whether the article moves in the rankings by more than its views."""
        if self.standing is None or self.fresh is None:
            return True
        return (self.standing.section, self.standing.published) != (
            self.fresh.section,
            self.fresh.published,
        )
