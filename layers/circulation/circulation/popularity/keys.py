"""Keys of popularity: the rankings, the tops of periods and the whole site's numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circulation.aws.table import Key
    from circulation.popularity.periods import Period
    from circulation.popularity.windows import Window

_EVERYWHERE = "all"
_SECTION = "section#"


def ranking_partition(window: Window) -> str:
    """Give the partition of a window's rankings."""
    return f"POPULAR#{window}"


def ranking_key(window: Window, section: str | None) -> Key:
    """Give the key of the ranking of a section, or of the whole site (None).

    The prefix keeps the key of a section, whatever its name, apart from that of the whole site.
    """
    sort_key = _EVERYWHERE if section is None else f"{_SECTION}{section}"
    return {"pk": ranking_partition(window), "sk": sort_key}


def ranked_section(sort_key: str) -> str | None:
    """Give the section of a ranking by its sort key, None for the whole site."""
    return None if sort_key == _EVERYWHERE else sort_key.removeprefix(_SECTION)


TOP = "TOP"
"""The partition of the most read articles of each day and month."""


def top_key(period: Period) -> Key:
    """Give the key of the most read articles of a day or a month."""
    return {"pk": TOP, "sk": str(period)}


SITE = "SITE"
"""The partition of the whole site's numbers."""


def site_key(name: str) -> Key:
    """Give the key of the whole site's numbers on a day (2025-12-26) or of its lifetime (TOTAL)."""
    return {"pk": SITE, "sk": name}
