"""Whether every stored roll-up is the sum of its pages (invariant I5)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from circulation.counting.counts import PageViews
from circulation.runtime import Container
from circulation.statistics.rollup import THE_SITE, Rollup, Subject, SubjectKind

KINDS = (SubjectKind.SECTION, SubjectKind.AUTHOR, SubjectKind.TAG)


def wrong_rollups(store: Container, days: Iterable[str]) -> list[str]:
    """Tell, in words, of the roll-ups of settled days and their months that are wrong."""
    wrong: list[str] = []
    months: dict[tuple[str, Subject], Counter[str]] = defaultdict(Counter)
    for day in days:
        pages = [page for page in store.books.day_book.read_wide(day) if page.views]
        true: dict[Subject, Counter[str]] = defaultdict(Counter)
        for page in pages:
            for subject in _subjects_of(page):
                sums = {"views": page.views, "visitors": page.visitors}
                sums |= {f"hour {hour}": views for hour, views in enumerate(page.hours) if views}
                true[subject].update(sums)
                months[day[:7], subject].update(sums)
        for subject in true.keys() | store.rollups.subjects(day):
            stored = store.rollups.days(subject, day, day).get(day)
            if true[subject] or stored:
                found = _sums_of(stored.rollup) if stored else None
                if found != +true[subject] or not (stored and stored.rollup.closed):
                    wrong.append(f"I5: {subject} on {day} is {found}, not {dict(true[subject])}")
    for (month, subject), sums in months.items():
        stored = store.rollups.months(subject, month, month).get(month)
        numbers = (stored.rollup.views, stored.rollup.visitors) if stored else None
        if numbers != (sums["views"], sums["visitors"]):
            wrong.append(f"I5: {subject} in {month} is {numbers}, not {dict(sums)}")
    return wrong


def _subjects_of(page: PageViews) -> Iterator[Subject]:
    yield THE_SITE
    labels = page.labels
    if labels:
        named = ((labels.section,), labels.authors, labels.tags)
        for kind, names in zip(KINDS, named, strict=True):
            yield from (Subject(kind, name) for name in set(names) if name)


def _sums_of(rollup: Rollup) -> Counter[str]:
    hours = {f"hour {hour}": views for hour, views in rollup.hours.items()}
    return +Counter({"views": rollup.views, "visitors": rollup.visitors} | hours)
