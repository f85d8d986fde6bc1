"""Recount a day from the ledger, the only truth about recent views."""

from circulation.counting.books import Books
from circulation.counting.drift import Drift, drift
from circulation.counting.ledger import Ledger


def check(article: str, day: str, books: Books, ledger: Ledger) -> Drift:
    """Compare an article's counters of a day with the ledger; nothing is written."""
    recounted = ledger.recount(article, day)
    page = books.day_book.page(article, day)
    return drift(
        article,
        page.count.views,
        books.counters.open_views(article, day),
        recounted=recounted.views,
    )


def correct(day: str, books: Books, ledger: Ledger) -> list[Drift]:
    """Set every counter of an open day from the ledger; answer with those that differed.

    Only for a time when no view is being tallied: nothing here guards against a running fold.
    """
    drifts = []
    for page in books.day_book.pages(day):
        if page.sealed:
            continue
        true = ledger.recount(page.article, day)
        if page.count.views != true.views:
            books.day_book.correct(page, true)
        had = books.counters.correct(page.article, day, true)
        drifts.append(drift(page.article, page.count.views, had, recounted=true.views))
    return [each for each in drifts if each.views]
