"""Now: what the last minutes say, for an editor who asks what moves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from circulation.statistics.figures import Mover, Now
from circulation.statistics.live import (
    LATEST,
    SHOWN_MINUTES,
    Minute,
    minute_number,
    start_of_minute,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from circulation.counting.counts import Labels

MAX_MOVERS = 12
MAX_CANDIDATES = 25
"""Articles whose labels are to be read: some may have been unpublished meanwhile."""
RECENT_MINUTES = 5
"""Minutes whose views are compared with those of all shown ones."""


def moving(minutes: Mapping[datetime, Minute], now: datetime) -> list[str]:
    """Give the ids of the articles that move most, at most MAX_CANDIDATES, as now_of has them."""
    shown = [minute for _, minute in _shown(minutes, now)]
    before, recent = _views_by_article(shown), _views_by_article(shown[-RECENT_MINUTES:])
    times = SHOWN_MINUTES // RECENT_MINUTES
    gains = {article: recent[article] * times - before[article] for article in before}
    rising = sorted((-gain, article) for article, gain in gains.items() if gain > 0)
    falling = sorted((gain, article) for article, gain in gains.items() if gain < 0)
    return [article for _, article in rising + falling][:MAX_CANDIDATES]


def now_of(minutes: Mapping[datetime, Minute], labels: Mapping[str, Labels], now: datetime) -> Now:
    """Say what the last half hour was like.

    Minutes are those of LiveViews.since. Labels are of the articles that `moving` gives; those
    without a title are left out, as they are not published any more.

    The half hour ends with the newest minute that has views, as those of the running one are not
    tallied yet, but at the latest LATEST ago. Movers are ordered by readers gained, then by readers
    lost, and not by per cent, so that 1 → 3 readers never leads.
    """
    shown = _shown(minutes, now)
    half_hour = [minute for _, minute in shown]
    recent = half_hour[-RECENT_MINUTES:]
    before, views = _views_by_article(half_hour), _views_by_article(recent)
    titled = [
        (article, labels[article])
        for article in moving(minutes, now)
        if article in labels and labels[article].title
    ]
    return Now(
        views=sum(minute.views for minute in recent),
        minutes=tuple((start, minute.views) for start, minute in shown),
        movers=tuple(
            Mover(
                article,
                label.title,
                label.section,
                views[article],
                before[article] * RECENT_MINUTES / SHOWN_MINUTES,
                _lead_source(article, recent) or _lead_source(article, half_hour),
            )
            for article, label in titled[:MAX_MOVERS]
        ),
        as_of=shown[-1][0],
    )


def _shown(minutes: Mapping[datetime, Minute], now: datetime) -> list[tuple[datetime, Minute]]:
    """Give the minutes that are shown, oldest first, also those without views."""
    newest = max((minute_number(start) for start in minutes), default=0)
    last = min(max(newest, minute_number(now - LATEST)), minute_number(now))
    starts = (start_of_minute(number) for number in range(last - SHOWN_MINUTES + 1, last + 1))
    return [(start, minutes.get(start, Minute())) for start in starts]


def _views_by_article(minutes: Sequence[Minute]) -> Counter[str]:
    views = Counter[str]()
    for minute in minutes:
        views.update(minute.articles)
    return views


def _lead_source(article: str, minutes: Sequence[Minute]) -> str | None:
    """Give the source of most of an article's views; None if none is known."""
    sources = Counter[str]()
    for minute in minutes:
        sources.update(minute.lead_sources.get(article, {}))
    # By name where several have as many, so that the answer stays the same.
    return max(sorted(sources), key=sources.__getitem__, default=None)
