"""The names that pages have, as far as a container remembers them, in bounded memory."""

from sys import intern

from circulation.counting.breakdown import NO_NAMES, Names

MAX_PAGES = 100_000
"""Pages of one generation, of which there are two. Sixteen hosts each take some 200 MB."""
MAX_NAMES = 1_600_000
"""Names of all pages of one generation."""

_PageName = tuple[str, str]
"""An article and a day."""


class KnownNames:
    """Names by page, of the pages that were asked for or learned last.

    A page that is forgotten is read again and nothing is lost: so threads need no lock here.
    """

    def __init__(self, max_pages: int = MAX_PAGES, max_names: int = MAX_NAMES) -> None:
        self._max_pages, self._max_names = max_pages, max_names
        self._new: dict[_PageName, Names] = {}
        self._old: dict[_PageName, Names] = {}
        self._number = 0
        """Names in the newer generation."""

    def __contains__(self, page: _PageName) -> bool:
        """Say whether names of a page are known."""
        return page in self._new or page in self._old

    def of(self, page: _PageName) -> Names:
        """Give the names of a page; none if they are not known."""
        names = self._new.get(page)
        if names is None:
            names = self._old.get(page)
            if names is None:
                return NO_NAMES
            self._keep(page, names)  # it is in use, so it outlives its generation
        return names

    def learn(self, page: _PageName, names: Names) -> None:
        """Remember the names of a page; one without any is not worth the room."""
        if any(names.values()):
            # One text for a host, however many pages it is on.
            shared = {trait: frozenset(map(intern, found)) for trait, found in names.items()}
            self._keep(page, shared)

    def _keep(self, page: _PageName, names: Names) -> None:
        if len(self._new) >= self._max_pages or self._number >= self._max_names:
            self._old, self._new, self._number = self._new, {}, 0
        self._number += _size(names) - _size(self._new.get(page, NO_NAMES))
        self._new[page] = names


def _size(names: Names) -> int:
    return sum(map(len, names.values()))
