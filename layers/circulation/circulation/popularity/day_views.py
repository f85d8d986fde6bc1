"""The views of a day by article, in little memory: a month of days is remembered."""

from __future__ import annotations

from array import array
from sys import intern
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class ViewsByArticle(Protocol):
    """Views by article, such as a mapping."""

    def items(self) -> Iterable[tuple[str, int]]:
        """Give the articles, each with its views."""


class DayViews:
    """The views of a day by article: 16 bytes an article, where a dictionary takes 100."""

    __slots__ = ("_articles", "_views")

    def __init__(self, views: Iterable[tuple[str, int]]) -> None:
        self._articles: list[str] = []
        self._views = array("q")
        for article, number in views:
            # One text for an article, however many days it is on.
            self._articles.append(intern(article))
            self._views.append(number)

    def __len__(self) -> int:
        """Give the number of articles."""
        return len(self._articles)

    def items(self) -> Iterator[tuple[str, int]]:
        """Give the articles, each with its views."""
        return zip(self._articles, self._views, strict=True)
