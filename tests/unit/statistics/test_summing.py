from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from circulation.counting.breakdown import OTHER
from circulation.counting.counts import Labels, PageViews
from circulation.statistics.rollup import THE_SITE, Rollup, Subject, SubjectKind
from circulation.statistics.summing import (
    BOUNDS,
    MAX_NAMED,
    MAX_TOP,
    rollup_of,
    sum_days,
    sum_pages,
)

CITY = Subject(SubjectKind.SECTION, "city")
TAG = Subject(SubjectKind.TAG, "t")


def page(number: int, views: int = 1, **traits: int) -> PageViews:
    labels = Labels(section=f"section {number % 70}", authors=(f"Author {number}",), tags=("t",))
    told = {f"r#{number}.example": views, f"k#c{number}": views, f"c#X{number}": views} | traits
    return PageViews(f"a{number:03}", views, views, [0, 0, 0, views], True, None, told, labels)


def test_what_has_no_room_is_summed_under_other() -> None:
    sums = sum_pages([page(number, 1 + (number == 150)) for number in range(200)], {})
    site = rollup_of(THE_SITE, sums)
    bounds = BOUNDS[SubjectKind.SITE]
    assert len(site.breakdown.referrers) == bounds.hosts + 1
    assert len(site.breakdown.campaigns) == bounds.campaigns + 1
    assert len(site.breakdown.countries) == 200
    assert (len(site.sections), len(site.authors)) == (MAX_NAMED + 1, MAX_NAMED + 1)
    for named in (site.breakdown.referrers, site.sections, site.authors, site.tags):
        assert sum(named.values()) == site.views == 201
    of_tag = rollup_of(TAG, sums)
    assert len(of_tag.top) == MAX_TOP
    assert of_tag.top[0] == ("a150", 2)
    assert not of_tag.breakdown.referrers


def test_other_of_pages_takes_the_room_of_no_name() -> None:
    bounds = BOUNDS[SubjectKind.SECTION]
    hosts = {f"r#{number}.example": 1 for number in range(bounds.hosts)} | {f"r#{OTHER}": 9}
    labels = Labels(section="city")
    whole = PageViews("a", 99, 9, (), True, None, hosts, labels)
    referrers = rollup_of(CITY, sum_pages([whole], {})).breakdown.referrers
    assert (len(referrers), referrers[OTHER]) == (bounds.hosts + 1, 9)


def test_an_article_with_a_tag_twice_is_in_it_once() -> None:
    labels = Labels(section="city", tags=("t", "t"))
    twice = PageViews("a", 2, 1, [0, 2], True, None, {}, labels)
    assert rollup_of(TAG, sum_pages([twice], {})).views == 2


@given(st.lists(st.lists(st.integers(0, 300), max_size=40), max_size=5))
def test_a_month_is_the_sum_of_its_days_within_the_same_bounds(days: list[list[int]]) -> None:
    rollups = [rollup_of(THE_SITE, sum_pages(map(page, numbers), {})) for numbers in days]
    month = sum_days(THE_SITE, rollups, closed=False)
    views = sum(map(len, days))
    assert (month.views, month.visitors, month.hours) == (views, views, {})
    assert sum(month.sections.values()) == views
    assert len(month.breakdown.referrers) <= BOUNDS[SubjectKind.SITE].hosts + 1
    assert sum(Counter(month.breakdown.referrers).values()) == views


def test_an_article_that_no_day_of_a_month_lists_may_have_more_than_one_that_is_listed() -> None:
    days = [
        section_day({"steady": 99} | {f"day {day} {place}": 100 for place in range(MAX_TOP)})
        for day in range(6)
    ]
    assert [day.unlisted for day in days] == [99] * 6
    month = sum_days(CITY, days, closed=True)
    assert month.top[-1][1] == 100
    assert month.unlisted >= 6 * 99
    assert section_day({"a": 1}).unlisted == 0


def section_day(views: dict[str, int]) -> Rollup:
    labels = Labels(section="city")
    pages = [
        PageViews(name, number, 1, (), True, None, {}, labels) for name, number in views.items()
    ]
    return rollup_of(CITY, sum_pages(pages, {}))
