"""Total the views of the whole site, over its lifetime and by day."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from circulation.counting.counts import TOTAL, Total
from circulation.popularity.site import Site

_NOTHING = Total(0, 0)


def total_site(
    site: Site,
    days: Mapping[str, Total],
    lifetimes: Iterable[Total],
    *,
    now: datetime,
    clock: datetime,
) -> None:
    """Bring the whole site's numbers up to date: each day's, and those of all lifetimes together.

    They are sums of exact numbers and never incremented, so that a run that dies, runs twice or
    runs beside a twin does no harm.
    """
    views = visitors = 0
    for lifetime in lifetimes:
        views += lifetime.views
        visitors += lifetime.visitors
    before = site.since(min(days))
    for name, count in {**days, TOTAL: Total(views, visitors)}.items():
        if count != before.get(name, _NOTHING):
            site.put(name, count, as_of=now, clock=clock)
