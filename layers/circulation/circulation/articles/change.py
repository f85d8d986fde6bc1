"""A revision: the change of one article in the library, and what is noted of it for ever."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from circulation.articles.article import Article
from circulation.articles.listing import Listing, listings_of, month_of

MAX_NOTED = 150
"""Changes of an article that are noted, beside its digests. Further ones are made all the same."""
MAX_EDITS_NOTED = 120
"""Changes of which so many are noted if they are edits of the text alone: where an article is
edited all day, room is left for what its titles were."""
MAX_TITLES_NOTED = 140
"""Likewise with its title: room is left for where it stood, and for its being unpublished."""
MAX_NOTED_NAME = 200
"""Characters of a title that are noted."""


class ChangeKind(StrEnum):
    """What is different after a change of an article."""

    PUBLISHED = "published"
    TITLE = "title"
    SECTION = "section"
    BODY = "body"
    DETAILS = "details"
    """The summary, the image, the language, tags, authors, or the time of the update."""
    DATED = "dated"
    """The time of publication."""
    MOVED = "moved"
    """The address."""
    UNPUBLISHED = "unpublished"
    REPUBLISHED = "republished"
    MAILED = "mailed"
    """Nothing: a digest had the article."""


_EDITS = {ChangeKind.BODY, ChangeKind.DETAILS}
_RETITLING = {*_EDITS, ChangeKind.TITLE}


@dataclass(frozen=True, slots=True)
class Alteration:
    """What an article's history has of one change: no text but titles and sections."""

    at: datetime
    """When it was stored; of a digest, when that was frozen."""
    kinds: tuple[ChangeKind, ...]
    version: int | None = None
    """The article's from then on; none of a digest, which changes nothing."""
    title: str | None = None
    """The new one, its first MAX_NOTED_NAME characters; None if it stayed, or was removed."""
    title_was: str | None = None
    section: str | None = None
    section_was: str | None = None
    published: datetime | None = None
    """When the article appears, if that is new; of a scheduled one it is after the change."""


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
    noted: int
    """How many changes of the article are noted before this one."""
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

    def editions(self) -> dict[Listing, tuple[Article | None, Article | None]]:
        """Give every listing whose edition changes, as listings does: months are among them."""
        before = {month_of(self.before): self.before} if self.before else {}
        after = {month_of(self.after): self.after} if self.after else {}
        return self.listings() | {
            month: (before.get(month), after.get(month)) for month in (before | after)
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

    @property
    def next_version(self) -> int:
        """The number of the version that this makes."""
        return (self.version or 0) + 1

    @property
    def kinds(self) -> tuple[ChangeKind, ...]:
        """What is different afterwards; nothing if only names lead to the article."""
        before, after = self.before, self.after
        if after is None:
            return (ChangeKind.UNPUBLISHED,)
        if before is None:
            never = self.version is None
            return (ChangeKind.PUBLISHED if never else ChangeKind.REPUBLISHED,)
        differing = {
            ChangeKind.TITLE: before.title != after.title,
            ChangeKind.SECTION: before.section != after.section,
            ChangeKind.BODY: before.body != after.body,
            ChangeKind.DATED: before.published != after.published,
            ChangeKind.MOVED: before.url != after.url,
            ChangeKind.DETAILS: _details_of(before) != _details_of(after),
        }
        return tuple(kind for kind, differs in differing.items() if differs)

    @property
    def noted_after(self) -> int:
        """How many changes of the article are noted after this one."""
        kinds, most = self.kinds, MAX_NOTED
        if _RETITLING.issuperset(kinds):
            most = MAX_EDITS_NOTED if _EDITS.issuperset(kinds) else MAX_TITLES_NOTED
        return self.noted + (bool(kinds) and self.noted < most)

    def alteration(self, at: datetime) -> Alteration | None:
        """Give what is noted of the change, made at a time; None if nothing is."""
        if self.noted_after == self.noted:
            return None
        before, after, kinds = self.before, self.after, self.kinds
        if after is None:
            return Alteration(at, kinds, self.next_version)
        retitled = before is None or ChangeKind.TITLE in kinds
        shifted = before is None or ChangeKind.SECTION in kinds
        return Alteration(
            at,
            kinds,
            self.next_version,
            title=after.title[:MAX_NOTED_NAME] if retitled else None,
            title_was=before.title[:MAX_NOTED_NAME] if before and retitled else None,
            section=after.section if shifted else None,
            section_was=before.section if before and shifted else None,
            published=after.published if before is None or ChangeKind.DATED in kinds else None,
        )

    def relabels(self) -> bool:
        """Say whether what the article's counter says of it changes, or it comes or goes."""
        return self.regroups() or (
            self.before is not None
            and self.after is not None
            and self.before.title != self.after.title
        )

    def regroups(self) -> bool:
        """Say whether rankings or roll-ups change beyond views.

        They do by section, authors, tags and time, and by a coming or going.
        """
        if self.before is None or self.after is None:
            return True
        return _groups_of(self.before) != _groups_of(self.after)


def _groups_of(article: Article) -> tuple[object, ...]:
    """Give what decides which rankings and roll-ups an article's views are in."""
    return article.section, article.authors, article.tags, article.published


def _details_of(article: Article) -> tuple[object, ...]:
    """Give what readers see of an article beside what has a kind of its own."""
    return (
        article.summary,
        article.image,
        article.language,
        article.tags,
        article.authors,
        article.updated,
    )
