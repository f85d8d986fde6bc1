"""Recount a day from the ledger, and compare or correct its counters."""

from circulation.counting.books import Books
from circulation.counting.drift import Drift, drift_of
from circulation.counting.ledger import Ledger


def check(article: str, day: str, books: Books, ledger: Ledger) -> Drift:
    """Compare an article's page and counter of a day with the ledger; nothing is written."""
    recounted = ledger.recount(article, day)
    page = books.day_book.page(article, day)
    return drift_of(
        article,
        page.count.views,
        books.counters.open_views(article, day),
        recounted=recounted.views,
    )


def correct(day: str, books: Books, ledger: Ledger) -> list[Drift]:
    """Set every page and counter of an open day from the ledger; give those that differed.

    Only for use while no view is tallied: nothing guards against a concurrent tally.
    """
    drifts = []
    for page in books.day_book.pages(day):
        if page.sealed:
            continue
        true = ledger.recount(page.article, day)
        if page.count.views != true.views:
            books.day_book.correct(page, true)
        had = books.counters.correct(page.article, day, true)
        drifts.append(drift_of(page.article, page.count.views, had, recounted=true.views))
    return [drift for drift in drifts if drift.views]
