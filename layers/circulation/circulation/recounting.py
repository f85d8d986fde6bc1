"""Recount a day from the ledger, the only truth about recent views."""

from dataclasses import dataclass

from circulation.store import Store


@dataclass(frozen=True, slots=True)
class Drift:
    """How far an article's tallied views of a day were from the ledger's."""

    article: str
    tallied: int
    recounted: int


def recount(day: str, store: Store) -> list[Drift]:
    """Set every counter of an open day from the ledger; answer with those that differed.

    Only for a time when no view is being tallied: nothing here guards against a running fold.
    """
    drifts = []
    for article, page_views in store.day_book.pages(day):
        true = store.ledger.recount(article, day)
        tallied = store.counters.open_views(article, day)
        if not page_views == tallied == true.views:
            store.day_book.correct(article, day, true)
            store.counters.correct(article, day, true)
            drifts.append(Drift(article, tallied, true.views))
    return drifts
