"""The stores of articles: the library, and the editions of its listings."""

from dataclasses import dataclass

from circulation.articles.editions import Editions
from circulation.articles.library import Library


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The articles with their listings, and the editions of the listings."""

    library: Library
    editions: Editions
