"""A precondition: what must be stored of an article before a publisher's change is made."""

from dataclasses import dataclass

from circulation.articles.article import Article


@dataclass(frozen=True, slots=True)
class Precondition:
    """That the article exists, in one of some versions or in any, or that it does not exist."""

    exists: bool
    versions: frozenset[int] | None = None
    """None is any version."""

    def holds(self, article: Article | None, version: int) -> bool:
        """Say whether the stored article (None if it does not exist) meets the precondition."""
        if not (article and self.exists):
            return (article is not None) is self.exists
        return self.versions is None or version in self.versions
