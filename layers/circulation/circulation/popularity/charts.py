"""The stores of popularity: the rankings, the tops of periods and the whole site's totals."""

from dataclasses import dataclass

from circulation.popularity.rankings import Rankings
from circulation.popularity.site import Site
from circulation.popularity.tops import Tops


@dataclass(frozen=True, slots=True)
class Charts:
    """The rankings, the tops and the site's totals, which one run writes together."""

    rankings: Rankings
    site: Site
    tops: Tops
