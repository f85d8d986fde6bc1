"""Recount a day from the ledger, the only truth about recent views."""

from circulation.drift import Drift, drift
from circulation.store import Store


def check(article: str, day: str, store: Store) -> Drift:
    """Compare an article's counters of a day with the ledger; nothing is written."""
    recounted = store.ledger.recount(article, day)
    page = store.day_book.page(article, day)
    return drift(
        article,
        page.count.views,
        store.counters.open_views(article, day),
        recounted=recounted.views,
    )


def correct(day: str, store: Store) -> list[Drift]:
    """Set every counter of an open day from the ledger; answer with those that differed.

    Only for a time when no view is being tallied: nothing here guards against a running fold.
    """
    drifts = []
    for page in store.day_book.pages(day):
        if page.sealed:
            continue
        true = store.ledger.recount(page.article, day)
        if page.count.views != true.views:
            store.day_book.correct(page, true)
        had = store.counters.correct(page.article, day, true)
        drifts.append(drift(page.article, page.count.views, had, recounted=true.views))
    return [each for each in drifts if each.views]
