"""A grant: what a request may see of the statistics, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """What lets a request in."""

    TOKEN = "token"  # noqa: S105  a name, not a secret
    SHARE = "share"
    PUBLIC = "public"


class Extent(StrEnum):
    """What a share link opens."""

    SITE = "site"
    SECTION = "section"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a request may see: everything, one section, or one article."""

    by: By
    extent: Extent = Extent.SITE
    name: str = ""
    """The section, or the id of the article; empty for the site."""
    key: str = ""
    """The share link's key, for links to other pages that it opens; empty for the others."""

    def allows(self, extent: Extent, name: str = "") -> bool:
        """Say whether it opens the site, a section or an article."""
        return self.extent is Extent.SITE or (extent, name) == (self.extent, self.name)
