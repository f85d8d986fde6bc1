"""The roll-ups of the made-up year: what SealArticles and RankPopular would have left of it.

`circulation rebuild` makes the same from the pages, and reads each of them for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from circulation.counting.counts import Total
from circulation.counting.day_book import breakdown_of_sums
from circulation.popularity.periods import Period, month_of
from circulation.popularity.top import top_of_day, top_of_month
from circulation.statistics.article_month import ArticleDay, month_of_days
from circulation.statistics.curves import redraw_curves
from circulation.statistics.rebuilding import read_all_standings
from circulation.statistics.rollup import THE_SITE
from circulation.statistics.summing import choose_subjects, rollup_of, sum_days, sum_pages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from circulation.counting.counts import PageViews
    from circulation.popularity.top import Top
    from circulation.runtime import Container
    from circulation.statistics.rollup import Rollup, Subject

Pages = dict[str, list["PageViews"]]
"""The pages of UTC days."""


def roll_up_year(
    pages: Pages,
    filtered: Mapping[str, Mapping[str, int]],
    closed: str,
    container: Container,
    *,
    now: datetime,
) -> None:
    """Write the roll-ups of closed UTC days, of their months and articles, and the curves.

    Filtered has the hits that did not count by day and reason; closed is the last closed day.
    """
    months: dict[Period, Pages] = defaultdict(dict)
    for day in sorted(pages):
        months[month_of(day)][day] = pages[day]
    standings = read_all_standings(container.catalogue.library, container.books.counters)
    for month, days in months.items():
        _write_month(month, days, filtered, container, now=now)
        _write_article_months(month, days, container)
        redraw_curves(
            month.name, closed, standings, container.rollups, container.books.day_book,
            now=now, clock=now,
        )  # fmt: skip


def _write_month(
    month: Period,
    days: Pages,
    filtered: Mapping[str, Mapping[str, int]],
    container: Container,
    *,
    now: datetime,
) -> None:
    """Write the roll-ups and tops of the days of a month, and then its own."""
    charts, rollups = container.charts, container.rollups
    by_subject: dict[Subject, list[Rollup]] = defaultdict(list)
    tops: list[Top] = []
    for day, of_day in days.items():
        sums = sum_pages(of_day, {})
        chosen = choose_subjects(sums, ())
        rollups.name_subjects(day, chosen)
        for subject in (*chosen, THE_SITE):
            hits = filtered.get(day) if subject == THE_SITE else None
            rollup = rollup_of(subject, sums, filtered=hits, closed=True)
            rollups.put(subject, day, rollup, as_of=now, clock=now)
            by_subject[subject].append(rollup)
        site = by_subject[THE_SITE][-1]
        charts.site.put(day, Total(site.views, site.visitors), as_of=now, clock=now)
        top = top_of_day({page.article: page.views for page in of_day}, site.visitors, closed=True)
        charts.tops.put(Period(day), top, as_of=now, clock=now)
        tops.append(top)
    is_over, until = month.end <= now, max(days)
    for subject, of_subject in by_subject.items():
        rollup = sum_days(subject, of_subject, closed=is_over, until=until)
        rollups.put(subject, month.name, rollup, as_of=now, clock=now)
    charts.tops.put(month, top_of_month(tops, closed=is_over), as_of=now, clock=now)


def _write_article_months(month: Period, days: Pages, container: Container) -> None:
    by_article: dict[str, list[ArticleDay]] = defaultdict(list)
    for day, of_day in days.items():
        for page in of_day:
            breakdown = breakdown_of_sums(Counter(page.traits or {}))
            by_article[page.article].append(ArticleDay(day, page.views, page.visitors, breakdown))
    for article, of_article in by_article.items():
        content = month_of_days(of_article)
        container.rollups.put_article_month(article, month.name, content)
