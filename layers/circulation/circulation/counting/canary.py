"""The canary: what an operator counts a view of, to see that views are counted.

It is a counter without an article, so nothing that lists articles can find it: no listing, feed,
sitemap, digest or export. Its views go the way of every other view, into the ledger, onto a page of
the day and through the seal. What adds up the pages of several articles leaves it out here.
"""

from circulation.ids import CANARY


def belongs_to_site(article: str) -> bool:
    """Tell whether the views of an id are the site's: in its totals, rankings and roll-ups."""
    return article != CANARY
