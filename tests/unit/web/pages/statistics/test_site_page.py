import re
from dataclasses import replace

import pytest

from circulation.access.grant import By, Extent, Grant
from circulation.statistics.figures import Against, Change, SiteFigures
from circulation.statistics.rollup import Subject, SubjectKind
from circulation.web.pages.statistics.frame import write_response
from circulation.web.pages.statistics.site_page import Site, site_sheet
from tests.unit.web.pages.statistics.figuring import (
    TITLES,
    day,
    now,
    publication,
    rows,
    site,
    week,
)
from tests.unit.web.pages.statistics.test_charts import Reader
from tests.unit.web.pages.statistics.test_isolates import MARKS


def written(shown: Site) -> str:
    return write_response(site_sheet(shown), shown.publication).body.decode()


def test_the_page_opens_with_the_sentence_and_has_the_numbers_of_the_figures() -> None:
    page = written(site())
    assert "Until 14:00: 12,410 views" in page
    assert '<td class="num">2,012</td>' in page
    assert page.count('class="movers"') == 1
    assert page.count("data-article=") == 3 * len(day().rows)


@pytest.mark.parametrize("language", ["en", "az", "ar"])
@pytest.mark.parametrize("figures", [day(), week(), day(all_views=0)])
def test_no_page_has_a_style_attribute_or_two_elements_of_one_id(
    language: str, figures: SiteFigures
) -> None:
    page = written(site(figures, language=language))
    ids = re.findall(r' id="([^"]+)"', page)
    assert " style=" not in page
    assert len(ids) == len(set(ids))


def test_a_share_link_goes_on_in_every_link() -> None:
    shown = replace(site(), grant=Grant(By.SHARE, key="secret"))
    links = re.findall(r'href="(\?[^"]*|/statistics[^"]*)"', written(shown))
    assert links
    assert [link for link in links if "share=secret" not in link] == []


def test_what_is_past_has_no_last_minutes_and_what_is_not_compared_no_band() -> None:
    points = tuple(replace(point, usual=None) for point in day().points)
    page = written(
        site(day(against=Against.NONE, points=points, views=Change(12410, None)), now=None)
    )
    assert 'id="now"' not in page
    assert 'class="band"' not in page


def test_titles_are_escaped() -> None:
    assert "A bridge &amp; a quarrel" in written(site())


def test_bars_leave_room_for_the_numbers_of_their_grid_and_have_their_marks() -> None:
    page = written(site(week()))
    assert 'class="plot tall gutter"' in page
    assert page.count('class="mark"') == len(week().events)
    assert 'class="plot tall"' in written(site())


def test_a_list_has_no_column_in_which_nothing_can_stand() -> None:
    rows = tuple(replace(row, sparkline=()) for row in day().rows)
    heads = re.findall(r'id="sort-(\w+)"', written(site(week())))
    assert heads == ["views", "per_hour"]
    assert re.findall(r'id="sort-(\w+)"', written(site())) == ["views", "gain", "per_hour"]
    bare = written(site(replace(week(), rows=rows)))
    assert 'class="s"' not in bare
    assert 'colspan="3"' in bare


def test_a_page_of_one_subject_has_the_sections_of_the_site() -> None:
    names = ("city", "a/b & <i>", "\u202eodd")
    for kind in SubjectKind.SECTION, SubjectKind.AUTHOR:
        subject = Subject(kind, "city")
        page = written(site(day(subject=subject, sections=()), sections=names))
        bar = page[page.index('class="sections"') : page.index('class="range"')]
        hrefs = re.findall(r'href="([^"]*)"', bar)
        assert [href for href in hrefs if "section=" in href][-2:] == [
            "?section=a%2Fb+%26+%3Ci%3E", "?section=%E2%80%AEodd",
        ]  # fmt: skip
        assert bar.count("aria-current") == 1


def test_a_link_of_a_section_leads_to_no_article() -> None:
    """It opens none, so that each would say that the link does not open it."""
    grant = Grant(By.SHARE, Extent.SECTION, "city", "k3y")
    subject = Subject(SubjectKind.SECTION, "city")
    shown = site(day(subject=subject), now=None, grant=grant)
    page = written(shown)
    assert TITLES[0] in page[page.index("<h1") : page.index('id="chart-heading"')]
    assert re.findall(r'href="[^"]*article=', page) == []


def test_words_on_how_to_begin_stand_only_where_nothing_has_come() -> None:
    nothing = replace(now(), minutes=tuple((start, 0) for start, _ in now().minutes))
    assert "/widget.js" in written(site(day(all_views=0), now=nothing))
    assert "/widget.js" not in written(site(day(all_views=0)))


def test_where_clocks_count_to_twelve_every_time_does() -> None:
    for figures in day(), week(), day(all_views=0):
        page = written(site(figures, publication=publication("en-US")))
        assert "2:32:10 PM" in page
        text = Reader(re.sub("UTC.04:00", "", page)).text
        assert re.findall(r"(?<![:\d])\d\d?:\d\d(?::\d\d)?\b(?!:| [AP]M)", text) == []


def test_a_name_in_a_text_has_its_own_direction() -> None:
    story = f'“<a href="?article=article-0"><bdi>{TITLES[0]}</bdi></a>” had'
    assert story in written(site())
    assert f"“<bdi>{TITLES[0]}</bdi>” published" in written(site())
    assert "<small><bdi>city</bdi> · <bdi>Nora Quill</bdi> · " in written(site())
    subject = Subject(SubjectKind.SECTION, "city")
    page = written(site(day(subject=subject, rows=())))
    assert '<p class="kicker"><bdi>city</bdi> · Thursday' in page
    assert "</i><bdi>city</bdi></span>" in page
    assert not MARKS & set(page)


def test_the_sentence_links_the_story_it_names_and_no_other_title_that_is_in_it() -> None:
    first, second = rows()[:2]
    figures = day(rows=(replace(second, title="to"), first))
    assert f'<a href="?article=article-0"><bdi>{TITLES[0]}</bdi></a>” had' in written(site(figures))
