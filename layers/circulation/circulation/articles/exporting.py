"""Export articles: the visible ones, the scheduled ones, and what remains of unpublished ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from circulation.articles.catalogue import Catalogue
from circulation.articles.items import Shelved
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.queries import read_until_full, size_of
from circulation.counting.books import Books
from circulation.counting.correction import Correction
from circulation.counting.corrections import Corrections
from circulation.counting.counts import Count

GONE = "unpublished#"
"""What the place of an unpublished article begins with; its id follows."""

_ALWAYS = datetime.max.replace(tzinfo=UTC)
_CORRECTION_BYTES = 1_000
"""What a correction counts for. Escaped in an answer it takes at most 2,500 bytes, and for texts
MAX_PAGE_BYTES is a quarter of what an answer takes."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An article as it is exported, or what remains of it."""

    article_id: str
    shelved: Shelved
    count: Count
    corrections: Sequence[Correction]


@dataclass(frozen=True, slots=True)
class ExportPage:
    """A page of an export, and the place that the next one starts after; None on the last page."""

    articles: list[Exported]
    after: str | None


def export_articles(  # noqa: PLR0913  what is kept is arguments
    section: str | None,
    catalogue: Catalogue,
    books: Books,
    corrections: Corrections,
    *,
    limit: int,
    after: str | None = None,
) -> ExportPage:
    """Read up to limit articles, the newest first and then the unpublished ones.

    Section selects those that are in a section, or were when they were unpublished. A page ends
    early if its texts grow too large for one answer; it may be shorter, or empty, before others.
    Of an unpublished article the text is not stored any more: somebody wanted it gone.
    """
    if after is None or not after.startswith(GONE):
        listing = Listing(Kind.SECTION, section) if section else ALL
        places = [
            (place.article, place.key)
            for place in catalogue.library.places(
                listing, until=_ALWAYS, limit=limit + 1, after=after
            )
        ]
        end: str | None = GONE
    else:
        ids = catalogue.library.unpublished(after.removeprefix(GONE), limit=limit + 1)
        places = [(article_id, f"{GONE}{article_id}") for article_id in ids]
        end = None

    def read(ids: Sequence[str]) -> dict[str, tuple[Shelved, Count]]:
        found = catalogue.library.shelved_with_counters(ids)
        counters = {name: counter for name, (_, counter) in found.items()}
        counts = books.shown(counters, consistent=True)
        return {name: (shelved, counts[name]) for name, (shelved, _) in found.items()}

    found, number = read_until_full([name for name, _ in places[:limit]], read, _size_of)
    shown = [
        Exported(
            count.article,
            shelved,
            count,
            corrections.of(count.article) if count.corrections else (),
        )
        for shelved, count in found
        if section in (None, count.section) and (shelved.article is None) is (end is None)
    ]
    return ExportPage(shown, places[number - 1][1] if number < len(places) else end)


def _size_of(entry: tuple[Shelved, Count]) -> int:
    """Give the bytes of an article's texts and of its corrections."""
    shelved, count = entry
    text = size_of(shelved.article) if shelved.article else 0
    return text + count.corrections * _CORRECTION_BYTES
