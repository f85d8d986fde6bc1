"""The stores of articles: the library, the editions of its listings, and what changed when."""

from dataclasses import dataclass

from circulation.articles.changes import Changes
from circulation.articles.editions import Editions
from circulation.articles.library import Library


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The articles with their listings, the editions of those, and the articles' histories."""

    library: Library
    editions: Editions
    changes: Changes
