"""Make anew what is kept of the listings: the sizes of sections, the months of the sitemaps."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from circulation.articles.catalogue import Catalogue
from circulation.articles.keys import month_of_place
from circulation.articles.listing import ALL, Kind, Listing
from circulation.times import LAST


def remake_listings(catalogue: Catalogue, *, now: datetime) -> Iterator[tuple[str, int]]:
    """Correct what is kept of the listings; yield each section and month that is done.

    With each comes its number of articles, also of those that are not due. Others may publish
    meanwhile. At the end the edition of the whole site is renewed, by which readers and containers
    know what they have; doing it again changes nothing else.
    """
    for section, _ in catalogue.editions.all(now=LAST, kind=Kind.SECTION):
        yield section.name, catalogue.library.count_section_anew(section)
    entries = catalogue.library.places(ALL, until=LAST)
    for name, places in groupby(entries, lambda place: month_of_place(place.key)):
        number = 0
        for number, place in enumerate(places, 1):  # noqa: B007  the last one's
            catalogue.library.mark_milestone(place)
        catalogue.editions.ensure(Listing(Kind.MONTH, name), now)
        yield name, number
    catalogue.editions.renew(ALL)
