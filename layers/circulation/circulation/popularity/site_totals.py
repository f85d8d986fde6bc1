"""Total the views of the whole site, over its lifetime and by day."""

from datetime import UTC, datetime

from circulation.articles.catalogue import Catalogue
from circulation.articles.listing import ALL
from circulation.counting.counts import TOTAL, Total
from circulation.popularity.site import Site
from circulation.popularity.windows import Memory
from circulation.times import day_of

_NOTHING = Total(0, 0)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


def remember_listed(catalogue: Catalogue, memory: Memory, *, now: datetime) -> None:
    """Remember which articles are in the listing of everything; read it only if it changed.

    The edition is read before the listing, and the listing consistently: an article that is not in
    it yet will change the edition, also when its publishing request died, once its grace period is
    over. The listing is read into the future: now is when the run was due, and an article whose
    time came since then does not change the edition by a write.
    """
    edition = catalogue.editions.get(ALL, now=now)
    if (memory.edition, memory.day) != (edition, day_of(now)):
        places = catalogue.library.places(ALL, until=_ALWAYS, consistent=True)
        memory.listed = frozenset(place.article for place in places)
        memory.edition = edition


def total_site(site: Site, memory: Memory, *, now: datetime, clock: datetime) -> None:
    """Bring the whole site's numbers up to date from the standings and days in memory.

    They are sums of exact counters and never incremented, so that a run that dies, runs twice or
    runs beside a twin does no harm.
    """
    listed = [standing for article in memory.listed if (standing := memory.standings[article])]
    lifetime = Total(
        sum(standing.views for standing in listed), sum(standing.visitors for standing in listed)
    )
    before = site.since(min(memory.site))
    for name, count in {**memory.site, TOTAL: lifetime}.items():
        if count != before.get(name, _NOTHING):
            site.put(name, count, as_of=now, clock=clock)
