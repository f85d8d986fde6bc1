"""A precondition: what a publisher says stands in the library before anything is changed."""

from dataclasses import dataclass

from circulation.articles.article import Article


@dataclass(frozen=True, slots=True)
class Precondition:
    """That there is an article, of some versions or of any, or that there is none."""

    exists: bool
    versions: frozenset[int] | None = None
    """None is any."""

    def holds(self, standing: Article | None, version: int) -> bool:
        """Tell whether it is so."""
        if not (standing and self.exists):
            return (standing is not None) is self.exists
        return self.versions is None or version in self.versions
