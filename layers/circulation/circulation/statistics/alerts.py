"""When editors are alerted: the site, or an article, leaves the band of what is usual.

Rules alone. What is usual of the site at an hour are the lowest and the highest of the last four
same weekdays; of an article it is what its section's articles had at its age.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from circulation.statistics.rollup import OLDEST, SubjectKind
from circulation.statistics.spans import USUAL_OF

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.statistics.figures import ArticleFigures, Point, SiteFigures

MARGIN = 0.5
"""How far outside of its band the site's last hour has to be: half above the highest of the usual,
or half below the lowest."""
FACTOR = 2
"""How many times the views of three quarters of its section's articles an article has to have."""
LEAST = 100
"""Views by which the band has to be left; a small site is not alerted by chance."""


SILENCE = OLDEST[SubjectKind.SITE] + timedelta(minutes=15)
"""After which the site's roll-up would have been written, had anything come: it is looked at every
few minutes."""


class Kind(StrEnum):
    """What left its band, and how."""

    ABOVE = "site-above"
    BELOW = "site-below"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Alert:
    """That the site or an article left its band in the last complete hour."""

    kind: Kind
    hour: datetime
    """The local start of the hour."""
    views: int
    """Of the site in the hour; of an article all since it was published."""
    bound: int
    """The bound of the band that was left."""
    article: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        """What it is known by among those of a day: an article is alerted of once."""
        return f"{self.kind}-{self.article}" if self.article else str(self.kind)


def site_alert(figures: SiteFigures, *, silent_at: datetime | None = None) -> Alert | None:
    """Look at the last complete hour of a day's figures, which are compared with the usual.

    Where nobody reads at a time, what is over by then is complete: nothing was there to be found.
    There is no alert before four same weekdays are known.
    """
    point = _last_complete(figures, silent_at)
    usual = point.usual if point else None
    if point is None or point.views is None or usual is None or usual.of < USUAL_OF:
        return None
    views, lowest, highest = point.views, usual.lowest, usual.highest
    if views > highest * (1 + MARGIN) and views - highest >= LEAST:
        return Alert(Kind.ABOVE, point.start, views, highest)
    if views < lowest * (1 - MARGIN) and lowest - views >= LEAST:
        return Alert(Kind.BELOW, point.start, views, lowest)
    return None


def is_silent(figures: SiteFigures, *, any_live: bool, now: datetime) -> bool:
    """Say whether nobody reads: nothing came for so long that a roll-up would have been written.

    The last half hour, which is of the tally and not of the roll-ups, has to have no view as well.
    """
    return bool(figures.as_of and now - figures.as_of >= SILENCE and not any_live)


def leading_article(figures: SiteFigures) -> str | None:
    """Give the article with the most views in the last complete hour; None if it had too few."""
    row = max(figures.rows, key=lambda row: row.last_hour.views, default=None)
    return row.article if row and row.last_hour.views >= LEAST else None


def article_alert(figures: ArticleFigures, hour: datetime) -> Alert | None:
    """Compare an article with its section at its age, in its first three days.

    Hour is the local start of the last complete one.
    """
    age = figures.ages[-1] if figures.ages else None
    if age is None or age.high is None:
        return None
    high = round(age.high)
    if age.total <= FACTOR * high or age.total - high < LEAST:
        return None
    return Alert(Kind.ARTICLE, hour, age.total, high, figures.article, figures.title)


def last_hour(figures: SiteFigures) -> datetime | None:
    """Give the local start of the last complete hour of a day; None if there is none."""
    point = _last_complete(figures, None)
    return point.start if point else None


def _last_complete(figures: SiteFigures, silent_at: datetime | None) -> Point | None:
    complete = [
        point
        for point in figures.points
        if point.complete or (silent_at and (silent_at - point.start) >= timedelta(hours=1))
    ]
    return complete[-1] if complete else None
