"""The stores of popularity: the rankings and the whole site's totals."""

from dataclasses import dataclass

from circulation.popularity.rankings import Rankings
from circulation.popularity.site import Site


@dataclass(frozen=True, slots=True)
class Charts:
    """The rankings and the site's totals, which one run writes together."""

    rankings: Rankings
    site: Site
