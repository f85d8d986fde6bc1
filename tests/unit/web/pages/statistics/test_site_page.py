import re
from dataclasses import replace

import pytest

from circulation.access.grant import By, Grant
from circulation.statistics.figures import Against, Change, SiteFigures
from circulation.web.pages.statistics.frame import write_response
from circulation.web.pages.statistics.site_page import Site, site_sheet
from tests.unit.web.pages.statistics.figuring import day, site, week


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
