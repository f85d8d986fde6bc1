"""Sum up the pages of a day for the site, its sections, authors and tags, each within bounds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from circulation.counting.breakdown import Breakdown, empty_breakdown, keep_largest
from circulation.counting.day_book import breakdown_of_sums
from circulation.statistics.rollup import THE_SITE, Rollup, Subject, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from circulation.counting.counts import Labels, PageViews, Standing

MAX_SUBJECTS = 500
"""Sections, authors and tags that have roll-ups of a day: the first ones, then the most read. What
the others have is in the site's, under OTHER."""
MAX_TOP = 20
"""Articles of a section, author or tag that are listed."""
MAX_NAMED = 50
"""Sections with a sum of their own in the site's roll-up; likewise authors and tags."""


class Bounds(NamedTuple):
    """How many names of a trait have a sum of their own; the rest is under OTHER."""

    hosts: int
    countries: int
    campaigns: int


_EVERY_COUNTRY = 300
BOUNDS = {
    SubjectKind.SITE: Bounds(hosts=100, countries=_EVERY_COUNTRY, campaigns=50),
    SubjectKind.SECTION: Bounds(hosts=25, countries=30, campaigns=10),
}
"""Of the kinds that have all traits; authors and tags have sources alone."""


@dataclass(slots=True)
class Sums:
    """The sums of a subject's pages, before they are bounded."""

    views: int = 0
    visitors: int = 0
    articles: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * 24)
    traits: Counter[str] = field(default_factory=Counter)
    by_article: dict[str, int] = field(default_factory=dict)

    def add(self, page: PageViews) -> None:
        """Add a page that was read with its traits."""
        self.views += page.views
        self.visitors += page.visitors
        self.articles += 1
        for hour, views in enumerate(page.hours):
            self.hours[hour] += views
        self.traits.update(page.traits or {})


def sum_pages(
    pages: Iterable[PageViews], standings: Mapping[str, Standing | None]
) -> dict[Subject, Sums]:
    """Sum up the pages of a day; the site is always among the subjects.

    A sealed page says what its views belong to, for any other the article's counter does.
    """
    sums = {THE_SITE: Sums()}
    for page in pages:
        if page.views <= 0:
            continue
        sums[THE_SITE].add(page)
        for subject in _subjects_of(page.labels or standings.get(page.article)):
            if subject not in sums:
                sums[subject] = Sums()
            sums[subject].add(page)
            sums[subject].by_article[page.article] = page.views
    return sums


def _subjects_of(named: Labels | Standing | None) -> Iterator[Subject]:
    if named is None:
        return
    if named.section:
        yield Subject(SubjectKind.SECTION, named.section)
    for kind, names in ((SubjectKind.AUTHOR, named.authors), (SubjectKind.TAG, named.tags)):
        for name in dict.fromkeys(names):
            yield Subject(kind, name)


def choose_subjects(sums: Mapping[Subject, Sums], known: Collection[Subject]) -> list[Subject]:
    """Choose which subjects get a roll-up beside those that have one: sections, then most read."""
    others = [subject for subject in sums if subject not in known and subject != THE_SITE]
    others.sort(
        key=lambda subject: (
            subject.kind is not SubjectKind.SECTION,
            -sums[subject].views,
            subject,
        )
    )
    return others[: max(0, MAX_SUBJECTS - len(known))]


def rollup_of(
    subject: Subject,
    sums: Mapping[Subject, Sums],
    *,
    filtered: Mapping[str, int] | None = None,
    closed: bool = False,
) -> Rollup:
    """Make the roll-up of a subject of a day from the sums of all."""
    own = sums.get(subject) or Sums()
    top, unlisted = _top_of(own.by_article)
    by_kind: dict[SubjectKind, dict[str, int]] = {kind: {} for kind in SubjectKind}
    if subject == THE_SITE:
        for other, of_other in sums.items():
            by_kind[other.kind][other.name] = of_other.views
    return Rollup(
        own.views,
        own.visitors,
        {hour: views for hour, views in enumerate(own.hours) if views},
        _bounded(subject.kind, breakdown_of_sums(own.traits)),
        filtered or {},
        own.articles,
        top,
        keep_largest(by_kind[SubjectKind.SECTION], MAX_NAMED),
        keep_largest(by_kind[SubjectKind.AUTHOR], MAX_NAMED),
        keep_largest(by_kind[SubjectKind.TAG], MAX_NAMED),
        own.views if subject == THE_SITE else unlisted,  # Top lists the site's
        closed=closed,
    )


def sum_days(subject: Subject, days: Iterable[Rollup], *, closed: bool, until: str = "") -> Rollup:
    """Make the roll-up of a month from those of its days, or from an earlier one and later days.

    An article's number in it lacks its views of the days on which it was not listed.
    """
    numbers, breakdown = Counter[str](), empty_breakdown()
    filtered, top = Counter[str](), Counter[str]()
    sections, authors, tags = Counter[str](), Counter[str](), Counter[str]()
    for day in days:
        numbers.update(
            views=day.views, visitors=day.visitors, articles=day.articles, lacking=day.unlisted
        )
        for sums, added in zip(breakdown, day.breakdown, strict=True):
            sums.update(added)
        filtered.update(day.filtered)
        top.update(dict(day.top))
        sections.update(day.sections)
        authors.update(day.authors)
        tags.update(day.tags)
    listed, beyond = _top_of(top)
    return Rollup(
        numbers["views"],
        numbers["visitors"],
        {},
        _bounded(subject.kind, breakdown),
        dict(filtered),
        numbers["articles"],
        listed,
        keep_largest(sections, MAX_NAMED),
        keep_largest(authors, MAX_NAMED),
        keep_largest(tags, MAX_NAMED),
        numbers["lacking"] + beyond,
        "" if closed else until,
        closed=closed,
    )


def _top_of(by_article: Mapping[str, int]) -> tuple[tuple[tuple[str, int], ...], int]:
    """Give the articles that are listed, and the most views of another."""
    ranked = sorted(by_article.items(), key=lambda ranked: (-ranked[1], ranked[0]))
    return tuple(ranked[:MAX_TOP]), ranked[MAX_TOP][1] if len(ranked) > MAX_TOP else 0


def _bounded(kind: SubjectKind, breakdown: Breakdown) -> Breakdown:
    bounds = BOUNDS.get(kind)
    if bounds is None:
        return empty_breakdown()._replace(sources=breakdown.sources)
    return breakdown._replace(
        referrers=Counter(keep_largest(breakdown.referrers, bounds.hosts)),
        countries=Counter(keep_largest(breakdown.countries, bounds.countries)),
        campaigns=Counter(keep_largest(breakdown.campaigns, bounds.campaigns)),
    )
